import ARIModel
import CallCore
import SIP

/// Texts to and from phones (RFC 3428), and phones sent elsewhere outside of calls (RFC 3515).
extension SIPTechnology {
    /// Fields that variables of a message can't set: they are the request's own.
    private static let ownFields: Set<String> = [
        "via", "from", "to", "call-id", "cseq", "contact", "max-forwards", "route", "record-route", "content-length", "content-type",
        "authorization", "proxy-authorization", "require", "proxy-require", "supported", "user-agent", "refer-to", "event",
        "v", "f", "t", "i", "m", "l", "c", "k", "r", "o",
    ]
    private static let textType = "text/plain"

    public func send(_ message: OutgoingMessage, to resource: String) -> Bool {
        guard let target = reachable(resource) else { return false }
        OutgoingRequest.send(.message, to: target, from: sender(message.from, toward: target), signalling: signalling) { request, _ in
            add(message.variables, to: &request)
            request.headers.contentType = Self.textType
            request.body = Array(message.body.utf8)
        }
        return true
    }

    public func refer(_ referral: EndpointReferral, at resource: String) -> Bool {
        guard let target = reachable(resource) else { return false }
        OutgoingRequest.send(.refer, to: target, from: sender(referral.from, toward: target), signalling: signalling) { request, flow in
            add(referral.variables, to: &request)
            request.headers.add("Refer-To", referTo(referral, over: flow).description)
            if let from = request.headers.from { request.headers.add("Referred-By", NameAddr(uri: from.uri).description) }
        }
        return true
    }

    /// The preferred device of an endpoint, or an address that belongs to none; nil when there is no way to it.
    private func reachable(_ resource: String) -> CallTarget? {
        guard let target = DialTarget(resource), target.endpoint.map({ directory[$0] != nil }) ?? true else { return nil }
        return try? targets(of: target, resource).first
    }

    /// Reads who a request is from: an address, or a user of this server.
    private func sender(_ text: String?, toward target: CallTarget) -> NameAddr? {
        guard let text, !text.isEmpty else { return nil }
        if let address = NameAddr(text), address.uri.sip != nil { return address }
        let user = text.hasPrefix("pjsip:") ? String(text.dropFirst(6)) : text
        let flow = signalling.expectedFlow(to: target)
        return NameAddr(uri: SIPURI(user: user, host: signalling.ownAddress(for: flow).host))
    }

    private func referTo(_ referral: EndpointReferral, over flow: SIPFlow) -> NameAddr {
        let own = signalling.ownAddress(for: flow)
        let wanted = NameAddr(referral.referTo)
        var uri = wanted?.uri.sip ?? SIPURI(user: referral.referTo, host: own.host, port: own.port)
        if referral.isToSelf { uri = SIPURI(user: uri.user ?? referral.referTo, host: own.host, port: own.port) }
        return NameAddr(displayName: referral.displayName ?? wanted?.displayName, uri: uri)
    }

    private func add(_ variables: [NamedValue], to request: inout SIPRequest) {
        for variable in variables where SIPHeaders.isFieldName(variable.name) && !Self.ownFields.contains(variable.name.lowercased()) {
            request.headers.add(variable.name, String(variable.value.map { $0.isNewline ? " " : $0 }))
        }
    }

    // MARK: - From phones

    /// Takes a text whose sender proved to be `endpoint`.
    func receiveMessage(_ id: ServerTransactionID, _ request: SIPRequest, over flow: SIPFlow, from endpoint: SIPEndpoint) {
        let from = request.headers.from.map { withoutPort(NameAddr(displayName: $0.displayName, uri: $0.uri)).description } ?? ""
        let to = request.target.sip.map { "pjsip:\($0.user.map { "\($0)@" } ?? "")\($0.host)" } ?? ""
        let message = TextMessage(
            from: from, to: to, body: String(decoding: request.body, as: UTF8.self), variables: facts(of: request, flow, endpoint))
        signalling.respondStatelessly(id, SIPRejection(endpoint.shown.received(message) ? 202 : 404))
    }

    private func facts(of request: SIPRequest, _ flow: SIPFlow, _ endpoint: SIPEndpoint) -> [NamedValue] {
        let name = endpoint.settings.callerID.name
        var facts = [
            NamedValue("PJSIP_RECVADDR", flow.remote.hostPort), NamedValue("PJSIP_TRANSPORT", flow.transport.uriToken),
            NamedValue("PJSIP_ENDPOINT", name.isEmpty ? endpoint.name : name),
        ]
        for (name, value) in request.headers.all where !facts.contains(where: { $0.name == name }) {
            let isIdentity = ["from", "to", "f", "t"].contains(name.lowercased())
            facts.append(NamedValue(name, isIdentity ? NameAddr(value).map { withoutPort($0).description } ?? value : value))
        }
        facts.append(NamedValue("Content-Length", String(request.body.count)))
        return facts
    }

    /// Leaves out the port, which From and To do not have (RFC 3261 section 19.1.1, table 1).
    private func withoutPort(_ address: NameAddr) -> NameAddr {
        guard var uri = address.uri.sip else { return address }
        uri.port = nil
        return NameAddr(displayName: address.displayName, uri: .sip(uri), parameters: address.parameters)
    }
}
