import ARIModel
import CallCore
import Dialplan

extension ControlCommand {
    static let channelCommands: [ControlCommand] = [
        ControlCommand("core show channels", "List the channels: core show channels [concise|count|verbose].") { control, words in
            switch words.first ?? "" {
            case "concise": ControlOutput(control.core.channels.all.map { concise($0) })
            case "count": ControlOutput(counts(control.core))
            case "", "verbose": ControlOutput(table(control.core) + counts(control.core))
            default: usage("core show channels [concise|count|verbose]")
            }
        },
        ControlCommand("core show channel", "Show one channel: core show channel NAME.") { control, words in
            guard let name = words.first else { return usage("core show channel NAME") }
            guard let channel = control.core.channels.find(idOrName: name) else {
                return ControlOutput("\(name) is not a known channel", status: 1)
            }
            return ControlOutput(details(channel))
        },
        ControlCommand(
            "channel originate", "Call: channel originate CHANNEL extension [EXTEN@][CONTEXT] | application NAME [DATA]."
        ) { control, words in
            await originate(control.core, words)
        },
        ControlCommand("channel request hangup", "End calls: channel request hangup CHANNEL|all.") { control, words in
            guard let name = words.first else { return usage("channel request hangup CHANNEL|all") }
            if name.lowercased() == "all" {
                let channels = control.core.channels.all
                for channel in channels { channel.requestHangup(cause: .normalClearing) }
                return ControlOutput(channels.map { "Requested Hangup on channel '\($0.name)'" })
            }
            guard let channel = control.core.channels.find(idOrName: name) else {
                return ControlOutput("\(name) is not a known channel", status: 1)
            }
            channel.requestHangup(cause: .normalClearing)
            return ControlOutput("Requested Hangup on channel '\(channel.name)'")
        },
    ]

    @CallActor
    private static func seconds(_ channel: CallCore.LiveChannel) -> Int64 {
        (channel.core.scheduler.nowMs - channel.createdMs) / 1_000
    }

    /// Fields between exclamation marks, for programs.
    @CallActor
    private static func concise(_ channel: CallCore.LiveChannel) -> String {
        let place = channel.location
        let fields = [
            channel.name, place.context, place.extension, String(place.priority), channel.state.wireName, channel.applicationName,
            channel.applicationData, channel.caller.number, channel.accountCode, channel.peerAccountCode, "3",
            String(seconds(channel)), channel.bridge?.id ?? "", channel.id,
        ]
        return fields.map { $0.replacing("!", with: "_").filter { !$0.isNewline } }.joined(separator: "!")
    }

    @CallActor
    private static func table(_ core: CallCore) -> [String] {
        let head = "Channel".column(40) + " " + "Location".column(20) + " " + "State".column(7) + " Application(Data)"
        return [head]
            + core.channels.all.map { channel in
                let place = "\(channel.location.extension)@\(channel.location.context):\(channel.location.priority)"
                return channel.name.column(40) + " " + place.column(20) + " " + channel.state.wireName.column(7) + " "
                    + (channel.applicationName.isEmpty ? "(None)" : "\(channel.applicationName)(\(channel.applicationData))")
            }
    }

    @CallActor
    private static func counts(_ core: CallCore) -> [String] {
        let count = core.channels.count
        let calls = Set(core.channels.all.map(\.callID)).count
        let processed = core.channels.made
        return [
            "\(count) active channel\(count == 1 ? "" : "s")", "\(calls) active call\(calls == 1 ? "" : "s")",
            "\(processed) call\(processed == 1 ? "" : "s") processed",
        ]
    }

    @CallActor
    private static func details(_ channel: CallCore.LiveChannel) -> [String] {
        [
            " -- General --", "           Name: \(channel.name)", "           Type: \(channel.technology)",
            "       UniqueID: \(channel.id)", "       LinkedID: \(channel.linkedID)", "      Caller ID: \(channel.caller.number)",
            " Caller ID Name: \(channel.caller.name)", "Connected Line ID: \(channel.connected.number)",
            "       Language: \(channel.language)", "          State: \(channel.state.wireName) (\(channel.state.rawValue))",
            "   Elapsed Time: \(seconds(channel))s", "      Bridge ID: \(channel.bridge?.id ?? "(Not bridged)")", " --   PBX   --",
            "        Context: \(channel.location.context)", "      Extension: \(channel.location.extension)",
            "       Priority: \(channel.location.priority)",
            "    Application: \(channel.applicationName.isEmpty ? "(N/A)" : channel.applicationName)",
            "           Data: \(channel.applicationData.isEmpty ? "(Empty)" : channel.applicationData)",
        ]
    }

    @CallActor
    private static func originate(_ core: CallCore, _ words: [String]) async -> ControlOutput {
        let use = usage("channel originate CHANNEL extension [EXTEN@][CONTEXT] | application NAME [DATA]")
        guard words.count >= 2, words[0].contains("/") else { return use }
        let target: OriginateRequest.Target
        switch words[1].lowercased() {
        case "application":
            guard words.count >= 3 else { return use }
            target = .run(application: words[2], data: words.dropFirst(3).joined(separator: " "))
        case "extension":
            let parts = (words.count > 2 ? words[2] : "s@default").split(separator: "@", maxSplits: 1).map(String.init)
            let place = parts.count == 2 ? (parts[0], parts[1]) : (parts.first ?? "s", "default")
            target = .dialplan(DialplanLocation(context: place.1, extension: place.0, priority: 1))
        default: return use
        }
        guard await core.prepare(endpoint: words[0]) else { return ControlOutput("\(words[0]) can't be called", status: 1) }
        var request = OriginateRequest(endpoint: words[0], target: target)
        request.timeoutMs = CallCore.defaultOriginateTimeoutMs
        do {
            _ = try core.originate(request)
            return ControlOutput([])
        } catch {
            return ControlOutput("\(words[0]) can't be called: \(error)", status: 1)
        }
    }
}
