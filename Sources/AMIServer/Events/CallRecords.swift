import AMI
import ARIModel
import CallCore
import Dialplan

/// Records of calls as events: channel event logging (CEL) and, when a call is over, its detail record (Cdr).
@CallActor
final class CallRecords {
    private let core: CallCore
    private let settings: AMISettings
    /// What each living channel was told to run last, and the application whose end is still to be told.
    private var running: [String: (application: String, data: String)] = [:]
    private var details: [String: CallDetail] = [:]

    /// Applications whose beginning and end are told.
    private static let trackedApplications: Set<String> = ["dial", "park", "queue"]

    init(core: CallCore, settings: AMISettings) {
        self.core = core
        self.settings = settings
    }

    func events(_ occurrence: CallOccurrence) -> [AMIEvent] {
        guard case .event(let body) = occurrence else { return [] }
        return (settings.tellsCEL ? logged(body) : []) + (settings.tellsCDR ? detailed(body) : [])
    }

    // MARK: - Channel event logging

    private func logged(_ body: EventBody) -> [AMIEvent] {
        switch body {
        case .channelCreated(let channel): [event("CHAN_START", channel)]
        case .channelStateChange(let channel) where channel.state == .up: [event("ANSWER", channel)]
        case .channelDialplan(let channel, let application, let data): runs(application, data, channel)
        case .channelEnteredBridge(let channel, let bridge):
            [event("BRIDGE_ENTER", channel, peer: peers(channel, bridge), Self.extra(bridge))]
        case .channelLeftBridge(let channel, let bridge): [event("BRIDGE_EXIT", channel, peer: peers(channel, bridge), Self.extra(bridge))]
        case .bridgeBlindTransfer(let transfer):
            [
                event(
                    "BLINDTRANSFER", transfer.channel,
                    [
                        "extension": .string(transfer.exten), "context": .string(transfer.context),
                        "bridge_id": .string(transfer.bridge?.id ?? ""),
                        "transferee_channel_name": .string(transfer.transferee?.name ?? "N/A"),
                        "transferee_channel_uniqueid": .string(transfer.transferee?.id ?? "N/A"),
                    ])
            ]
        case .bridgeAttendedTransfer(let transfer):
            [
                event(
                    "ATTENDEDTRANSFER", transfer.firstLeg,
                    [
                        "bridge1_id": .string(transfer.firstLegBridge?.id ?? ""),
                        "channel2_name": .string(transfer.secondLeg.name), "channel2_uniqueid": .string(transfer.secondLeg.id),
                        "bridge2_id": .string(transfer.secondLegBridge?.id ?? ""),
                        "transferee_channel_name": .string(transfer.transferee?.name ?? "N/A"),
                        "transfer_target_channel_name": .string(transfer.transferTarget?.name ?? "N/A"),
                    ])
            ]
        case .channelDestroyed(let channel, let cause, _, _): ended(channel, cause)
        default: []
        }
    }

    private func runs(_ application: String, _ data: String, _ channel: ARIModel.Channel) -> [AMIEvent] {
        var events: [AMIEvent] = []
        if let before = running[channel.id], before.application != application || before.data != data {
            events.append(event("APP_END", channel, running: before))
            running[channel.id] = nil
        }
        if running[channel.id] == nil, Self.trackedApplications.contains(application.lowercased()) {
            running[channel.id] = (application, data)
            events.append(event("APP_START", channel))
        }
        return events
    }

    private func ended(_ channel: ARIModel.Channel, _ cause: Int) -> [AMIEvent] {
        var events = running.removeValue(forKey: channel.id).map { [event("APP_END", channel, running: $0)] } ?? []
        let status = core.channels[channel.id]?.variable("DIALSTATUS")?.string ?? ""
        events.append(
            event("HANGUP", channel, ["hangupcause": .int(cause), "hangupsource": .string(""), "dialstatus": .string(status)]))
        events.append(event("CHAN_END", channel))
        let linked = core.channels[channel.id]?.linkedID ?? channel.id
        let isLast = !core.channels.all.contains { $0.id != channel.id && $0.linkedID == linked }
        if isLast { events.append(event("LINKEDID_END", channel)) }
        return events
    }

    private func peers(_ channel: ARIModel.Channel, _ bridge: ARIModel.Bridge) -> String {
        bridge.channels.filter { $0 != channel.id }.compactMap { core.channels[$0]?.name }.joined(separator: ",")
    }

    private static func extra(_ bridge: ARIModel.Bridge) -> JSONValue {
        ["bridge_id": .string(bridge.id), "bridge_technology": .string(bridge.technology)]
    }

    private func event(
        _ name: String, _ channel: ARIModel.Channel, peer: String = "", running: (application: String, data: String)? = nil,
        _ extra: JSONValue? = nil
    ) -> AMIEvent {
        let live = core.channels[channel.id]
        return AMIEvent(
            "CEL", .call,
            [
                .init("EventName", name), .init("AccountCode", channel.accountCode), .init("CallerIDnum", channel.caller.number),
                .init("CallerIDname", channel.caller.name), .init("CallerIDani", channel.caller.number),
                .init("CallerIDrdnis", channel.callerRDNIS ?? ""), .init("CallerIDdnid", live?.dialledNumber ?? ""),
                .init("Exten", channel.dialplan.exten), .init("Context", channel.dialplan.context), .init("Channel", channel.name),
                .init("Application", running?.application ?? channel.dialplan.appName),
                .init("AppData", running?.data ?? channel.dialplan.appData), .init("EventTime", self.time(self.core.scheduler.nowMs)),
                .init("AMAFlags", "DOCUMENTATION"), .init("UniqueID", channel.id), .init("LinkedID", live?.linkedID ?? channel.id),
                .init("Userfield", ""), .init("Peer", peer), .init("PeerAccount", live?.peerAccountCode ?? ""),
                .init("Extra", extra.map { String(decoding: $0.encodedJSON(), as: UTF8.self) } ?? ""),
            ])
    }

    /// Date and time with a blank between them.
    private func time(_ ms: Int64) -> String {
        let text = core.timestamp(ms).description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    // MARK: - Call detail records

    /// What one channel did: whom it called, and what came of it.
    private struct CallDetail {
        var startedMs: Int64
        var answeredMs: Int64?
        var peer = ""
        var disposition = "NO ANSWER"
    }

    private func detailed(_ body: EventBody) -> [AMIEvent] {
        switch body {
        case .channelCreated(let channel):
            details[channel.id] = CallDetail(startedMs: core.scheduler.nowMs)
        case .channelStateChange(let channel) where channel.state == .up:
            details[channel.id]?.answeredMs = core.scheduler.nowMs
            details[channel.id]?.disposition = "ANSWERED"
        case .dial(let caller, let peer, _, let status, _, _):
            // Whoever was called belongs to the record of the one who called.
            guard let caller else { break }
            details[peer.id] = nil
            switch status {
            case "": details[caller.id]?.peer = peer.name
            // Those who did not win are told of the same way.
            case "ANSWER" where peer.state == .up: details[caller.id]?.peer = peer.name
            case "BUSY": details[caller.id]?.disposition = "BUSY"
            case "CONGESTION", "CHANUNAVAIL": details[caller.id]?.disposition = "FAILED"
            default: break
            }
        case .channelDestroyed(let channel, _, _, _):
            return details.removeValue(forKey: channel.id).map { [record(channel, $0)] } ?? []
        default: break
        }
        return []
    }

    private func record(_ channel: ARIModel.Channel, _ detail: CallDetail) -> AMIEvent {
        let live = core.channels[channel.id]
        let nowMs = core.scheduler.nowMs
        let caller = channel.caller.name.isEmpty ? channel.caller.number : "\"\(channel.caller.name)\" <\(channel.caller.number)>"
        return AMIEvent(
            "Cdr", .cdr,
            [
                .init("AccountCode", channel.accountCode), .init("Source", channel.caller.number),
                .init("Destination", channel.dialplan.exten), .init("DestinationContext", channel.dialplan.context),
                .init("CallerID", caller), .init("Channel", channel.name), .init("DestinationChannel", detail.peer),
                .init("LastApplication", live?.applicationName ?? ""), .init("LastData", live?.applicationData ?? ""),
                .init("StartTime", self.time(detail.startedMs)), .init("AnswerTime", detail.answeredMs.map(self.time) ?? ""),
                .init("EndTime", self.time(nowMs)), .init("Duration", String((nowMs - detail.startedMs) / 1_000)),
                .init("BillableSeconds", String(detail.answeredMs.map { (nowMs - $0) / 1_000 } ?? 0)),
                .init("Disposition", detail.disposition), .init("AMAFlags", "DOCUMENTATION"), .init("UniqueID", channel.id),
                .init("UserField", ""),
            ])
    }
}
