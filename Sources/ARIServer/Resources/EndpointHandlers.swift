import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addEndpoints(_ core: CallCore) {
        on("endpoints.list") { _ in .ok(core.endpoints.all.map(\.snapshot)) }
        on("endpoints.listByTech") { call in
            let technology = call.path("tech")
            guard core.technologyNames.contains(where: { $0.lowercased() == technology.lowercased() }) else {
                throw ARIError(404, "No Endpoints found - invalid tech \(technology)")
            }
            return .ok(core.endpoints.all(technology: technology).map(\.snapshot))
        }
        on("endpoints.get") { call in
            guard let endpoint = core.endpoints[call.path("tech"), call.path("resource")] else { throw ARIError.endpointNotFound }
            return .ok(endpoint.snapshot)
        }
        on("endpoints.sendMessage") { call in try core.sendMessage(call, to: try addressee(call)) }
        on("endpoints.sendMessageToEndpoint") { call in try core.sendMessage(call, to: core.endpoint(call)) }
        on("endpoints.refer") { call in try core.refer(call, at: try addressee(call)) }
        on("endpoints.referToEndpoint") { call in try core.refer(call, at: core.endpoint(call)) }
    }
}

extension ARIError {
    fileprivate static let endpointNotFound = ARIError(404, "Endpoint not found")
}

/// Where a message goes.
private typealias Addressee = (technology: String, resource: String)

/// Reads `to`, such as `pjsip:6002`.
private func addressee(_ call: ARICall) throws(ARIError) -> Addressee {
    guard let to = call.nonEmpty("to") else { throw ARIError(400, "To must be specified") }
    guard let colon = to.firstIndex(of: ":") else { throw .endpointNotFound }
    return (String(to[..<colon]), String(to[to.index(after: colon)...]))
}

/// Reads the variables of a message: texts only.
private func textVariables(_ call: ARICall) throws(ARIError) -> [NamedValue] {
    var variables: [NamedValue] = []
    for member in call.body?["variables"]?.object?.members ?? [] {
        guard let text = member.value.string else { throw ARIError(400, "Only string values in the 'variables' object allowed") }
        variables.append(NamedValue(member.name, text))
    }
    return variables
}

extension CallCore {
    fileprivate func endpoint(_ call: ARICall) throws(ARIError) -> Addressee {
        let (technology, resource) = (call.path("tech"), call.path("resource"))
        guard endpoints[technology, resource] != nil else { throw .endpointNotFound }
        return (technology, resource)
    }

    fileprivate func sendMessage(_ call: ARICall, to addressee: Addressee) throws(ARIError) -> ARIResponse {
        let message = OutgoingMessage(
            from: call.nonEmpty("from"), body: call.string("body") ?? "", variables: try textVariables(call))
        guard send(message, technology: addressee.technology, resource: addressee.resource) else { throw .endpointNotFound }
        return .accepted
    }

    fileprivate func refer(_ call: ARICall, at addressee: Addressee) throws(ARIError) -> ARIResponse {
        let variables = try textVariables(call)
        guard let referTo = call.nonEmpty("refer_to") else { throw ARIError(400, "Missing parameter refer_to") }
        let referral = EndpointReferral(
            from: call.nonEmpty("from"), referTo: referTo, isToSelf: call.bool("to_self"),
            displayName: variables.first { $0.name == "display_name" }?.value,
            variables: variables.filter { $0.name != "display_name" })
        guard refer(referral, technology: addressee.technology, resource: addressee.resource) else { throw .endpointNotFound }
        return .accepted
    }
}
