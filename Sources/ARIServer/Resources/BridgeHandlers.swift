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
            let options = BridgeMemberOptions(
                role: call.nonEmpty("role"), absorbsDigits: call.bool("absorbDTMF"),
                inhibitsConnectedLine: call.bool("inhibitConnectedLineUpdates"))
            for channel in channels {
                bridge.add(channel, options: options)
                if call.bool("mute") { channel.setMuted(true, .in) }
            }
            return .noContent
        }
        on("bridges.removeChannel") { call in
            let bridge = try core.stasisBridge(call)
            let channels = try core.bridgeMembers(call)
            guard channels.allSatisfy({ $0.bridge === bridge }) else { throw ARIError(422, "Channel not in this bridge") }
            for channel in channels { bridge.release(channel) }
            return .noContent
        }
        on("bridges.setVideoSource") { call in
            let bridge = try core.stasisBridge(call)
            let id = call.path("channelId")
            guard let channel = core.channels[id] else { throw ARIError(400, "Channel not found") }
            guard channel.stasis != nil else { throw ARIError(422, "Channel not in Stasis application") }
            guard channel.bridge === bridge else { throw ARIError(422, "Channel not in this bridge") }
            bridge.setVideoSource(channel)
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
            guard let name = call.nonEmpty("variable") else { throw ARIError(400, "Variable name is required") }
            return .ok(Variable(value: try readVariable(name, of: bridge)))
        }
        on("bridges.setBridgeVar") { call in
            let bridge = try core.stasisBridge(call)
            guard let name = call.nonEmpty("variable") else { throw ARIError(400, "Variable name is required") }
            bridge.setVariable(name, call.string("value"), isReported: call.bool("report_events"))
            return .noContent
        }
        on("bridges.getBridgeVars") { call in
            guard let names = try call.list("variables") else { throw ARIError(400, "At least one variable name is required") }
            let bridge = try core.bridgeWithVariables(call)
            guard names.allSatisfy({ !$0.isEmpty }) else { throw ARIError(400, "Variable names are required") }
            var values: [NamedValue] = []
            for name in names { values.append(NamedValue(name, try readVariable(name, of: bridge))) }
            return .ok(Variables(values))
        }
        on("bridges.setBridgeVars") { call in
            guard let body = call.body else { throw ARIError(400, "The 'variables' field is required") }
            let bridge = try core.bridgeWithVariables(call)
            guard let object = body["variables"]?.object else { throw ARIError(400, "The 'variables' field must be a JSON object") }
            for variable in try assignments(object) {
                bridge.setVariable(variable.name, variable.value, isReported: variable.reportsEvents)
            }
            return .noContent
        }
    }
}

@CallActor
private func readVariable(_ name: String, of bridge: CallCoreBridge) throws(ARIError) -> String {
    guard let value = bridge.variable(name) else {
        throw ARIError(404, "Provided variable was not found", reason: "Variable Not Found")
    }
    return value
}

extension CallCore {
    fileprivate func makeBridge(id: String?, _ call: ARICall) throws(ARIError) -> ARIResponse {
        if let id, bridges[id] != nil { throw ARIError(409, "Bridge with id '\(id)' already exists") }
        let variables = try variableAssignments(call.body)
        guard let kind = BridgeKind(list: call.nonEmpty("type")),
            let bridge = bridges.make(id: id, name: call.string("name") ?? "", kind: kind)
        else {
            throw ARIError(
                500,
                call.operation.nickname == "create"
                    ? "Unable to create bridge. Possible duplicate bridge id '\(id ?? "(null)")'" : "Unable to create bridge")
        }
        for variable in variables {
            bridge.setVariable(variable.name, variable.value, isReported: variable.reportsEvents)
        }
        return .ok(bridge.snapshot)
    }

    fileprivate func playToBridge(_ call: ARICall, id: String?) throws(ARIError) -> ARIResponse {
        let bridge = try stasisBridge(call)
        guard let playback = bridge.play(try playRequest(call, id: id)) else { throw ARIError.allocationFailed }
        return .created(playback.snapshot, at: "playbacks", playback.id)
    }

    fileprivate func bridgeWithVariables(_ call: ARICall) throws(ARIError) -> CallCoreBridge {
        guard let bridge = bridges[call.path("bridgeId")], bridge.bridgeClass == "stasis" else {
            throw ARIError(404, "Provided bridge was not found", reason: "Bridge Not Found")
        }
        return bridge
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
