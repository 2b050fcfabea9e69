import AMI
import CallCore

extension AMIAction {
    /// Bridges: who is inside, and putting them out.
    static let bridgeActions: [AMIAction] = [
        AMIAction("BridgeList", "Get a list of bridges in the system.") { call in
            let wanted = call["BridgeType"]
            let bridges = call.core.bridges.all.filter { wanted.isEmpty || $0.bridgeClass == wanted }
            return .list(
                "Bridge listing will follow",
                bridges.map { AMIMessage([.init("Event", "BridgeListItem")] + call.fields.bridge($0.snapshot)) },
                complete: "BridgeListComplete")
        },
        AMIAction("BridgeInfo", "Get information about a bridge.") { call in
            guard !call["BridgeUniqueid"].isEmpty else { return .error("BridgeUniqueid must be provided") }
            guard let bridge = call.core.bridges[call["BridgeUniqueid"]] else {
                return .error("Bridge specified by BridgeUniqueid not found")
            }
            return .list(
                "Bridge channel listing will follow",
                bridge.channels.map { AMIMessage([.init("Event", "BridgeInfoChannel")] + call.fields.channel($0)) },
                complete: "BridgeInfoComplete", call.fields.bridge(bridge.snapshot))
        },
        AMIAction("BridgeKick", "Kick a channel from a bridge.", .call) { call in
            guard !call["Channel"].isEmpty else { return .error("Channel must be provided") }
            guard let channel = call.channel() else { return .error("Channel does not exist") }
            guard let bridge = channel.bridge, call["BridgeUniqueid"].isEmpty || bridge.id == call["BridgeUniqueid"] else {
                return .error("Channel is not in the bridge")
            }
            bridge.release(channel)
            if channel.stasis == nil { channel.requestHangup(cause: .normalClearing) }
            return .success("Channel has been kicked")
        },
        AMIAction("BridgeDestroy", "Destroy a bridge.", .call) { call in
            guard !call["BridgeUniqueid"].isEmpty else { return .error("BridgeUniqueid must be provided") }
            guard let bridge = call.core.bridges[call["BridgeUniqueid"]] else { return .error("Bridge not found") }
            bridge.destroy()
            return .success("Bridge has been destroyed")
        },
    ]
}
