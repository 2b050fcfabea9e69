public import ARIModel
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
        guard let user = user(of: identity) else { return .answer(unauthorized(nil, from: address)) }
        return take(request, user: user, from: address)
    }

    private func take(_ request: RESTRequest, user: ARIUser, from address: String) -> RESTOutcome {
        let call = RESTCall(
            method: request.method, path: request.path[...], prefix: "/ari", fields: request.fields, body: request.body, basePath: nil)
        switch route(call, user: user, from: address) {
        case .webSocket: return .answer(.error(400, "Can't upgrade to websocket from a websocket"))
        case .outcome(let outcome): return withoutFile(outcome)
        }
    }

    /// Carries out an operation inside of the program, as a user of all applications would; files are not given this way.
    ///
    /// - Parameter path: below the prefix, without a leading slash.
    public func perform(_ method: String, _ path: String, fields: [NamedValue], body: JSONValue?) async -> ARIResponse {
        let user = ARIUser(name: "", password: .plain(""))
        var outcome = take(RESTRequest(method: method, path: path, fields: fields, body: body), user: user, from: "")
        while case .later(let work) = outcome { outcome = await work() }
        guard case .answer(let response) = outcome else { return .error(500, "Internal Server Error") }
        return response
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
        return authenticationRequired
    }

    private var authenticationRequired: ARIResponse {
        var response = ARIResponse.error(401, "Authentication required")
        response.realm = settings.realm
        return response
    }

    /// Notes credentials that are wrong; the answer waits the longer the more often that happens.
    func refuse(_ credentials: Credentials?, from address: String) -> RESTOutcome {
        guard let credentials else { return .answer(authenticationRequired) }
        let response = unauthorized(credentials, from: address)
        let delayMs = loginGuard.failed(address, name: credentials.name, nowMs: scheduler.nowMs)
        guard delayMs > 0 else { return .answer(response) }
        return .later { [self] in
            await withCheckedContinuation { continuation in _ = scheduler.schedule(afterMs: delayMs) { continuation.resume() } }
            return .answer(response)
        }
    }

    /// The answer to an address that is blocked after too many failures; nil for others.
    func blocked(_ address: String) -> ARIResponse? {
        guard let seconds = loginGuard.blockedSeconds(address, nowMs: scheduler.nowMs) else { return nil }
        var response = ARIResponse.error(429, "Too many failed log-ins from this address. Try again in \(seconds) s")
        response.retryAfterSeconds = seconds
        return response
    }

    // MARK: From the user's rights to the handler, in the reference's order

    /// Finds and carries out the operation that a request names.
    func route(_ call: RESTCall, user: ARIUser, from address: String) -> RESTRoute {
        do throws(ARIError) { try user.authorize(.request(method: call.method, address: address)) } catch {
            return .outcome(.answer(error.response))
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
                ARICall(
                    id: routed.id, operation: routed.operation, user: user, pathValues: match.values, fields: call.fields, body: call.body))
        )
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
        do throws(ARIError) { try call.user.authorize(.operation(call)) } catch { return .answer(error.response) }
        switch routed.handler {
        case .sync(let handler):
            do { return .answer(try handler(call)) } catch { return .answer(failure(error, of: routed)) }
        case .async(let handler):
            return .later { [self] in
                do { return .answer(try await handler(call)) } catch { return .answer(failure(error, of: routed)) }
            }
        }
    }

    private func failure(_ error: any Error, of routed: RoutedOperation) -> ARIResponse {
        if let error = error as? ARIError { return error.response }
        log.error("operation failed", metadata: ["operation": "\(routed.id)", "error": "\(error)"])
        return .error(500, "Internal Server Error")
    }
}
