import ARIModel
import CallCore

/// What a client asks for over HTTP, after the path was found to lead to ARI.
private struct ARIHTTPRequest {
    let http: HTTPRequest
    /// The prefix by which the request came, such as `/ari`.
    let prefix: String
    /// The path below the prefix, not decoded.
    let path: Substring
    /// Form fields, then query fields.
    var fields: [NamedValue]
    var body: JSONValue?
    /// The header fields that let a web page read the answer.
    var origin: OriginFields
    let connection: Connection
}

extension ARIServer: HTTPRequestTaker {
    func take(_ request: HTTPRequest, from connection: Connection) -> HTTPOutcome {
        let target = request.target
        let separator = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let path = target[..<separator]
        if let prefix = prefix(of: path) {
            guard settings.isEnabled else {
                return .answer(page(404, "The Asterisk REST Interface is switched off. Switch on \"Use ARI Interface\" in the settings."))
            }
            let query = target[separator...].dropFirst()
            let rest = path[path.utf8.index(path.startIndex, offsetBy: prefix.utf8.count)...]
            return takeARI(
                ARIHTTPRequest(
                    http: request, prefix: prefix, path: rest.utf8.first == UInt8(ascii: "/") ? rest.dropFirst() : rest,
                    fields: formFields(query),
                    origin: OriginFields(request, settings: settings), connection: connection))
        }
        if let route = webSocketRoutes.first(where: { $0.matches(path) }) {
            return upgrade(request, path: String(path), route: route, on: connection)
        }
        for folder in pageFolders { if let answer = folder.answer(request, path: path) { return .answer(answer) } }
        return .answer(page(404, "Nothing is found at this address."))
    }

    /// Finds the prefix under which a path lies, if any.
    private func prefix(of path: Substring) -> String? {
        settings.prefixes.first { prefix in
            path.utf8.starts(with: prefix.utf8)
                && (path.utf8.dropFirst(prefix.utf8.count).first ?? UInt8(ascii: "/")) == UInt8(ascii: "/")
        }
    }

    func answer(_ fault: HTTPRequestFault, to request: HTTPRequest?) -> HTTPResponse {
        switch fault {
        case .malformed: return page(400, "The request can't be read")
        case .lineTooLong: return page(400, "A line of the header is too long")
        case .tooManyFields: return page(413, "Too many header fields")
        case .unknownMethod: return page(405, "Unknown method")
        case .unknownTransferCoding: return page(501, "Unknown transfer encoding")
        case .unsupportedVersion: return page(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here")
        case .bodyTooLarge:
            guard let request, prefix(of: request.target[...].prefix { $0 != "?" }) != nil else {
                return page(413, "Request body too large")
            }
            return http(.error(413, "Request body too large"), prefix: "", origin: OriginFields(request, settings: settings))
        }
    }

    // MARK: The checks of one request, in the reference's order

    private func takeARI(_ request: ARIHTTPRequest) -> HTTPOutcome {
        var request = request
        if let answer = preflight(request) { return .answer(answer) }
        guard parseBody(of: &request) else { return .answer(http(.error(400, "Error parsing request body"), request)) }
        let credentials = Credentials.of(
            authorization: request.http.field("Authorization"), apiKey: request.fields.last { $0.name == "api_key" }?.value)
        let address = request.connection.remoteAddress
        if let response = blocked(address) { return .answer(http(response, request)) }
        switch authenticator.authenticate(credentials) {
        case .denied: return http(refuse(credentials, from: address), request)
        case .user(let user): return takeARI(request, user: user)
        case .checking(let check):
            let checked = request
            return .later { [self] in
                guard let user = await check() else { return http(refuse(credentials, from: address), checked) }
                return takeARI(checked, user: user)
            }
        }
    }

    /// Tells a browser which methods a page of an allowed origin may use; it asks that without credentials.
    private func preflight(_ request: ARIHTTPRequest) -> HTTPResponse? {
        guard !settings.authenticatesPreflight, request.http.method == "OPTIONS", !request.origin.fields.isEmpty,
            request.http.field("Access-Control-Request-Method") != nil, let match = routes.match(request.path)
        else { return nil }
        var response = ARIResponse.noContent
        response.allow = match.node.allow
        return http(response, request)
    }

    /// - Returns: false when the body is not what its type says.
    private func parseBody(of request: inout ARIHTTPRequest) -> Bool {
        let body = request.http.body
        guard !body.isEmpty else { return true }
        switch request.http.contentType {
        case "application/json":
            guard let json = try? JSONParser.parse(body), json.object != nil || json.array != nil else { return false }
            request.body = json
        case "application/x-www-form-urlencoded":
            request.fields = formFields(String(decoding: body, as: UTF8.self)[...]) + request.fields
        default: break
        }
        return true
    }

    private func takeARI(_ request: ARIHTTPRequest, user: ARIUser) -> HTTPOutcome {
        authenticator.noteUse(of: user, from: request.connection.remoteAddress)
        guard isReady else {
            var answer = http(.error(503, "Asterisk not booted"), request)
            answer.closes = true
            return .answer(answer)
        }
        let host = request.http.field("Host").map { "\(request.connection.isEncrypted ? "https" : "http")://\($0)\(request.prefix)" }
        let call = RESTCall(
            method: request.http.method, path: request.path, prefix: request.prefix, fields: request.fields, body: request.body,
            basePath: host)
        switch route(call, user: user, from: request.connection.remoteAddress) {
        case .outcome(let outcome): return http(outcome, request)
        case .webSocket: return openEventSocket(request, user: user)
        }
    }

    private func http(_ outcome: RESTOutcome, _ request: ARIHTTPRequest) -> HTTPOutcome {
        switch outcome {
        case .answer(let response): .answer(http(response, request))
        case .later(let work): .later { [self] in http(await work(), request) }
        }
    }

    // MARK: Answers

    private func http(_ response: ARIResponse, _ request: ARIHTTPRequest) -> HTTPResponse {
        var answer = http(response, prefix: request.prefix, origin: request.origin)
        if request.http.method == "OPTIONS", response.status == 204, let allow = response.allow {
            answer.fields += request.origin.preflight(request.http, allow: allow)
        }
        return answer
    }

    private func http(_ response: ARIResponse, prefix: String, origin: OriginFields) -> HTTPResponse {
        var answer = HTTPResponse(status: response.status, reason: response.reason, fields: origin.fields)
        if let realm = response.realm { answer.fields.append(NamedValue("WWW-Authenticate", "Basic realm=\"\(realm)\"")) }
        if let allow = response.allow { answer.fields.append(NamedValue("Allow", allow)) }
        if let seconds = response.retryAfterSeconds { answer.fields.append(NamedValue("Retry-After", String(seconds))) }
        if let location = response.location { answer.fields.append(NamedValue("Location", prefix + location)) }
        switch response.body {
        case .none: break
        case .json(let json):
            answer.body = .bytes(settings.isPretty ? JSONIndenter.indent(json) : json, contentType: "application/json")
        case .file(let content): answer.body = .stream(content)
        }
        return answer
    }

    // MARK: The event WebSocket

    private func openEventSocket(_ request: ARIHTTPRequest, user: ARIUser) -> HTTPOutcome {
        switch WebSocketHandshake.check(request.http, subprotocol: "ari") {
        case .notAnUpgrade: return .answer(upgradeRequired)
        case .refused(let why): return .answer(page(400, why))
        case .accepted(let subprotocol):
            guard let list = request.fields.last(where: { $0.name == "app" })?.value else {
                return .answer(page(400, "HTTP request is missing param: [app]"))
            }
            let applications = splitList(list)
            guard applications.count <= ARICall.listLimit else { return .answer(page(400, "Too many values for app")) }
            do throws(ARIError) { try user.authorize(.events(applications)) } catch { return .answer(http(error.response, request)) }
            let subscribeAll = request.fields.last { $0.name == "subscribeAll" }.map { isTrue($0.value) } ?? false
            var deliveries: [EventDelivery]
            do throws(ARIError) {
                deliveries = try EventDelivery.deliveries(request.fields, count: applications.count)
                for index in deliveries.indices { deliveries[index].scope = user.scope }
            } catch {
                return .answer(page(error.status, error.message))
            }
            guard
                let socket = registerEventSocket(
                    applications, subscribeAll: subscribeAll, deliveries: deliveries, login: Login(user), request)
            else {
                return .answer(page(500, "Stasis app registration failed"))
            }
            return .upgrade(socket, subprotocol: subprotocol)
        }
    }

    /// Registers the applications before the socket is open, so that no event is lost between.
    private func registerEventSocket(
        _ applications: [String], subscribeAll: Bool, deliveries: [EventDelivery], login: Login, _ request: ARIHTTPRequest
    ) -> WebSocketConnection? {
        let socket = WebSocketConnection(limits: eventLimits(for: deliveries), remoteAddress: request.connection.remoteAddress) {
            [weak self] address in
            self?.slowReaderCutOff(applications: applications, remoteAddress: address)
        }
        let eventSocket = EventSocket(
            applications: applications, identity: .login(login), socket: socket, server: self)
        guard sessions.register(applications: applications, subscribeAll: subscribeAll, deliveries: deliveries, sink: eventSocket) else {
            return nil
        }
        socket.delegate = eventSocket
        add(eventSocket)
        return socket
    }

    /// The bounds of an event socket, with room for what a client missed.
    func eventLimits(for deliveries: [EventDelivery]) -> WebSocketLimits {
        var limits = WebSocketLimits()
        limits.outboxBytes = settings.outboxByteLimit
        limits.outboxMessages = settings.outboxMessageLimit
        if deliveries.contains(where: { $0.resumePoint != nil }) {
            limits.outboxBytes += EventBacklog.byteLimit * deliveries.count
            limits.outboxMessages += EventBacklog.eventLimit * deliveries.count
        }
        return limits
    }
}
