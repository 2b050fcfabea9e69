import ARIModel
import CallCore
import Logging

/// A REST request, however it came.
struct RESTCall: Sendable {
    let method: String
    /// Below the prefix, not decoded.
    let path: Substring
    let prefix: String
    let fields: [NamedValue]
    let body: JSONValue?
    /// What the API description names as its base; nil when unknown.
    let basePath: String?
}

/// What becomes of a REST request.
enum RESTOutcome {
    case answer(ARIResponse)
    case later(@CallActor () async -> RESTOutcome)
}

/// Where a REST request leads.
enum RESTRoute {
    case outcome(RESTOutcome)
    /// To the event WebSocket.
    case webSocket
}

extension ARIServer {
    /// Carries out a request that came over a WebSocket, with the rights of the socket's user checked again.
    func take(_ request: RESTRequest, as identity: EventSocket.Identity, from address: String) -> RESTOutcome {
        let credentials: Credentials?
        switch identity {
        case .user(let name):
            guard let user = authenticator.user(named: name) else { return .answer(unauthorized(nil, from: address)) }
            return take(request, user: user)
        case .credentials(let shown): credentials = shown
        }
        switch authenticator.authenticate(credentials) {
        case .denied: return .answer(unauthorized(credentials, from: address))
        case .user(let user): return take(request, user: user)
        case .checking(let check):
            return .later { [self] in
                guard let user = await check() else { return .answer(unauthorized(credentials, from: address)) }
                return take(request, user: user)
            }
        }
    }

    private func take(_ request: RESTRequest, user: ARIUser) -> RESTOutcome {
        let call = RESTCall(
            method: request.method, path: request.path[...], prefix: "/ari", fields: request.fields, body: request.body, basePath: nil)
        switch route(call, user: user) {
        case .webSocket: return .answer(.error(400, "Can't upgrade to websocket from a websocket"))
        case .outcome(let outcome): return withoutFile(outcome)
        }
    }

    /// Refuses what can't be sent as a message.
    private func withoutFile(_ outcome: RESTOutcome) -> RESTOutcome {
        switch outcome {
        case .answer(let response):
            guard case .file = response.body else { return .answer(response) }
            return .answer(.error(406, "Not Acceptable.  Use HTTP GET"))
        case .later(let work):
            return .later { [self] in withoutFile(await work()) }
        }
    }

    func unauthorized(_ credentials: Credentials?, from address: String) -> ARIResponse {
        if let credentials {
            log.notice("ARI credentials refused", metadata: ["user": "\(credentials.name)", "address": "\(address)"])
        }
        var response = ARIResponse.error(401, "Authentication required")
        response.realm = settings.realm
        return response
    }

    // MARK: From the user's rights to the handler, in the reference's order

    /// Finds and carries out the operation that a request names.
    func route(_ call: RESTCall, user: ARIUser) -> RESTRoute {
        if user.isReadOnly, call.method != "GET", call.method != "OPTIONS" {
            return .outcome(.answer(.error(403, "Write access denied")))
        }
        if call.path.utf8.last == UInt8(ascii: "/") {
            let better = call.prefix + "/" + String(call.path.reversed().drop { $0 == "/" }.reversed())
            return .outcome(.answer(.error(404, "ARI URLs do not end with a slash. Try \(better)")))
        }
        let documents = "api-docs/"
        if call.path.utf8.starts(with: documents.utf8) { return .outcome(.answer(describe(call, call.path.dropFirst(documents.count)))) }
        guard let match = routes.match(call.path) else { return .outcome(.answer(.error(404, "Resource not found"))) }
        if call.method == "OPTIONS" {
            var response = ARIResponse.noContent
            response.allow = match.node.allow
            return .outcome(.answer(response))
        }
        guard let method = ARIMethod(rawValue: call.method), let routed = match.node.operations[method] else {
            var response = ARIResponse.error(405, "Invalid method")
            response.allow = match.node.allow
            return .outcome(.answer(response))
        }
        if routed.operation.isWebSocket { return .webSocket }
        return .outcome(
            run(
                routed,
                ARICall(operation: routed.operation, user: user, pathValues: match.values, fields: call.fields, body: call.body)))
    }

    private func describe(_ call: RESTCall, _ name: Substring) -> ARIResponse {
        guard call.method == "GET" else { return .error(405, "Unsupported method") }
        let suffix = ".json"
        guard name.hasSuffix(suffix) else { return .error(404, "Resource not found") }
        let resource = String(name.dropLast(suffix.count))
        guard let json = document(named: resource, call) else { return .error(404, "Resource not found") }
        return ARIResponse(200, body: .json(json))
    }

    private func document(named name: String, _ call: RESTCall) -> [UInt8]? {
        switch name {
        case "resources": return APIDescription.resourceList(basePath: call.basePath)
        case "openapi": return OpenAPIDescription.document(basePath: call.basePath, version: settings.version)
        case "asyncapi":
            let parts = call.basePath?.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true) ?? []
            return AsyncAPIDescription.document(
                host: parts.count > 1 ? String(parts[1]) : "localhost", pathPrefix: call.prefix, isEncrypted: parts.first == "https:",
                version: settings.version)
        default: return APIDescription.declaration(of: name, basePath: call.basePath)
        }
    }

    private func run(_ routed: RoutedOperation, _ call: ARICall) -> RESTOutcome {
        if let response = refuseApplication(call) { return .answer(response) }
        switch routed.handler {
        case .sync(let handler):
            do { return .answer(try handler(call)) } catch { return .answer(failure(error, of: routed)) }
        case .async(let handler):
            return .later { [self] in
                do { return .answer(try await handler(call)) } catch { return .answer(failure(error, of: routed)) }
            }
        }
    }

    /// Refuses operations that name an application which the user may not act for.
    private func refuseApplication(_ call: ARICall) -> ARIResponse? {
        guard call.user.applications != nil else { return nil }
        for parameter in call.operation.parameters where ["app", "application", "applicationName"].contains(parameter.name) {
            let name = parameter.place == .path ? call.path(parameter.name) : call.string(parameter.name) ?? ""
            if !name.isEmpty, !call.user.mayUse(application: name) {
                return .error(403, "The user may not act for this application")
            }
        }
        return nil
    }

    private func failure(_ error: any Error, of routed: RoutedOperation) -> ARIResponse {
        if let error = error as? ARIError { return error.response }
        log.error("operation failed", metadata: ["operation": "\(routed.id)", "error": "\(error)"])
        return .error(500, "Internal Server Error")
    }
}
