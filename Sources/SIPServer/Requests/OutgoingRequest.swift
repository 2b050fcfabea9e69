import CallCore
import SIP

/// One request of ours outside of any dialog, sent once: MESSAGE, REFER or NOTIFY. What becomes of it is only logged.
@CallActor
final class OutgoingRequest: Requester {
    private let request: SIPRequest
    private let target: CallTarget
    private let signalling: Signalling

    private init(_ request: SIPRequest, to target: CallTarget, signalling: Signalling) {
        self.request = request
        self.target = target
        self.signalling = signalling
    }

    /// Sends a request to a device; `fill` adds what is special to the method.
    ///
    /// - Parameter from: Who sends it; nil for a sender that wants no name (RFC 3323 section 4.1.1.3).
    static func send(
        _ method: SIPMethod, to target: CallTarget, from: NameAddr?, signalling: Signalling,
        _ fill: (inout SIPRequest, SIPFlow) -> Void
    ) {
        var request = SIPRequest(method: method, target: .sip(target.uri))
        for route in target.routes { request.headers.add("Route", route.description) }
        var sender = from ?? NameAddr(displayName: "Anonymous", uri: SIPURI(user: "anonymous", host: "anonymous.invalid"))
        sender.parameters = SIPParameters()
        sender.tag = signalling.newToken()
        request.headers.from = sender
        request.headers.to = NameAddr(uri: .sip(target.uri))
        request.headers.callID = signalling.newToken() + signalling.newToken()
        request.headers.cseq = CSeq(number: 1, method: method)
        let flow = signalling.expectedFlow(to: target)
        request.headers.add("Contact", signalling.contact(for: flow))
        request.headers.add("User-Agent", signalling.settings.userAgent)
        fill(&request, flow)
        OutgoingRequest(request, to: target, signalling: signalling).send()
    }

    private func send() {
        if let flow = target.flow, signalling.transports.isOpen(flow) { return send(over: flow) }
        signalling.transports.findFlow(to: NextHop(target.firstHop)) { [self] result in
            switch result {
            case .success(let flow): send(over: flow)
            case .failure(let problem): failed("\(problem)")
            }
        }
    }

    private func send(over flow: SIPFlow) {
        signalling.send(request, over: flow, for: self) { _ in }
    }

    func received(_ response: SIPResponse, to id: ClientTransactionID) {
        if response.status >= 300 { failed("\(response.status) \(response.reason)") }
    }

    func timedOut(_ id: ClientTransactionID) { failed("no answer") }
    func notSent(_ id: ClientTransactionID) { failed("it could not be sent") }
    func terminated(_ id: ClientTransactionID) {}

    private func failed(_ reason: String) {
        signalling.log.warning("\(request.method.name) had no effect", "to \(target.uri): \(reason)", callID: request.headers.callID)
    }
}
