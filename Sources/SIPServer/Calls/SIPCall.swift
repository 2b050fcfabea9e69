import CallCore
import SIP

/// Learns what happens to a call; a forked outgoing call has several.
@CallActor
protocol SIPCallOwner: AnyObject {
    func call(_ call: SIPCall, did event: SessionEvent)
}

/// One INVITE session on the wire: carries out what the session asks for, and hands it what comes back.
@CallActor
final class SIPCall: Requester {
    let session: InviteSession
    private let signalling: Signalling
    weak var owner: (any SIPCallOwner)?
    /// Where the far end was heard last, or where a registered one is called.
    private(set) var flow: SIPFlow?
    /// Finds where a registered far end is by now, given its address; nil for one that is not registered.
    var findFarEnd: (@CallActor (SIPURI) -> SIPFlow?)?
    /// How the audio of our first offer is carried.
    var offered: MediaSecurity?
    /// The INVITE that made an incoming call.
    let invite: SIPRequest?
    /// Whether nobody stands between: then requests go to where the far end really is, whatever address it believes to have.
    private let isDirect: Bool
    /// Answers challenges of the far end, when it is one that knows the secret.
    private var credentials: DigestClient?
    private var sent: [RequestToken: ClientTransactionID] = [:]
    /// The requests that may be challenged, kept while credentials could answer.
    private var challengeable: [RequestToken: SIPRequest] = [:]
    /// Requests that were cancelled while their way was being looked up.
    private var cancelledEarly: Set<RequestToken> = []
    private var tokens: [ClientTransactionID: RequestToken] = [:]
    private var actions: [SessionAction] = []
    private var isCarryingOut = false
    private var timer: (id: TimerID, deadline: SIPInstant)?

    init(
        _ session: InviteSession, invite: SIPRequest? = nil, flow: SIPFlow?, isDirect: Bool, credentials: DigestClient? = nil,
        signalling: Signalling
    ) {
        self.session = session
        self.invite = invite
        self.flow = flow
        self.isDirect = isDirect
        self.credentials = credentials
        self.signalling = signalling
    }

    var leg: LegID { session.leg }

    /// Starts an outgoing call, or checks an incoming one.
    func start(invite: ServerTransactionID? = nil) {
        signalling.add(self, invite: invite)
        switch session.direction {
        case .outgoing: run(session.start(at: signalling.now))
        case .incoming: run(session.begin(at: signalling.now))
        }
    }

    // MARK: - Commands

    func ring() { run(session.ring(at: signalling.now)) }
    func progress(status: Int = 183, sdp: [UInt8]?) { run(session.progress(status: status, sdp: sdp, at: signalling.now)) }
    func answer(sdp: [UInt8]?) { run(session.answer(sdp: sdp, at: signalling.now)) }
    func acceptOffer(_ token: OfferToken, sdp: [UInt8]) { run(session.acceptOffer(token, sdp: sdp, at: signalling.now)) }
    func refuseOffer(_ token: OfferToken) { run(session.refuseOffer(token, at: signalling.now)) }

    func reject(status: Int, reasons: [ReasonHeader] = [], headers: [(name: String, value: String)] = []) {
        run(session.reject(status: status, reasons: reasons, headers: headers, at: signalling.now))
    }

    func hangUp(cause: Int?, reasons: [ReasonHeader] = []) {
        run(session.hangup(cause: cause, reasons: reasons, at: signalling.now))
    }

    func sendInfo(contentType: String, body: [UInt8]) {
        run(session.sendInfo(contentType: contentType, body: body, id: 0, at: signalling.now))
    }

    func refer(to target: NameAddr) { run(session.refer(to: target, id: 0, at: signalling.now)) }

    /// Tells how a REFER goes (RFC 3515 section 2.4.5).
    func notifyRefer(status: Int, isLast: Bool) {
        let frag = "SIP/2.0 \(status) \(SIPReason.phrase(for: status))\r\n"
        run(
            session.notify(
                event: "refer", subscriptionState: isLast ? "terminated;reason=noresource" : "active;expires=60",
                contentType: "message/sipfrag;version=2.0", body: Array(frag.utf8), id: 0, at: signalling.now))
    }

    func respond(to id: ServerTransactionID, _ request: SIPRequest, status: Int) {
        run(session.respond(to: id, request, status: status, at: signalling.now))
    }

    // MARK: - From the network

    func receive(_ request: SIPRequest, _ id: ServerTransactionID, over flow: SIPFlow) {
        heard(request, flow)
        run(session.receive(request, id, at: signalling.now))
    }

    func receiveACK(_ request: SIPRequest, over flow: SIPFlow) {
        heard(request, flow)
        run(session.receiveACK(request, at: signalling.now))
    }

    func receiveCancel(_ id: ServerTransactionID, _ request: SIPRequest) {
        run(session.receiveCancel(id, request, at: signalling.now))
    }

    /// The connection that the unanswered INVITE came on is gone: nobody would hear an answer.
    func lostCaller() {
        guard session.direction == .incoming else { return }
        owner?.call(self, did: .ended(SessionEnd(byRemote: true, reasons: [.q850(HangupCause.failure.number)])))
        hangUp(cause: HangupCause.failure.number)
    }

    /// A phone behind an address translator may come from elsewhere now.
    private func heard(_ request: SIPRequest, _ flow: SIPFlow) {
        if isDirect, request.headers.all("Via").count == 1 { self.flow = flow }
    }

    func received(_ response: SIPResponse, to id: ClientTransactionID) {
        guard let token = tokens[id] else { return }
        run(session.receive(response, for: token, at: signalling.now))
    }

    func timedOut(_ id: ClientTransactionID) {
        guard let token = tokens[id] else { return }
        run(session.requestTimedOut(token, at: signalling.now))
    }

    func notSent(_ id: ClientTransactionID) {
        guard let token = tokens[id] else { return }
        run(session.requestNotSent(token, at: signalling.now))
    }

    func terminated(_ id: ClientTransactionID) {
        guard let token = tokens.removeValue(forKey: id) else { return }
        sent[token] = nil
        challengeable[token] = nil
        run(session.transactionTerminated(token, at: signalling.now))
    }

    func advance() {
        timer = nil
        run(session.advance(to: signalling.now))
    }

    // MARK: - Carrying out

    /// Carries out actions in the order in which they arise, also when one of them leads to others.
    private func run(_ more: [SessionAction]) {
        actions += more
        guard !isCarryingOut else { return }
        isCarryingOut = true
        var next = 0
        while next < actions.count {
            let action = actions[next]
            next += 1
            carryOut(action)
        }
        actions.removeAll(keepingCapacity: true)
        isCarryingOut = false
        setTimer()
    }

    private func carryOut(_ action: SessionAction) {
        switch action {
        case .send(let request, let token, let hop): send(request, token, hop)
        case .cancel(let token, let headers): cancel(token, headers)
        case .acknowledge(let request, let hop):
            withFlow(for: request, hop) { [signalling] flow in
                if let flow { signalling.sendACK(request, over: flow) }
            }
        case .respond(let id, let response): signalling.respond(id, Self.explained(response))
        case .retransmitResponse(let id): signalling.retransmitResponse(id)
        case .event(.challenged(let token, let response)): answerChallenge(token, response)
        case .event(.finished):
            signalling.forget(self)
            if let timer { signalling.cancel(timer.id) }
            timer = nil
        case .event(let event): owner?.call(self, did: event)
        }
    }

    /// A call that ended without an answer always says a Q.850 cause; 0 stands for one that is not known.
    private static func explained(_ response: SIPResponse) -> SIPResponse {
        guard response.status == 487, response.headers["Reason"] == nil else { return response }
        var explained = response
        explained.headers.add("Reason", ReasonHeader.q850(0).description)
        return explained
    }

    private func send(_ request: SIPRequest, _ token: RequestToken, _ hop: NextHop?) {
        withFlow(for: request, hop) { [self] flow in
            guard let flow, cancelledEarly.remove(token) == nil else {
                return run(session.requestNotSent(token, at: signalling.now))
            }
            if credentials != nil { challengeable[token] = request }
            signalling.send(request, over: flow, for: self) { id in
                sent[token] = id
                tokens[id] = token
            }
        }
    }

    private func cancel(_ token: RequestToken, _ headers: [(name: String, value: String)]) {
        if let id = sent[token] { signalling.cancel(id, headers: headers) } else { cancelledEarly.insert(token) }
    }

    /// Finds the way of a request: along its route, else to where the far end was heard, else to where it says to be.
    private func withFlow(for request: SIPRequest, _ hop: NextHop?, _ use: @escaping @CallActor (SIPFlow?) -> Void) {
        if let flow, isDirect, request.headers["Route"] == nil {
            if signalling.transports.isOpen(flow) { return use(flow) }
            if let uri = request.target.sip, let other = findFarEnd?(uri), signalling.transports.isOpen(other) {
                self.flow = other
                return use(other)
            }
        }
        guard let hop else { return use(nil) }
        signalling.transports.findFlow(to: hop) { [signalling, weak self] result in
            switch result {
            case .success(let flow):
                self?.flow = flow
                use(flow)
            case .failure(let error):
                signalling.log.warning("can't send \(request.method.name)", "\(error)", callID: request.headers.callID)
                use(nil)
            }
        }
    }

    private func answerChallenge(_ token: RequestToken, _ response: SIPResponse) {
        guard var client = credentials, var request = challengeable.removeValue(forKey: token),
            client.answer(response, in: &request, cnonce: signalling.newToken())
        else { return run(session.abandon(token, at: signalling.now)) }
        credentials = client
        let kept = ["Authorization", "Proxy-Authorization"].flatMap { name in request.headers.all(name).map { (name: name, value: $0) } }
        run(session.retry(token, headers: kept, at: signalling.now))
    }

    /// Keeps a timer no later than the session needs it.
    private func setTimer() {
        guard !session.isFinished, let deadline = session.nextDeadline else { return }
        if let timer {
            guard deadline < timer.deadline else { return }
            signalling.cancel(timer.id)
        }
        timer = (signalling.schedule(.call(leg), at: deadline), deadline)
    }
}
