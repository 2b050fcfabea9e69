import CallCore
import NIOCore
import RTP
import SIP

/// Whoever sent a request outside the transaction layer and waits for its response.
@CallActor
protocol Requester: AnyObject {
    func received(_ response: SIPResponse, to id: ClientTransactionID)
    /// No final response came in time.
    func timedOut(_ id: ClientTransactionID)
    /// The request could not be sent.
    func notSent(_ id: ClientTransactionID)
    /// Nothing more comes of the transaction.
    func terminated(_ id: ClientTransactionID)
}

/// What a timer of the SIP side is for.
enum SIPTimer: Sendable, Hashable {
    case call(LegID)
    case contact(UInt64)
    /// The registration of a provider's line.
    case provider(String)
    case providerContact(String)
    case registrations
    case idleConnections
}

/// Takes what is not about a call that exists.
@CallActor
protocol SignallingUser: AnyObject {
    func receive(_ id: ServerTransactionID, _ request: SIPRequest, over flow: SIPFlow)
    func fire(_ timer: SIPTimer)
    func flowFailed(_ id: UInt64)
}

/// Ties transports, transactions, calls and timers together.
@CallActor
final class Signalling: TransportReceiver {
    let transports: SIPTransports
    let transactions: TransactionLayer
    let log: SIPLog
    var settings: SIPSettings {
        didSet { lookUpSTUNServer() }
    }
    weak var user: (any SignallingUser)?
    private var tokens: SIPTokenSource
    private var wheel: TimerWheel<SIPTimer>
    private lazy var alarm = Alarm { [weak self] in self?.advance() }
    private var isTurnScheduled = false
    private var isStopped = false
    private var calls: [LegID: SIPCall] = [:]
    private var callsByInvite: [ServerTransactionID: SIPCall] = [:]
    private var requesters: [ClientTransactionID: any Requester] = [:]
    private var refusals = (second: UInt64(0), count: 0)

    init(settings: SIPSettings, log: SIPLog, tokens: SIPTokenSource) {
        self.settings = settings
        self.log = log
        self.tokens = tokens
        let now = Alarm.now
        transactions = TransactionLayer(
            tokens: self.tokens.split(), timings: settings.timings, limits: settings.limits.transactions, now: now)
        wheel = TimerWheel(now: now)
        transports = SIPTransports(limits: settings.limits, log: log)
        transports.setReceiver(self)
        lookUpSTUNServer()
    }

    var now: SIPInstant { Alarm.now }

    /// Gives back memory that a busier time left behind.
    func dropSpareMemory() {
        transactions.dropSpareMemory()
        calls.dropSpareRoom()
        callsByInvite.dropSpareRoom()
        requesters.dropSpareRoom()
        wheel.dropSpareNodes()
    }

    /// A fresh token for a tag, a Call-ID or a cnonce.
    func newToken() -> String { tokens.nextToken() }

    /// An independent source of tokens.
    func newTokenSource() -> SIPTokenSource { tokens.split() }

    func randomNumber() -> UInt64 { tokens.next() }

    // MARK: - Incoming

    func receive(_ result: ParseResult, over flow: SIPFlow) {
        switch result {
        case .message(let message):
            log.debug("received", "\(flow)\n\(String(decoding: message.encoded(), as: UTF8.self))", callID: message.headers.callID)
            carryOut(transactions.receive(message, from: flow, at: now))
        case .rejected(let request, let status, let reason):
            log.debug("refused a broken request", "\(flow): \(status) \(reason)")
            refuse(request, flow, status, reason)
        case .ignored(let reason):
            log.debug("ignored", "\(flow): \(reason)")
        case .keepAlive:
            break
        }
    }

    /// Answers a broken request without keeping anything; never an ACK, and not more of them than the limit allows.
    private func refuse(_ request: SIPRequest, _ flow: SIPFlow, _ status: Int, _ reason: String) {
        guard request.method != .ack else { return }
        let second = now.nanoseconds / 1_000_000_000
        if refusals.second != second { refusals = (second, 0) }
        guard refusals.count < settings.limits.refusalsPerSecond else { return }
        refusals.count += 1
        carryOut([transactions.respondStatelessly(to: request, from: flow, status: status, reason: reason)])
    }

    func flowFailed(_ id: UInt64) {
        carryOut(transactions.flowFailed(id, at: now))
        user?.flowFailed(id)
    }

    /// Does what the transaction layer asks for.
    func carryOut(_ outputs: [TransactionOutput]) {
        for output in outputs {
            switch output {
            case .send(let bytes, let flow):
                log.debug("sent", "\(flow)\n\(String(decoding: bytes, as: UTF8.self))")
                transports.send(bytes, over: flow)
            case .request(let id, let request, let flow): take(id, request, flow)
            case .ack(let request, let flow):
                if let leg = LegID(of: request) { calls[leg]?.receiveACK(request, over: flow) }
            case .cancel(let id, let request): callsByInvite[id]?.receiveCancel(id, request)
            case .response(let id, let response): requesters[id]?.received(response, to: id)
            case .timeout(let id): requesters[id]?.timedOut(id)
            case .transportError(let id): requesters[id]?.notSent(id)
            case .terminated(let id): requesters.removeValue(forKey: id)?.terminated(id)
            case .unacknowledged: break
            case .responseTransportError(let id): callsByInvite.removeValue(forKey: id)?.lostCaller()
            }
        }
        finishTurnSoon()
    }

    private func take(_ id: ServerTransactionID, _ request: SIPRequest, _ flow: SIPFlow) {
        guard let leg = LegID(of: request), let call = calls[leg] else {
            user?.receive(id, request, over: flow)
            return
        }
        if request.method == .invite { callsByInvite[id] = call }
        call.receive(request, id, over: flow)
    }

    // MARK: - Outgoing

    /// Sends a request over a flow; `prepare` learns the transaction before anything comes of it.
    func send(_ request: SIPRequest, over flow: SIPFlow, for requester: any Requester, _ prepare: (ClientTransactionID) -> Void) {
        let (id, outputs) = transactions.send(request, over: flow, sentBy: ownAddress(for: flow), at: now)
        requesters[id] = requester
        prepare(id)
        carryOut(outputs)
    }

    func sendACK(_ request: SIPRequest, over flow: SIPFlow) {
        carryOut(transactions.sendACK(request, over: flow, sentBy: ownAddress(for: flow)))
    }

    func cancel(_ id: ClientTransactionID, headers: [(name: String, value: String)]) {
        carryOut(transactions.cancel(id, headers: headers, at: now))
    }

    func respond(_ id: ServerTransactionID, _ response: SIPResponse) {
        if response.isFinal { callsByInvite[id] = nil }
        carryOut(transactions.respond(id, response, at: now))
    }

    func retransmitResponse(_ id: ServerTransactionID) {
        carryOut(transactions.retransmitResponse(id))
    }

    /// Answers finally and keeps nothing of the request.
    func respondStatelessly(_ id: ServerTransactionID, _ rejection: SIPRejection) {
        let server = (name: "Server", value: settings.userAgent)
        carryOut(
            transactions.respondStatelessly(
                id, status: rejection.status, reason: rejection.reason, headers: rejection.headers.map { ($0.name, $0.value) } + [server]))
    }

    /// Finds the STUN server's address ahead of the call that needs it.
    private func lookUpSTUNServer() {
        if let server = settings.stunServer { transports.resolver.resolve(server.host) { _ in } }
    }

    /// The address of the STUN server as it was last known, which is looked up again for the next time.
    var stunServer: NetworkAddress? {
        guard let server = settings.stunServer else { return nil }
        lookUpSTUNServer()
        return transports.resolver.lastKnown(server.host).lazy.compactMap { NetworkAddress(host: $0, port: server.port) }.first
    }

    /// The address at which the far end of a flow reaches us.
    func ownAddress(for flow: SIPFlow) -> SIPTransportAddress {
        transports.ownAddress(for: flow, advertised: settings.advertisedAddress, localNetworks: settings.localNetworks)
    }

    /// The Contact value for a flow, in angle brackets.
    func contact(for flow: SIPFlow, user: String? = nil) -> String {
        let own = ownAddress(for: flow)
        var uri = SIPURI(user: user, host: own.host, port: own.port)
        if own.transport != .udp { uri.parameters.set("transport", own.transport.uriToken) }
        return "<\(uri)>"
    }

    /// Guesses the flow to a URI before its host is looked up, for the addresses that a request has to name.
    func expectedFlow(to uri: SIPURI) -> SIPFlow {
        let transport = uri.transport.flatMap(SIPTransportKind.init(token:)) ?? .udp
        let host = transports.resolver.lastKnown(uri.host).first ?? uri.host
        let isIPv6 = NumericAddress.isIPv6(host)
        let local = transports.addresses.first { $0.transport == transport && NumericAddress.isIPv6($0.host) == isIPv6 }
        return SIPFlow(
            id: 0, local: local ?? SIPTransportAddress(transport: transport, host: isIPv6 ? "::" : "0.0.0.0", port: transport.defaultPort),
            remote: SIPTransportAddress(transport: transport, host: host, port: uri.port ?? transport.defaultPort))
    }

    /// The flow to a device or provider: the one it was heard on, or what is known before its host is looked up.
    func expectedFlow(to target: CallTarget) -> SIPFlow { target.flow ?? expectedFlow(to: target.firstHop) }

    /// How sessions over a flow present themselves.
    func sessionConfiguration(for flow: SIPFlow, user: String? = nil) -> InviteSessionConfiguration {
        InviteSessionConfiguration(
            contact: contact(for: flow, user: user), product: settings.userAgent, sessionTimers: settings.sessionTimers,
            timings: transactions.timings)
    }

    // MARK: - Calls

    var callCount: Int { calls.count }

    func add(_ call: SIPCall, invite: ServerTransactionID?) {
        calls[call.leg] = call
        if let invite { callsByInvite[invite] = call }
    }

    func forget(_ call: SIPCall) {
        calls[call.leg] = nil
    }

    func call(of leg: LegID) -> SIPCall? { calls[leg] }

    // MARK: - Time

    func schedule(_ timer: SIPTimer, at deadline: SIPInstant) -> TimerID {
        defer { finishTurnSoon() }
        return wheel.schedule(timer, at: deadline)
    }

    func cancel(_ timer: TimerID) {
        wheel.cancel(timer)
    }

    private func advance() {
        let now = now
        for timer in wheel.advance(to: now) {
            if case .call(let leg) = timer { calls[leg]?.advance() } else { user?.fire(timer) }
        }
        carryOut(transactions.advance(to: now))
    }

    /// Sets the alarm once everything of this turn of the loop is done.
    private func finishTurnSoon() {
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        CallActor.loop.execute { [weak self] in
            CallActor.assumeIsolated { self?.finishTurn() }
        }
    }

    private func finishTurn() {
        isTurnScheduled = false
        guard !isStopped else { return }
        alarm.set(wheel.nextDeadline)
        alarm.set(transactions.nextDeadline)
    }

    func start() async throws {
        isStopped = false
        finishTurnSoon()
        try await transports.listen(at: settings.listeners)
    }

    func stop() {
        isStopped = true
        transports.stop()
        alarm.stop()
    }
}
