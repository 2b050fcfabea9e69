import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addChannelVariables(_ core: CallCore) {
        on("channels.getChannelVar") { call in
            let name = try call.variableName()
            return .ok(Variable(value: try core.readVariable(name, call)))
        }
        on("channels.setChannelVar") { call in
            let name = try call.variableName()
            let channel = try core.controlled(call, checksState: false)
            if call.bool("report_events") { channel.report(variable: name) }
            channel.assign(name, call.string("value"))
            return .noContent
        }
        on("channels.getChannelVars") { call in
            try call.variables(of: { try core.anyChannel(call) }, read: { name, _ in try core.readVariable(name, call) })
        }
        on("channels.setChannelVars") { call in
            try call.setVariables(of: { try core.channelWithVariables(call) }, assign: { $0.assign($1) })
        }
    }
}

extension CallCore {
    fileprivate func anyChannel(_ call: ARICall) throws(ARIError) -> CallCoreChannel {
        guard let channel = channel(idOrName: call.path("channelId"), for: call) else {
            throw ARIError(404, "Provided channel was not found", reason: "Channel Not Found")
        }
        return channel
    }

    fileprivate func channelWithVariables(_ call: ARICall) throws(ARIError) -> CallCoreChannel {
        _ = try anyChannel(call)
        return try controlled(call, checksState: false)
    }

    fileprivate func readVariable(_ name: String, _ call: ARICall) throws(ARIError) -> String {
        let value: String?
        do {
            value = try anyChannelValue(name, call)
        } catch let error as ARIError {
            throw error
        } catch {
            throw ARIError(500, "Unable to read provided function", reason: "Error With Function")
        }
        guard let value else { throw .variableNotFound }
        return value
    }

    private func anyChannelValue(_ name: String, _ call: ARICall) throws -> String? {
        try anyChannel(call).readForClient(name)
    }
}
