import CallCore
import SIP

/// A registered device or a provider, and whether it answers: asked with OPTIONS at once and ever so often where its endpoint wants that.
@CallActor
final class WatchedContact: Requester {
    let endpoint: SIPEndpoint
    /// The URI that ARI shows.
    let shownURI: String
    private(set) var status = Endpoint.ContactStatus.nonQualified
    /// What the last answer took.
    private(set) var roundTripMicroseconds: Int?
    /// Called when it answers again or no more.
    var onChange: (() -> Void)?
    private let uri: SIPURI
    /// Where a registered device was heard; nil to go where the URI and the routes lead.
    private var flow: SIPFlow?
    private var routes: [NameAddr]
    /// Who asks; nil for the endpoint's name at our address.
    private let asker: SIPURI?
    private let purpose: SIPTimer
    private let signalling: Signalling
    private var timer: TimerID?
    /// The question that has no answer yet, and when it was asked.
    private var question: (id: ClientTransactionID, askedAt: SIPInstant)?
    private var intervalMs = 0
    private var isStopped = false

    /// - Parameter purpose: The timer that leads to `fire`.
    init(_ target: CallTarget, of endpoint: SIPEndpoint, asker: SIPURI? = nil, purpose: SIPTimer, signalling: Signalling) {
        (uri, flow, routes) = (target.uri, target.flow, target.routes)
        self.endpoint = endpoint
        self.asker = asker
        self.purpose = purpose
        self.signalling = signalling
        shownURI = target.uri.description
    }

    func start() {
        endpoint.shown.contact(shownURI, is: .nonQualified)
        applyInterval()
    }

    /// The same device is heard elsewhere.
    func refresh(_ target: CallTarget) {
        (flow, routes) = (target.flow, target.routes)
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
        if wanted > 0 { ask() } else { tell(.nonQualified) }
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
        if let flow, signalling.transports.isOpen(flow) { return ask(over: flow) }
        signalling.transports.findFlow(to: NextHop(routes.first?.uri.sip ?? uri)) { [weak self] result in
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
        let asker = asker ?? SIPURI(user: endpoint.name, host: signalling.ownAddress(for: flow).host)
        var request = SIPRequest(method: .options, target: .sip(uri))
        for route in routes { request.headers.add("Route", route.description) }
        request.headers.from = NameAddr(uri: asker, tag: signalling.newToken())
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
        tell(status, roundTripMicroseconds: status == .reachable ? roundTripMicroseconds : nil)
        // Spread by a tenth, so that devices that registered together are not asked together for ever.
        let spread = intervalMs / 10
        let offset = spread > 0 ? Int(signalling.randomNumber() % UInt64(spread)) : 0
        schedule(afterMs: max(1, intervalMs - offset))
    }

    private func tell(_ status: Endpoint.ContactStatus, roundTripMicroseconds: Int? = nil) {
        let isNew = status != self.status
        (self.status, self.roundTripMicroseconds) = (status, roundTripMicroseconds)
        endpoint.shown.contact(shownURI, is: status, roundTripMicroseconds: roundTripMicroseconds ?? 0)
        guard isNew else { return }
        switch status {
        case .unreachable: signalling.log.info("no answer to OPTIONS any more", "\(endpoint.name) at \(shownURI)")
        case .reachable: signalling.log.info("answers OPTIONS", "\(endpoint.name) at \(shownURI) in \(roundTripMicroseconds ?? 0) µs")
        case .nonQualified, .removed: break
        }
        onChange?()
    }

    private func schedule(afterMs delayMs: Int) {
        cancelTimer()
        timer = signalling.schedule(purpose, at: signalling.now.advanced(byMs: delayMs))
    }

    private func cancelTimer() {
        if let timer { signalling.cancel(timer) }
        timer = nil
    }
}
