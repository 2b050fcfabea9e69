import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addBridges(_ core: CallCore) {
        on("bridges.list") { _ in .ok(core.bridges.all.map(\.snapshot)) }
        on("bridges.get") { call in
            guard let bridge = core.bridges[call.path("bridgeId")] else { throw ARIError.bridgeNotFound }
            return .ok(bridge.snapshot)
        }
        on("bridges.create") { call in try core.makeBridge(id: call.nonEmpty("bridgeId"), call) }
        on("bridges.createWithId") { call in try core.makeBridge(id: call.path("bridgeId"), call) }
        on("bridges.destroy") { call in
            try core.stasisBridge(call).destroy()
            return .noContent
        }
        on("bridges.addChannel") { call in
            let bridge = try core.stasisBridge(call)
            let channels = try core.bridgeMembers(call)
            let newcomers = channels.filter { $0.bridge !== bridge }
            guard bridge.hasRoom(for: newcomers.count) else {
                throw ARIError(501, "Bridges of more than two channels are not available in this version")
            }
            let options = BridgeMemberOptions(
                role: call.nonEmpty("role"), absorbsDigits: call.bool("absorbDTMF"),
                inhibitsConnectedLine: call.bool("inhibitConnectedLineUpdates"))
            for channel in channels { bridge.add(channel, options: options) }
            return .noContent
        }
        on("bridges.removeChannel") { call in
            let bridge = try core.stasisBridge(call)
            let channels = try core.bridgeMembers(call)
            guard channels.allSatisfy({ $0.bridge === bridge }) else { throw ARIError(422, "Channel not in this bridge") }
            for channel in channels { bridge.release(channel) }
            return .noContent
        }
    }
}

extension CallCore {
    fileprivate func makeBridge(id: String?, _ call: ARICall) throws(ARIError) -> ARIResponse {
        if let id, bridges[id] != nil { throw ARIError(409, "Bridge with id '\(id)' already exists") }
        guard let kind = BridgeKind(list: call.nonEmpty("type")),
            let bridge = bridges.make(id: id, name: call.string("name") ?? "", kind: kind)
        else {
            throw ARIError(
                500,
                call.operation.nickname == "create"
                    ? "Unable to create bridge. Possible duplicate bridge id '\(id ?? "(null)")'" : "Unable to create bridge")
        }
        return .ok(bridge.snapshot)
    }

    fileprivate func stasisBridge(_ call: ARICall) throws(ARIError) -> CallCoreBridge {
        guard let bridge = bridges[call.path("bridgeId")] else { throw .bridgeNotFound }
        guard bridge.bridgeClass == "stasis" else { throw ARIError(409, "Bridge not in Stasis application") }
        return bridge
    }

    fileprivate func bridgeMembers(_ call: ARICall) throws(ARIError) -> [CallCoreChannel] {
        let ids = try call.list("channel")?.filter { !$0.isEmpty } ?? []
        guard !ids.isEmpty else { throw ARIError(400, "Missing parameter channel") }
        var members: [CallCoreChannel] = []
        for id in ids {
            guard let channel = channels[id] else { throw ARIError(400, "Channel not found") }
            guard channel.stasis != nil else { throw ARIError(422, "Channel not in Stasis application") }
            members.append(channel)
        }
        return members
    }
}
