import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addChannelVariables(_ core: CallCore) {
        on("channels.getChannelVar") { call in
            guard let name = call.nonEmpty("variable") else { throw ARIError(400, "Variable name is required") }
            return .ok(Variable(value: try core.readVariable(name, call)))
        }
        on("channels.setChannelVar") { call in
            guard let name = call.nonEmpty("variable") else { throw ARIError(400, "Variable name is required") }
            let channel = try core.controlled(call, checksState: false)
            if call.bool("report_events") { channel.report(variable: name) }
            channel.assign(name, call.string("value"))
            return .noContent
        }
        on("channels.getChannelVars") { call in
            guard let names = try call.list("variables") else { throw ARIError(400, "At least one variable name is required") }
            _ = try core.anyChannel(call)
            guard names.allSatisfy({ !$0.isEmpty }) else { throw ARIError(400, "Variable names are required") }
            var values: [NamedValue] = []
            for name in names { values.append(NamedValue(name, try core.readVariable(name, call))) }
            return .ok(Variables(values))
        }
        on("channels.setChannelVars") { call in
            guard let body = call.body else { throw ARIError(400, "The 'variables' field is required") }
            let channel = try core.channelWithVariables(call)
            guard let object = body["variables"]?.object else { throw ARIError(400, "The 'variables' field must be a JSON object") }
            for variable in try assignments(object) {
                if variable.reportsEvents { channel.report(variable: variable.name) }
                channel.assign(variable.name, variable.value)
            }
            return .noContent
        }
    }
}

extension CallCore {
    fileprivate func anyChannel(_ call: ARICall) throws(ARIError) -> CallCoreChannel {
        guard let channel = channels.find(idOrName: call.path("channelId")) else {
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
        guard let value else { throw ARIError(404, "Provided variable was not found", reason: "Variable Not Found") }
        return value
    }

    private func anyChannelValue(_ name: String, _ call: ARICall) throws -> String? {
        try anyChannel(call).readForClient(name)
    }
}

/// Reads the `variables` of a JSON body; none when there are none.
func variableAssignments(_ body: JSONValue?) throws(ARIError) -> [VariableAssignment] {
    guard let object = body?["variables"]?.object else { return [] }
    return try assignments(object)
}

/// Reads variables: each a string, or an object with `value` and `report_events`.
func assignments(_ object: JSONObject) throws(ARIError) -> [VariableAssignment] {
    var result: [VariableAssignment] = []
    for member in object.members {
        let (name, value) = (member.name, member.value)
        if let text = value.string {
            result.append(VariableAssignment(name: name, value: text))
            continue
        }
        guard value.object != nil else {
            throw ARIError(400, "Each value in 'variables' must be a string or an object with 'value' and optional 'report_events'")
        }
        guard let text = value["value"]?.string else {
            throw ARIError(400, "Each object value in 'variables' must include string field 'value'")
        }
        if let flag = value["report_events"], flag.bool == nil {
            throw ARIError(400, "Field 'report_events' in 'variables' entries must be boolean")
        }
        result.append(VariableAssignment(name: name, value: text, reportsEvents: value["report_events"]?.bool ?? false))
    }
    return result
}
