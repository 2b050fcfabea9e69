import Testing

@testable import SIP

/// A session by itself: requests and responses are made by hand, and what it does is told as words.
final class SessionBench {
    let session: InviteSession
    /// The INVITE, ours or theirs.
    let invite: SIPRequest
    private(set) var sent: [(request: SIPRequest, token: RequestToken)] = []
    private(set) var responses: [SIPResponse] = []
    private(set) var offer: OfferToken?
    var now = SIPInstant(nanoseconds: 0)
    private var nextServer: UInt64 = 1
    private var peerSequence: UInt32 = 100

    /// We call.
    init(calling sdp: String? = "offer") throws {
        let party = try #require(NameAddr("<sip:bob@example.com>"))
        session = InviteSession(
            calling: OutgoingCall(target: party.uri, from: party, to: party, callID: "c", sdp: sdp.map { Array($0.utf8) }),
            configuration: InviteSessionConfiguration(contact: "<sip:me@192.0.2.1>"),
            tokens: SIPTokenSource(seed0: 1, seed1: 1))
        guard case .send(let request, let token, _) = session.start(at: now).first else { throw CancellationError() }
        invite = request
        sent = [(request, token)]
    }

    /// They call.
    init(answering change: (inout SIPRequest) -> Void) throws {
        var request = SIPRequest(method: .invite, target: try #require(RequestTarget("sip:me@192.0.2.1")))
        for (name, value) in [
            ("From", "<sip:bob@example.com>;tag=peer"), ("To", "<sip:me@192.0.2.1>"), ("Call-ID", "c"),
            ("CSeq", "100 INVITE"), ("Contact", "<sip:bob@192.0.2.9>"), ("Allow", "INVITE, UPDATE"),
            ("Supported", "100rel"),
        ] { request.headers.add(name, value) }
        request.body = Array("offer".utf8)
        change(&request)
        invite = request
        session = InviteSession(
            answering: request, ServerTransactionID(number: 0),
            configuration: InviteSessionConfiguration(contact: "<sip:me@192.0.2.1>"),
            tokens: SIPTokenSource(seed0: 1, seed1: 1))
    }

    /// The token of the latest request sent.
    var token: RequestToken { sent[sent.count - 1].token }
    var lastRequest: SIPRequest { sent[sent.count - 1].request }

    func response(
        _ status: Int, _ tag: String = "peer", to request: SIPRequest? = nil, sdp: String? = nil, rseq: Int? = nil,
        headers: [(name: String, value: String)] = []
    ) -> SIPResponse {
        var response = (request ?? invite).response(status, toTag: tag)
        response.headers.add("Contact", "<sip:\(tag)@192.0.2.9>")
        if let rseq {
            response.headers.add("Require", "100rel")
            response.headers.add("RSeq", String(rseq))
        }
        for header in headers { response.headers.add(header.name, header.value) }
        response.body = sdp.map { Array($0.utf8) } ?? []
        return response
    }

    /// Hands over a response to the request of that token, the INVITE's when nil.
    func take(_ response: SIPResponse, for token: RequestToken? = nil) -> [String] {
        words(session.receive(response, for: token ?? sent[0].token, at: now))
    }

    /// Hands over a request of the far end in the dialog.
    func take(_ method: SIPMethod, sdp: String? = nil, headers: [(name: String, value: String)] = []) -> [String] {
        peerSequence += 1
        nextServer += 1
        var request = SIPRequest(method: method, target: .other(scheme: "", text: ""))
        request.headers.add("From", "<sip:bob@example.com>;tag=peer")
        request.headers.add("To", "<sip:me@192.0.2.1>;tag=\(session.leg.localTag)")
        request.headers.add("CSeq", "\(peerSequence) \(method.name)")
        for header in headers { request.headers.add(header.name, header.value) }
        request.body = sdp.map { Array($0.utf8) } ?? []
        return words(session.receive(request, ServerTransactionID(number: nextServer), at: now))
    }

    func acknowledge(sdp: String? = nil) -> [String] {
        var ack = SIPRequest(method: .ack, target: .other(scheme: "", text: ""))
        let answered = responses.last { $0.headers.cseq?.method == .invite }?.headers.cseq
        ack.headers.add("CSeq", "\(answered?.number ?? 0) ACK")
        ack.body = sdp.map { Array($0.utf8) } ?? []
        return words(session.receiveACK(ack, at: now))
    }

    func command(_ command: (InviteSession, SIPInstant) -> [SessionAction]) -> [String] {
        words(command(session, now))
    }

    func advance(byMs milliseconds: Int) -> [String] {
        now = now.advanced(byMs: milliseconds)
        return words(session.advance(to: now))
    }

    private func words(_ actions: [SessionAction]) -> [String] {
        actions.map { action in
            switch action {
            case .send(let request, let token, _):
                sent.append((request, token))
                return "\(request.method) \(request.headers.to?.tag ?? "-")"
            case .acknowledge(let request, _): return "ACK \(request.headers.to?.tag ?? "-")"
            case .cancel: return "cancel"
            case .respond(_, let response):
                responses.append(response)
                return "\(response.status) \(response.headers.cseq?.method.name ?? "?")"
            case .retransmitResponse: return "again"
            case .event(let event):
                switch event {
                case .offerReceived(_, let token), .offerNeeded(let token): offer = token
                default: break
                }
                return SimulatedEndpoint.name(event)
            }
        }
    }
}
