import CallCore
import SIP

/// A registered device, and whether it answers: asked with OPTIONS at once and ever so often where its endpoint wants that.
@CallActor
final class RegisteredContact: Requester {
    let endpoint: SIPEndpoint
    /// The URI that ARI shows.
    let shownURI: String
    private let uri: SIPURI
    private var binding: RegistrarBinding
    private let signalling: Signalling
    private var timer: TimerID?
    /// The question that has no answer yet, and when it was asked.
    private var question: (id: ClientTransactionID, askedAt: SIPInstant)?
    private var intervalMs = 0
    private var isStopped = false

    init(_ binding: RegistrarBinding, uri: SIPURI, endpoint: SIPEndpoint, signalling: Signalling) {
        self.binding = binding
        self.uri = uri
        self.endpoint = endpoint
        self.signalling = signalling
        shownURI = uri.description
    }

    func start() {
        endpoint.shown.contact(shownURI, is: .nonQualified)
        applyInterval()
    }

    func refresh(_ binding: RegistrarBinding) {
        self.binding = binding
    }

    func stop(tells: Bool) {
        isStopped = true
        cancelTimer()
        if tells { endpoint.shown.contact(shownURI, is: .removed) }
    }

    /// Starts, stops or paces the questions as the endpoint's settings say now.
    func applyInterval() {
        let wanted = max(0, endpoint.settings.qualifyMs)
        guard wanted != intervalMs else { return }
        intervalMs = wanted
        question = nil
        cancelTimer()
        if wanted > 0 { ask() } else { endpoint.shown.contact(shownURI, is: .nonQualified) }
    }

    /// The time for an answer is over, or the time for the next question has come.
    func fire() {
        timer = nil
        guard !isStopped, intervalMs > 0 else { return }
        if question != nil {
            conclude(.unreachable)
        } else {
            ask()
        }
    }

    private func ask() {
        guard !isStopped else { return }
        let route = binding.path.first.flatMap { NameAddr($0)?.uri.sip }
        if route == nil, signalling.transports.isOpen(binding.flow) { return ask(over: binding.flow) }
        signalling.transports.findFlow(to: NextHop(route ?? uri)) { [weak self] result in
            guard let self, !self.isStopped else { return }
            switch result {
            case .success(let flow): self.ask(over: flow)
            case .failure: self.conclude(.unreachable)
            }
        }
    }

    private func ask(over flow: SIPFlow) {
        let askedAt = signalling.now
        signalling.send(request(flow), over: flow, for: self) { question = ($0, askedAt) }
        // What can't be sent is concluded already.
        guard question != nil else { return }
        schedule(afterMs: max(1, endpoint.settings.qualifyTimeoutMs))
    }

    private func request(_ flow: SIPFlow) -> SIPRequest {
        let own = signalling.ownAddress(for: flow)
        var request = SIPRequest(method: .options, target: .sip(uri))
        for value in binding.path { request.headers.add("Route", value) }
        request.headers.from = NameAddr(uri: SIPURI(user: endpoint.name, host: own.host), tag: signalling.newToken())
        request.headers.to = NameAddr(uri: .sip(uri))
        request.headers.callID = signalling.newToken() + signalling.newToken()
        request.headers.cseq = CSeq(number: 1, method: .options)
        request.headers.add("Contact", signalling.contact(for: flow))
        request.headers.add("User-Agent", signalling.settings.userAgent)
        return request
    }

    /// Any final response shows that the device is there.
    func received(_ response: SIPResponse, to id: ClientTransactionID) {
        guard response.isFinal, let asked = question, asked.id == id else { return }
        let nanoseconds = signalling.now.nanoseconds &- asked.askedAt.nanoseconds
        conclude(.reachable, roundTripMicroseconds: Int(clamping: nanoseconds / 1_000))
    }

    func timedOut(_ id: ClientTransactionID) {
        if question?.id == id { conclude(.unreachable) }
    }

    func notSent(_ id: ClientTransactionID) {
        if question?.id == id { conclude(.unreachable) }
    }

    func terminated(_ id: ClientTransactionID) {}

    private func conclude(_ status: Endpoint.ContactStatus, roundTripMicroseconds: Int = 0) {
        question = nil
        guard !isStopped else { return }
        endpoint.shown.contact(shownURI, is: status, roundTripMicroseconds: roundTripMicroseconds)
        // Spread by a tenth, so that devices that registered together are not asked together for ever.
        let spread = intervalMs / 10
        let offset = spread > 0 ? Int(signalling.randomNumber() % UInt64(spread)) : 0
        schedule(afterMs: max(1, intervalMs - offset))
    }

    private func schedule(afterMs delayMs: Int) {
        cancelTimer()
        timer = signalling.schedule(.contact(binding.id), at: signalling.now.advanced(byMs: delayMs))
    }

    private func cancelTimer() {
        if let timer { signalling.cancel(timer) }
        timer = nil
    }
}
