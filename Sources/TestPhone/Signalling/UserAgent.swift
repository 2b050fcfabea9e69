import Audio
import NIOCore
import SIP

/// The phone's inside: ties the network, transactions, calls and timers together. Confined to the phone's event loop.
final class UserAgent {
    /// Whom the response to a request is for.
    enum Asker {
        case leg(CallLeg, RequestToken)
        case registration
    }

    enum Alarm: Sendable {
        case leg(LegID)
        case answer(LegID)
        case renewal
    }

    /// Calls at a time; further ones are refused with 486.
    static let maximumCalls = 20_000

    let settings: PhoneSettings
    let loop: any EventLoop
    let path: SignallingPath
    let clock: MediaClock
    var tokens: SIPTokenSource
    var digest: DigestClient
    var registration = Registration()
    var totals = PhoneCounters()
    var onCall: ((CallLeg) -> Void)?
    var onClose: (() -> Void)?
    private(set) var legs: [LegID: CallLeg] = [:]
    private let layer: TransactionLayer
    private var wheel: TimerWheel<Alarm>
    private var askers: [ClientTransactionID: Asker] = [:]
    /// Requests of ours without a final response.
    private var unanswered: Set<ClientTransactionID> = []
    private var requestsSent: [CallTokenKey: ClientTransactionID] = [:]
    private var invites: [ServerTransactionID: CallLeg] = [:]
    private var wakening: (deadline: SIPInstant, task: Scheduled<Void>)?
    private var isTurnScheduled = false
    private var closing: EventLoopPromise<Void>?
    private var isClosed = false
    // Where audio is only counted, all calls share a socket and are told apart by the far end's address.
    var sharedSocket: DatagramSocket?
    var streamsByRemote: [SocketAddress: RTPStream] = [:]

    private struct CallTokenKey: Hashable {
        let leg: LegID
        let token: RequestToken
    }

    init(_ settings: PhoneSettings, path: SignallingPath, on loop: any EventLoop) {
        self.settings = settings
        self.path = path
        self.loop = loop
        clock = MediaClock(on: loop)
        var generator = SystemRandomNumberGenerator()
        var tokens = SIPTokenSource(using: &generator)
        let now = Self.now
        layer = TransactionLayer(tokens: tokens.split(), now: now)
        wheel = TimerWheel(now: now)
        self.tokens = tokens
        digest = DigestClient(user: settings.user, secret: .password(settings.password))
    }

    func start() {
        path.receive({ self.receive($0, $1) }, onLoss: { self.connectionLost() })
    }

    static var now: SIPInstant { SIPInstant(nanoseconds: NIODeadline.now().uptimeNanoseconds) }
    var now: SIPInstant { Self.now }
    var uri: String { String(path.contact(user: settings.user).dropFirst().dropLast()) }

    func tell(_ event: PhoneEvent) { settings.observer?(event) }

    func checkOpen() throws {
        if isClosed || closing != nil { throw PhoneError.closed }
    }

    // MARK: - Network

    private func receive(_ result: ParseResult, _ flow: SIPFlow) {
        switch result {
        case .message(let message): carryOut(layer.receive(message, from: flow, at: now))
        case .rejected(let request, let status, let reason) where request.method != .ack:
            carryOut([layer.respondStatelessly(to: request, from: flow, status: status, reason: reason)])
        case .rejected, .ignored, .keepAlive: break
        }
    }

    private func connectionLost() {
        carryOut(layer.flowFailed(1, at: now))
    }

    func carryOut(_ outputs: [TransactionOutput]) {
        for output in outputs {
            switch output {
            case .send(let bytes, let flow): path.send(bytes, over: flow)
            case .request(let id, let request, _): serve(id, request)
            case .ack(let request, _):
                if let leg = LegID(of: request).flatMap({ legs[$0] }) { on(leg) { $0.receiveACK(request, at: $1) } }
            case .cancel(let id, let request):
                if let leg = invites[id] { on(leg) { $0.receiveCancel(id, request, at: $1) } }
            case .response(let id, let response): hand(response, to: id)
            case .timeout(let id): hand(SIPResponse(status: 408), to: id)
            case .transportError(let id): hand(SIPResponse(status: 503), to: id)
            case .terminated(let id):
                unanswered.remove(id)
                guard case .leg(let leg, let token)? = askers.removeValue(forKey: id) else { continue }
                requestsSent[CallTokenKey(leg: leg.session.leg, token: token)] = nil
                on(leg) { $0.transactionTerminated(token, at: $1) }
            case .unacknowledged, .responseTransportError: break
            }
        }
        setAlarmSoon()
    }

    private func hand(_ response: SIPResponse, to id: ClientTransactionID) {
        if response.isFinal { unanswered.remove(id) }
        defer { finishClosing() }
        switch askers[id] {
        case .leg(let leg, let token): on(leg) { $0.receive(response, for: token, at: $1) }
        case .registration: registered(response)
        case nil: break
        }
    }

    private func serve(_ id: ServerTransactionID, _ request: SIPRequest) {
        if let name = LegID(of: request) {
            guard let leg = legs[name] else { return carryOut(layer.respondStatelessly(id, status: 481)) }
            if request.method == .invite { invites[id] = leg }
            return on(leg) { $0.receive(request, id, at: $1) }
        }
        switch request.method {
        case .invite: takeCall(id, request)
        case .options: carryOut(layer.respondStatelessly(id, status: 200, headers: [("Accept", "application/sdp")]))
        case .notify, .message: carryOut(layer.respondStatelessly(id, status: 200))
        default: carryOut(layer.respondStatelessly(id, status: 405))
        }
    }

    private func takeCall(_ id: ServerTransactionID, _ request: SIPRequest) {
        guard closing == nil, legs.count < Self.maximumCalls else { return carryOut(layer.respondStatelessly(id, status: 486)) }
        let session = InviteSession(answering: request, id, configuration: sessionConfiguration, tokens: tokens.split())
        let caller = request.headers.from?.uri.sip
        guard let leg = try? makeLeg(session, number: caller?.user ?? caller?.host ?? "anonymous") else {
            return carryOut(layer.respondStatelessly(id, status: 500))
        }
        legs[session.leg] = leg
        invites[id] = leg
        totals.callsReceived += 1
        totals.callsActive += 1
        on(leg) { $0.begin(at: $1) }
    }

    var sessionConfiguration: InviteSessionConfiguration {
        InviteSessionConfiguration(contact: path.contact(user: settings.user), product: "Arioso TestPhone")
    }

    // MARK: - Requests

    func send(_ request: SIPRequest, for asker: Asker, over flow: SIPFlow) -> ClientTransactionID {
        let (id, outputs) = layer.send(request, over: flow, at: now)
        askers[id] = asker
        unanswered.insert(id)
        if case .leg(let leg, let token) = asker { requestsSent[CallTokenKey(leg: leg.session.leg, token: token)] = id }
        carryOut(outputs)
        return id
    }

    func add(_ leg: CallLeg) { legs[leg.session.leg] = leg }

    /// Runs a command on a call's session.
    func on(_ leg: CallLeg, _ command: (InviteSession, SIPInstant) -> [SessionAction]) {
        for action in command(leg.session, now) { carryOut(action, leg) }
        guard !leg.session.isFinished else { return }
        keepTime(of: leg)
    }

    private func carryOut(_ action: SessionAction, _ leg: CallLeg) {
        switch action {
        case .send(let request, let token, let hop):
            leg.requests[token] = request
            guard let flow = path.flow(to: hop) else { return on(leg) { $0.requestNotSent(token, at: $1) } }
            _ = send(request, for: .leg(leg, token), over: flow)
        case .cancel(let token, let headers):
            if let id = requestsSent[CallTokenKey(leg: leg.session.leg, token: token)] {
                carryOut(layer.cancel(id, headers: headers, at: now))
            }
        case .acknowledge(let request, let hop):
            if let flow = path.flow(to: hop) { carryOut(layer.sendACK(request, over: flow)) }
        case .respond(let id, let response):
            if response.isFinal { invites[id] = nil }
            carryOut(layer.respond(id, response, at: now))
        case .retransmitResponse(let id): carryOut(layer.retransmitResponse(id))
        case .event(.finished): forget(leg)
        case .event(let event): take(event, leg)
        }
    }

    private func forget(_ leg: CallLeg) {
        legs[leg.session.leg] = nil
        invites = invites.filter { $0.value !== leg }
        if let timer = leg.timer { wheel.cancel(timer.id) }
        leg.timer = nil
        leg.requests = [:]
    }

    // MARK: - Time

    private func keepTime(of leg: CallLeg) {
        guard let deadline = leg.session.nextDeadline, legs[leg.session.leg] === leg else {
            if let timer = leg.timer { wheel.cancel(timer.id) }
            leg.timer = nil
            return
        }
        guard leg.timer?.deadline != deadline else { return }
        if let timer = leg.timer { wheel.cancel(timer.id) }
        leg.timer = (wheel.schedule(.leg(leg.session.leg), at: deadline), deadline)
        setAlarmSoon()
    }

    func schedule(_ alarm: Alarm, afterMs: Int) {
        _ = wheel.schedule(alarm, at: now.advanced(byMs: afterMs))
        setAlarmSoon()
    }

    /// Sets the one timer of the loop at the end of this turn.
    private func setAlarmSoon() {
        guard !isTurnScheduled, !isClosed else { return }
        isTurnScheduled = true
        loop.assumeIsolated().execute {
            self.isTurnScheduled = false
            self.setAlarm()
        }
    }

    private func setAlarm() {
        guard !isClosed, let next = [wheel.nextDeadline, layer.nextDeadline].compactMap({ $0 }).min() else { return }
        // An earlier alarm stays: waking up too early costs less than setting it anew each time.
        if let wakening, wakening.deadline <= next { return }
        wakening?.task.cancel()
        let task = loop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(next.nanoseconds)) { self.advance() }
        wakening = (next, task)
    }

    private func advance() {
        wakening = nil
        for alarm in wheel.advance(to: now) {
            switch alarm {
            case .leg(let id):
                guard let leg = legs[id] else { continue }
                leg.timer = nil
                on(leg) { $0.advance(to: $1) }
            case .answer(let id): if let leg = legs[id] { answer(leg) }
            case .renewal: renewRegistration()
            }
        }
        carryOut(layer.advance(to: now))
    }

    // MARK: - The end

    /// Ends everything, within a second whatever the other sides do.
    func close() -> EventLoopFuture<Void> {
        if let closing { return closing.futureResult }
        let promise = loop.makePromise(of: Void.self)
        closing = promise
        for leg in Array(legs.values) { hangUp(leg) }
        if registration.isActive { _ = unregister() }
        loop.assumeIsolated().scheduleTask(in: .seconds(1)) { self.shut() }
        finishClosing()
        return promise.futureResult
    }

    func finishClosing() {
        if closing != nil, unanswered.isEmpty, registration.waiting == nil { shut() }
    }

    private func shut() {
        guard !isClosed else { return }
        isClosed = true
        for leg in legs.values {
            leg.stream.close()
            leg.finish(CallEnd(byRemote: false, cause: Q850Cause.normalClearing), .closed)
        }
        registration.conclude(.failure(PhoneError.closed))
        legs = [:]
        invites = [:]
        askers = [:]
        unanswered = []
        streamsByRemote = [:]
        clock.stop()
        wakening?.task.cancel()
        sharedSocket?.close()
        path.close()
        onClose?()
        onClose = nil
        onCall = nil
        closing?.succeed()
    }
}
