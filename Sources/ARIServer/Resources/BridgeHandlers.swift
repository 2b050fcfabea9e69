import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addBridges(_ core: CallCore) {
        on("bridges.list") { call in .ok(core.bridges.all.filter(call.scope.includes).map(\.snapshot)) }
        on("bridges.get") { call in
            guard let bridge = core.bridge(call.path("bridgeId"), for: call) else { throw ARIError.bridgeNotFound }
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
            let options = BridgeMemberOptions(
                role: call.nonEmpty("role"), absorbsDigits: call.bool("absorbDTMF"),
                inhibitsConnectedLine: call.bool("inhibitConnectedLineUpdates"))
            if let recorded = channels.first(where: \.isRecorded) { throw ARIError(409, "Channel \(recorded.id) currently recording") }
            for channel in channels {
                bridge.add(channel, options: options)
                if call.bool("mute") { channel.setMuted(true, .in) }
            }
            return .noContent
        }
        on("bridges.removeChannel") { call in
            let bridge = try core.stasisBridge(call)
            let channels = try core.bridgeMembers(call)
            for channel in try channels.map({ try member(of: bridge, $0) }) { bridge.release(channel) }
            return .noContent
        }
        on("bridges.setVideoSource") { call in
            let bridge = try core.stasisBridge(call)
            bridge.setVideoSource(try member(of: bridge, core.bridgeable(call.path("channelId"), call)))
            return .noContent
        }
        on("bridges.clearVideoSource") { call in
            try core.stasisBridge(call).clearVideoSource()
            return .noContent
        }
        on("bridges.startMoh") { call in
            try core.stasisBridge(call).startMusic(class: call.nonEmpty("mohClass"))
            return .noContent
        }
        on("bridges.stopMoh") { call in
            guard try core.stasisBridge(call).stopMusic() else { throw ARIError(409, "Bridge isn't playing music") }
            return .noContent
        }
        on("bridges.play") { call in try core.playToBridge(call, id: call.nonEmpty("playbackId")) }
        on("bridges.playWithId") { call in try core.playToBridge(call, id: call.path("playbackId")) }
        addBridgeVariables(core)
    }

    private mutating func addBridgeVariables(_ core: CallCore) {
        on("bridges.getBridgeVar") { call in
            let bridge = try core.stasisBridge(call)
            let name = try call.variableName()
            return .ok(Variable(value: try readVariable(name, bridge)))
        }
        on("bridges.setBridgeVar") { call in
            let bridge = try core.stasisBridge(call)
            let name = try call.variableName()
            bridge.setVariable(name, call.string("value"), isReported: call.bool("report_events"))
            return .noContent
        }
        on("bridges.getBridgeVars") { call in
            try call.variables(of: { try core.bridgeWithVariables(call) }, read: readVariable)
        }
        on("bridges.setBridgeVars") { call in
            try call.setVariables(of: { try core.bridgeWithVariables(call) }, assign: { $0.assign($1) })
        }
    }
}

@CallActor
private func member(of bridge: CallCoreBridge, _ channel: CallCoreChannel) throws(ARIError) -> CallCoreChannel {
    guard channel.bridge === bridge else { throw ARIError(422, "Channel not in this bridge") }
    return channel
}

@CallActor
private func readVariable(_ name: String, _ bridge: CallCoreBridge) throws(ARIError) -> String {
    guard let value = bridge.variable(name) else { throw .variableNotFound }
    return value
}

extension CallCore {
    fileprivate func makeBridge(id: String?, _ call: ARICall) throws(ARIError) -> ARIResponse {
        if let id, bridges[id] != nil { throw ARIError(409, "Bridge with id '\(id)' already exists") }
        let variables = try variableAssignments(call.body)
        guard let kind = BridgeKind(list: call.nonEmpty("type")) else { throw ARIError(400, "Unable to create bridge: invalid type") }
        guard let bridge = bridges.make(id: id, name: call.string("name") ?? "", kind: kind, for: call.scope)
        else {
            throw ARIError(
                500,
                call.operation.nickname == "create"
                    ? "Unable to create bridge. Possible duplicate bridge id '\(id ?? "(null)")'" : "Unable to create bridge")
        }
        bridge.assign(variables)
        return .ok(bridge.snapshot)
    }

    fileprivate func playToBridge(_ call: ARICall, id: String?) throws(ARIError) -> ARIResponse {
        let bridge = try stasisBridge(call)
        guard let playback = bridge.play(try playRequest(call, id: id)) else { throw .tooManyPlaybacks }
        return .created(playback.snapshot, at: "playbacks", playback.id)
    }

    fileprivate func bridgeWithVariables(_ call: ARICall) throws(ARIError) -> CallCoreBridge {
        guard let bridge = bridge(call.path("bridgeId"), for: call), bridge.bridgeClass == "stasis" else {
            throw ARIError(404, "Provided bridge was not found", reason: "Bridge Not Found")
        }
        return bridge
    }

    func stasisBridge(_ call: ARICall) throws(ARIError) -> CallCoreBridge {
        guard let bridge = bridge(call.path("bridgeId"), for: call) else { throw .bridgeNotFound }
        guard bridge.bridgeClass == "stasis" else { throw ARIError(409, "Bridge not in Stasis application") }
        return bridge
    }

    fileprivate func bridgeMembers(_ call: ARICall) throws(ARIError) -> [CallCoreChannel] {
        let ids = try call.list("channel")?.filter { !$0.isEmpty } ?? []
        guard !ids.isEmpty else { throw ARIError(400, "Missing parameter channel") }
        var members: [CallCoreChannel] = []
        for id in ids { members.append(try bridgeable(id, call)) }
        return members
    }

    /// The channel of an application with that id.
    fileprivate func bridgeable(_ id: String, _ call: ARICall) throws(ARIError) -> CallCoreChannel {
        guard let channel = channel(id, for: call) else { throw ARIError(400, "Channel not found") }
        guard channel.stasis != nil else { throw ARIError(422, "Channel not in Stasis application") }
        return channel
    }
}
