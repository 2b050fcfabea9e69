import ARIModel
import CallCore

extension ARICall {
    /// The name of the one variable that is asked for or set.
    func variableName() throws(ARIError) -> String {
        guard let name = nonEmpty("variable") else { throw ARIError(400, "Variable name is required") }
        return name
    }

    /// Answers with several variables of an owner, which is looked up once their names are there.
    @CallActor
    func variables<Owner>(
        of owner: () throws -> Owner, read: (_ name: String, Owner) throws -> String
    ) throws -> ARIResponse {
        guard let names = try list("variables") else { throw ARIError(400, "At least one variable name is required") }
        let owner = try owner()
        guard names.allSatisfy({ !$0.isEmpty }) else { throw ARIError(400, "Variable names are required") }
        return .ok(Variables(try names.map { NamedValue($0, try read($0, owner)) }))
    }

    /// Sets the variables of the body on an owner, which is looked up once there is a body.
    @CallActor
    func setVariables<Owner>(of owner: () throws -> Owner, assign: (Owner, [VariableAssignment]) -> Void) throws -> ARIResponse {
        guard let body else { throw ARIError(400, "The 'variables' field is required") }
        let owner = try owner()
        guard let object = body["variables"]?.object else { throw ARIError(400, "The 'variables' field must be a JSON object") }
        assign(owner, try assignments(object))
        return .noContent
    }
}

extension ARIError {
    static let variableNotFound = ARIError(404, "Provided variable was not found", reason: "Variable Not Found")
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
