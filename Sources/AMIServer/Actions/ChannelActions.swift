import AMI
import CallCore
import Dialplan

extension AMIAction {
    /// What is asked of and done with one channel.
    static let channelActions: [AMIAction] = [
        AMIAction("Status", "List channel status.", [.system, .call, .reporting]) { call in
            let name = call["Channel"]
            guard name.isEmpty || call.channel() != nil else { return .error("No such channel") }
            let channels = call.channel().map { [$0] } ?? call.core.channels.all
            let variables = call["Variables"].split(separator: ",").map(String.init)
            return .list(
                "Channel status will follow", channels.map { status($0, variables, call) }, complete: "StatusComplete",
                [.init("Items", String(channels.count))])
        },
        AMIAction("Hangup", "Hangup channel.", [.system, .call]) { call in hangUp(call) },
        AMIAction("Getvar", "Gets a channel variable or function value.", [.call, .reporting]) { call in
            let name = call["Variable"]
            guard !name.isEmpty else { return .error("No variable specified") }
            guard call["Channel"].isEmpty || call.channel() != nil else { return .error("No such channel") }
            guard !call["Channel"].isEmpty || !name.hasSuffix(")") else {
                guard let value = call.core.readFunction(name) else { return .error("No such variable") }
                return .success(nil, [.init("Variable", name), .init("Value", EventFields.escaped(value))])
            }
            let value: String?
            do throws(CallCore.LiveChannel.VariableError) {
                value =
                    try call.channel().map { channel throws(CallCore.LiveChannel.VariableError) in try channel.readForClient(name) }
                    ?? call.core.globals.value(name)?.string
            } catch {
                return .error("No such variable")
            }
            return .success(nil, [.init("Variable", name), .init("Value", EventFields.escaped(value ?? ""))])
        },
        AMIAction("Setvar", "Sets a channel variable or function value.", .call) { call in
            let name = call["Variable"]
            guard !name.isEmpty else { return .error("No variable specified") }
            guard !call["Channel"].isEmpty else {
                guard name.hasSuffix(")") else {
                    call.core.setGlobalVariable(name, call["Value"])
                    return .success("Variable Set")
                }
                return call.core.writeFunction(name, call["Value"]) ? .success("Variable Set") : .error("Failed to set variable")
            }
            guard let channel = call.channel() else { return .error("No such channel") }
            channel.assign(name, call["Value"])
            return .success("Variable Set")
        },
        AMIAction("PlayDTMF", "Play DTMF signal on a specific channel.", .call) { call in
            guard !call["Channel"].isEmpty else { return .error("Channel not specified") }
            guard let channel = call.channel() else { return .error("Channel not found") }
            let digit = call["Digit"]
            guard digit.count == 1, "0123456789*#ABCDabcd".contains(digit) else { return .error("No digit specified") }
            let durationMs = Int(call["Duration"]).flatMap { (1...60_000).contains($0) ? $0 : nil } ?? 100
            if call.request.isTrue("Receive"), let first = digit.uppercased().first {
                channel.legDigit(first, durationMs: durationMs)
            } else {
                channel.sendDigits(digit, durationMs: durationMs)
            }
            return .success("DTMF successfully queued")
        },
        AMIAction("MuteAudio", "Mute an audio stream.", .system) { call in
            guard let channel = call.channel() else { return .error("Channel not found.") }
            guard !call["State"].isEmpty else { return .error("State not specified") }
            let direction: CallCore.LiveChannel.MuteDirection
            switch call["Direction"].lowercased() {
            case "in": direction = .in
            case "out": direction = .out
            case "all": direction = .both
            default: return .error("No direction specified")
            }
            channel.setMuted(call.request.isTrue("State"), direction)
            return .success()
        },
        AMIAction("MixMonitor", "Record a call and mix the audio during the recording.", [.system, .call]) { call in
            guard !call["Channel"].isEmpty else { return .error("No channel specified") }
            guard let channel = call.channel() else { return .error("No such channel") }
            guard let id = channel.startMixMonitor(file: call["File"], options: call["Options"]) else {
                return .error("Could not start monitoring channel")
            }
            return .success(nil, [.init("MixMonitorID", id)])
        },
        AMIAction("StopMixMonitor", "Stop recording a call through MixMonitor.", [.system, .call]) { call in
            guard !call["Channel"].isEmpty else { return .error("No channel specified") }
            guard let channel = call.channel() else { return .error("No such channel") }
            let id = call["MixMonitorID"]
            channel.stopMixMonitor(id: id.isEmpty ? nil : id)
            return .success()
        },
        AMIAction("SendText", "Sends a text message to channel. A content type can be optionally specified.", .call) { call in
            guard !call["Channel"].isEmpty else { return .error("No channel specified") }
            guard !call["Message"].isEmpty else { return .error("No Message specified") }
            guard let channel = call.channel() else { return .error("No such channel") }
            let sent = channel.endpoint.map {
                call.core.send(
                    OutgoingMessage(from: nil, body: call["Message"]), technology: $0.technology, resource: $0.resource)
            }
            return sent == true ? .success() : .error("Failure")
        },
    ]

    @CallActor
    private static func status(_ channel: CallCore.LiveChannel, _ variables: [String], _ call: AMICall) -> AMIMessage {
        let nowMs = call.core.scheduler.nowMs
        var message = AMIMessage([.init("Event", "Status"), .init("Privilege", "Call")])
        message.add(call.fields.channel(channel))
        message.add("Type", channel.technology)
        message.add("DNID", channel.dialledNumber)
        message.add("EffectiveConnectedLineNum", channel.connected.number.isEmpty ? "<unknown>" : channel.connected.number)
        message.add("EffectiveConnectedLineName", channel.connected.name.isEmpty ? "<unknown>" : channel.connected.name)
        message.add("TimeToHangup", "0")
        message.add("BridgeID", channel.bridge?.id ?? "")
        message.add("Application", channel.applicationName)
        message.add("Data", channel.applicationData)
        message.add("Seconds", String((nowMs - channel.createdMs) / 1_000))
        for name in variables {
            message.add("Variable", "\(name)=\(EventFields.escaped((try? channel.readForClient(name)) ?? ""))")
        }
        return message
    }

    // MARK: - Hanging up

    @CallActor
    private static func hangUp(_ call: AMICall) -> AMIOutcome {
        let name = call["Channel"]
        guard !name.isEmpty else { return .error("No channel specified") }
        let cause = Int(call["Cause"]).flatMap { (1...127).contains($0) ? HangupCause($0) : nil } ?? .normalClearing
        guard name.count > 2, name.hasPrefix("/"), name.hasSuffix("/") else {
            guard let channel = call.channel() else { return .error("No such channel") }
            channel.requestHangup(cause: cause)
            return .success("Channel Hungup")
        }
        let pattern = String(name.dropFirst().dropLast())
        guard pattern.utf8.count <= EventFilter.lengthLimit, let regex = try? BoundedRegex(ExpandedText(pattern)) else {
            return .error("Regex compile error")
        }
        let ended = call.core.channels.all.filter { (try? regex.matches($0.name)) ?? false }
        for channel in ended { channel.requestHangup(cause: cause) }
        return .list(
            "Channels hung up will follow", ended.map { AMIMessage([.init("Event", "ChannelHungup"), .init("Channel", $0.name)]) },
            complete: "ChannelsHungupListComplete")
    }
}
