import AMI
import ARIModel
import CallCore
import Dialplan

/// Tells in managers' words what happens in calls.
@CallActor
struct EventTranslation {
    let fields: EventFields

    func events(_ occurrence: CallOccurrence) -> [AMIEvent] {
        switch occurrence {
        case .event(let body): events(body)
        case .notice(.digit(let channel, let digit, let direction, let durationMs)):
            digitEvents(channel, digit, direction, durationMs: durationMs)
        case .notice(let notice): [event(notice)].compactMap { $0 }
        }
    }

    private func call(_ name: String, _ channel: ARIModel.Channel, _ more: [AMIRequest.Field] = []) -> [AMIEvent] {
        [AMIEvent(name, .call, fields.channel(channel) + more)]
    }

    private func events(_ body: EventBody) -> [AMIEvent] {
        switch body {
        case .channelCreated(let channel): call("Newchannel", channel)
        case .channelStateChange(let channel): call("Newstate", channel)
        case .channelDialplan(let channel, let application, let data):
            [
                AMIEvent(
                    "Newexten", .dialplan,
                    fields.channel(channel) + [
                        .init("Extension", channel.dialplan.exten), .init("Application", application), .init("AppData", data),
                    ])
            ]
        case .channelCallerId(let channel, let presentation, let text):
            call("NewCallerid", channel, [.init("CID-CallingPres", "\(presentation) (\(text))")])
        case .channelConnectedLine(let channel): call("NewConnectedLine", channel)
        case .channelVarset(let channel, let variable, let value): [set(variable, to: value, of: channel)]
        case .channelHangupRequest(let channel, let cause, let soft, _):
            call(
                soft == true ? "SoftHangupRequest" : "HangupRequest", channel,
                cause.map { [.init("Cause", String($0))] } ?? [])
        case .channelDestroyed(let channel, let cause, let text, let technologyCause):
            call(
                "Hangup", channel,
                [.init("Cause", String(cause)), .init("Cause-txt", text)] + (technologyCause.map { [.init("TechCause", String($0))] } ?? [])
            )
        case .channelHold(let channel, let musicClass): call("Hold", channel, [.init("MusicClass", musicClass)])
        case .channelUnhold(let channel): call("Unhold", channel)
        case .channelUserevent(let name, let channel, let bridge, _, let variables):
            [userEvent(name, channel, bridge, variables.members.map { ($0.name, Self.text($0.value)) })]
        case .dial(let caller, let peer, let dialString, let status, let forward, _):
            [dial(caller, peer, dialString, status, forward)]
        default: bridgeEvents(body) + endpointEvents(body)
        }
    }

    private func set(_ variable: String, to value: String, of channel: ARIModel.Channel?) -> AMIEvent {
        AMIEvent(
            "VarSet", .dialplan,
            (channel.map { fields.channel($0) } ?? [.init("Channel", "none"), .init("Uniqueid", "none")]) + [
                .init("Variable", variable), .init("Value", EventFields.escaped(value)),
            ])
    }

    private func userEvent(
        _ name: String, _ channel: ARIModel.Channel?, _ bridge: ARIModel.Bridge?, _ values: [(name: String, value: String)]
    ) -> AMIEvent {
        var all = (channel.map { fields.channel($0) } ?? []) + (bridge.map { fields.bridge($0) } ?? [])
        all.append(.init("UserEvent", name))
        all += values.map { AMIRequest.Field(Self.fieldName($0.name), $0.value) }
        return AMIEvent("UserEvent", .user, all)
    }

    /// A name that somebody made up can hold no colon.
    private static func fieldName(_ text: String) -> String { text.replacing(":", with: "_") }

    private static func text(_ value: JSONValue) -> String { value.string ?? String(decoding: value.encodedJSON(), as: UTF8.self) }

    private func dial(
        _ caller: ARIModel.Channel?, _ peer: ARIModel.Channel, _ dialString: String, _ status: String, _ forward: String
    ) -> AMIEvent {
        let parties = (caller.map { fields.channel($0) } ?? []) + fields.channel(peer, prefix: "Dest")
        switch status {
        case "": return AMIEvent("DialBegin", .call, parties + [.init("DialString", dialString)])
        case "RINGING", "PROGRESS", "PROCEEDING":
            return AMIEvent("DialState", .call, parties + [.init("DialStatus", status)])
        default:
            return AMIEvent(
                "DialEnd", .call,
                parties + [.init("DialStatus", status)] + (forward.isEmpty ? [] : [.init("Forward", forward)]))
        }
    }

    // MARK: - Bridges

    private func bridgeEvents(_ body: EventBody) -> [AMIEvent] {
        switch body {
        case .bridgeCreated(let bridge): [AMIEvent("BridgeCreate", .call, fields.bridge(bridge))]
        case .bridgeDestroyed(let bridge): [AMIEvent("BridgeDestroy", .call, fields.bridge(bridge))]
        case .bridgeMerged(let bridge, let from):
            [AMIEvent("BridgeMerge", .call, fields.bridge(bridge, prefix: "To") + fields.bridge(from, prefix: "From"))]
        case .channelEnteredBridge(let channel, let bridge):
            [AMIEvent("BridgeEnter", .call, fields.bridge(bridge) + fields.channel(channel))]
        case .channelLeftBridge(let channel, let bridge):
            [AMIEvent("BridgeLeave", .call, fields.bridge(bridge) + fields.channel(channel))]
        case .bridgeBlindTransfer(let transfer): [blind(transfer)]
        case .bridgeAttendedTransfer(let transfer): [attended(transfer)]
        default: []
        }
    }

    private func blind(_ transfer: BlindTransfer) -> AMIEvent {
        var all: [AMIRequest.Field] = [.init("Result", transfer.result)]
        all += fields.channel(transfer.channel, prefix: "Transferer")
        if let transferee = transfer.transferee { all += fields.channel(transferee, prefix: "Transferee") }
        if let bridge = transfer.bridge { all += fields.bridge(bridge) }
        all += [
            .init("IsExternal", transfer.isExternal ? "Yes" : "No"), .init("Context", transfer.context),
            .init("Extension", transfer.exten),
        ]
        return AMIEvent("BlindTransfer", .call, all)
    }

    private func attended(_ transfer: AttendedTransfer) -> AMIEvent {
        var all: [AMIRequest.Field] = [.init("Result", transfer.result)]
        all += fields.channel(transfer.firstLeg, prefix: "OrigTransferer")
        if let bridge = transfer.firstLegBridge { all += fields.bridge(bridge, prefix: "Orig") }
        all += fields.channel(transfer.secondLeg, prefix: "SecondTransferer")
        if let bridge = transfer.secondLegBridge { all += fields.bridge(bridge, prefix: "Second") }
        switch transfer.destination {
        case .bridge(let id): all += [.init("DestType", "Bridge"), .init("DestBridgeUniqueid", id)]
        case .application(let name): all += [.init("DestType", "App"), .init("DestApp", name)]
        case .link(let first, let second):
            all.append(.init("DestType", "Link"))
            all += fields.channel(first, prefix: "LocalOne") + fields.channel(second, prefix: "LocalTwo")
        case .threeway(let channel, let bridge):
            all += [.init("DestType", "Threeway"), .init("DestBridgeUniqueid", bridge.id)]
            all.append(.init("DestTransfererChannel", channel.name))
        case .fail: all.append(.init("DestType", "Fail"))
        }
        if let transferee = transfer.transferee { all += fields.channel(transferee, prefix: "Transferee") }
        if let target = transfer.transferTarget { all += fields.channel(target, prefix: "TransferTarget") }
        all.append(.init("IsExternal", transfer.isExternal ? "Yes" : "No"))
        return AMIEvent("AttendedTransfer", .call, all)
    }

    // MARK: - Endpoints and devices

    private func endpointEvents(_ body: EventBody) -> [AMIEvent] {
        switch body {
        case .peerStatusChange(let endpoint, let peer):
            return [
                AMIEvent(
                    "PeerStatus", .system,
                    [
                        .init("ChannelType", endpoint.technology), .init("Peer", "\(endpoint.technology)/\(endpoint.resource)"),
                        .init("PeerStatus", peer.peerStatus),
                    ])
            ]
        case .contactStatusChange(let endpoint, let contact):
            return [
                AMIEvent(
                    "ContactStatus", .system,
                    [
                        .init("URI", contact.uri), .init("ContactStatus", contact.contactStatus), .init("AOR", contact.aor),
                        .init("EndpointName", endpoint.resource), .init("RoundtripUsec", contact.roundtripUsec ?? "0"),
                    ])
            ]
        case .deviceStateChanged(let device):
            return [AMIEvent("DeviceStateChange", .call, [.init("Device", device.name), .init("State", device.state)])]
        default: return []
        }
    }

    // MARK: - What ARI does not tell

    private func event(_ notice: CallNotice) -> AMIEvent? {
        switch notice {
        case .localBridge(let first, let second):
            AMIEvent(
                "LocalBridge", .call,
                fields.channel(first, prefix: "LocalOne") + fields.channel(second, prefix: "LocalTwo") + [
                    .init("Context", second.location.context), .init("Exten", second.location.extension),
                    .init("LocalOptimization", "No"),
                ])
        case .musicStarted(let channel, let className):
            AMIEvent("MusicOnHoldStart", .call, fields.channel(channel) + [.init("Class", className)])
        case .musicStopped(let channel): AMIEvent("MusicOnHoldStop", .call, fields.channel(channel))
        case .digit: nil
        case .spyStarted(let spy, let target):
            AMIEvent("ChanSpyStart", .call, fields.channel(spy, prefix: "Spyer") + fields.channel(target, prefix: "Spyee"))
        case .spyStopped(let spy, let target):
            AMIEvent("ChanSpyStop", .call, fields.channel(spy, prefix: "Spyer") + fields.channel(target, prefix: "Spyee"))
        case .userEvent(let name, let channel, let values): userEvent(name, channel?.snapshot, nil, values)
        case .registry(let registry):
            AMIEvent(
                "Registry", .system,
                [
                    .init("ChannelType", registry.technology), .init("Username", registry.user), .init("Domain", registry.domain),
                    .init("Status", registry.status),
                ] + (registry.cause.isEmpty ? [] : [.init("Cause", registry.cause)]))
        }
    }

    /// A key that was pressed is told as a pair: it began, and it ended.
    private func digitEvents(_ channel: CallCore.LiveChannel, _ digit: Character, _ direction: CallNotice.DigitDirection, durationMs: Int)
        -> [AMIEvent]
    {
        let own = fields.channel(channel) + [.init("Digit", String(digit)), .init("Direction", direction.rawValue)]
        return [
            AMIEvent("DTMFBegin", .dtmf, own), AMIEvent("DTMFEnd", .dtmf, own + [.init("DurationMs", String(durationMs))]),
        ]
    }
}
