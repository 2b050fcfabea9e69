@testable import SIP

/// A user agent on the simulated network: a transaction layer and its sessions, wired as a server wires them.
final class SimulatedEndpoint {
    /// One call of the endpoint, with what its owner was told.
    final class Call {
        let session: InviteSession
        fileprivate(set) var events: [SessionEvent] = []

        init(_ session: InviteSession) { self.session = session }

        /// The names of the events, with the facts that tests look at.
        var log: [String] { events.map(SimulatedEndpoint.name) }
        /// The last offer token that was given.
        var offer: OfferToken? {
            for event in events.reversed() {
                switch event {
                case .offerReceived(_, let token), .offerNeeded(let token): return token
                default: continue
                }
            }
            return nil
        }
    }

    let host: String
    let layer: TransactionLayer
    var configuration: InviteSessionConfiguration
    private(set) var calls: [Call] = []
    /// What the owner does about events; the default answers offers and challenges.
    var onEvent: (SimulatedEndpoint, Call, SessionEvent) -> Void = { endpoint, call, event in
        endpoint.answerByDefault(call, event)
    }
    unowned let network: SimulatedNetwork
    private var tokens: SIPTokenSource
    private var live: [LegID: Call] = [:]
    private var clients: [ClientTransactionID: (call: Call, token: RequestToken)] = [:]
    private var invites: [ServerTransactionID: Call] = [:]
    private(set) var servedBy: [RequestToken: ClientTransactionID] = [:]

    init(_ host: String, on network: SimulatedNetwork, seed: UInt64 = 5, configuration: InviteSessionConfiguration? = nil) {
        self.host = host
        self.network = network
        tokens = SIPTokenSource(seed0: seed, seed1: UInt64(host.utf8.last ?? 0))
        layer = TransactionLayer(tokens: tokens.split())
        self.configuration = configuration ?? InviteSessionConfiguration(contact: "<sip:\(host)>")
        network.attach(self)
    }

    var liveCalls: Int { live.count }
    var trackedTransactions: Int { clients.count }

    private func flow(to host: String) -> SIPFlow {
        SIPFlow(
            id: 1, transport: network.conditions.isReliable ? .tcp : .udp,
            localHost: self.host, localPort: 5060, remoteHost: host, remotePort: 5060)
    }

    // MARK: - Commands

    @discardableResult
    func call(_ host: String, sdp: String? = "offer", headers: [(name: String, value: String)] = []) -> Call {
        let from = NameAddr("<sip:\(self.host)>")!
        let to = NameAddr("<sip:\(host)>")!
        let call = OutgoingCall(
            target: to.uri, from: from, to: to, callID: tokens.nextToken(), headers: headers, sdp: sdp.map { Array($0.utf8) })
        let session = InviteSession(calling: call, configuration: configuration, tokens: tokens.split())
        let entry = Call(session)
        calls.append(entry)
        live[session.leg] = entry
        run(entry, session.start(at: network.now))
        return entry
    }

    /// Runs a command on a call's session.
    func on(_ call: Call, _ command: (InviteSession, SIPInstant) -> [SessionAction]) {
        run(call, command(call.session, network.now))
    }

    func answerByDefault(_ call: Call, _ event: SessionEvent) {
        switch event {
        case .offerReceived(let sdp, let token):
            let answer = "answer to " + String(decoding: sdp, as: UTF8.self)
            on(call) { $0.acceptOffer(token, sdp: Array(answer.utf8), at: $1) }
        case .offerNeeded(let token): on(call) { $0.acceptOffer(token, sdp: Array("late offer".utf8), at: $1) }
        case .challenged(let token, _):
            on(call) { $0.retry(token, headers: [("Authorization", "Digest me")], at: $1) }
        case .referReceived(let request, let transaction):
            on(call) { $0.respond(to: transaction, request, status: 202, at: $1) }
        default: break
        }
    }

    // MARK: - Network and time

    func receive(_ bytes: [UInt8], from host: String) {
        take(layer.receive(SimulatedNetwork.parse(bytes), from: flow(to: host), at: network.now))
    }

    func advance() {
        take(layer.advance(to: network.now))
        for call in live.values where (call.session.nextDeadline ?? network.now) < network.now.advanced(byMs: 1) {
            run(call, call.session.advance(to: network.now))
        }
    }

    var nextDeadline: SIPInstant? {
        ([layer.nextDeadline] + live.values.map(\.session.nextDeadline)).compactMap { $0 }.min()
    }

    // MARK: - Wiring

    private func take(_ outputs: [TransactionOutput]) {
        for output in outputs {
            switch output {
            case .send(let bytes, let destination): network.send(bytes, from: host, to: destination.remote.host)
            case .request(let id, let request, let flow): serve(id, request, flow)
            case .ack(let request, _):
                if let call = LegID(of: request).flatMap({ live[$0] }) { on(call) { $0.receiveACK(request, at: $1) } }
            case .cancel(let id, let request):
                if let call = invites[id] { on(call) { $0.receiveCancel(id, request, at: $1) } }
            case .response(let id, let response):
                if let (call, token) = clients[id] { on(call) { $0.receive(response, for: token, at: $1) } }
            case .timeout(let id):
                if let (call, token) = clients[id] { on(call) { $0.requestTimedOut(token, at: $1) } }
            case .transportError(let id):
                if let (call, token) = clients[id] { on(call) { $0.requestNotSent(token, at: $1) } }
            case .terminated(let id):
                if let (call, token) = clients.removeValue(forKey: id) {
                    on(call) { $0.transactionTerminated(token, at: $1) }
                }
            case .unacknowledged, .responseTransportError: break
            }
        }
    }

    private func serve(_ id: ServerTransactionID, _ request: SIPRequest, _ flow: SIPFlow) {
        if let leg = LegID(of: request) {
            guard let call = live[leg] else {
                return take(layer.respondStatelessly(id, status: 481))
            }
            if request.method == .invite { invites[id] = call }
            return on(call) { $0.receive(request, id, at: $1) }
        }
        guard request.method == .invite else { return take(layer.respondStatelessly(id, status: 405)) }
        let session = InviteSession(answering: request, id, configuration: configuration, tokens: tokens.split())
        let call = Call(session)
        calls.append(call)
        live[session.leg] = call
        invites[id] = call
        run(call, session.begin(at: network.now))
    }

    private func run(_ call: Call, _ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .send(let request, let token, let hop):
                let (id, outputs) = layer.send(request, over: flow(to: hop?.host ?? ""), at: network.now)
                clients[id] = (call, token)
                servedBy[token] = id
                take(outputs)
            case .cancel(let token, let headers):
                if let id = servedBy[token] { take(layer.cancel(id, headers: headers, at: network.now)) }
            case .acknowledge(let request, let hop): take(layer.sendACK(request, over: flow(to: hop?.host ?? "")))
            case .respond(let id, let response): take(layer.respond(id, response, at: network.now))
            case .retransmitResponse(let id): take(layer.retransmitResponse(id))
            case .event(let event):
                call.events.append(event)
                if case .finished = event {
                    live[call.session.leg] = nil
                    invites = invites.filter { $0.value !== call }
                }
                onEvent(self, call, event)
            }
        }
    }

    static func name(_ event: SessionEvent) -> String {
        func text(_ sdp: [UInt8]?) -> String { sdp.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
        return switch event {
        case .invited(let offer): "invited \(text(offer))"
        case .ringing: "ringing"
        case .progress(let status, let sdp): "progress \(status) \(text(sdp))"
        case .answered(let sdp): "answered \(text(sdp))"
        case .confirmed: "confirmed"
        case .failed(let failure): "failed \(failure.status)"
        case .offerReceived(let sdp, _): "offer \(text(sdp))"
        case .offerNeeded: "offer needed"
        case .offerWithdrawn: "offer withdrawn"
        case .answerReceived(let sdp): "answer \(text(sdp))"
        case .offerRejected(let status): "offer rejected \(status)"
        case .infoReceived(let type, let body, _): "info \(type) \(text(body))"
        case .messageReceived(_, let body, _): "message \(text(body))"
        case .notifyReceived: "notify"
        case .referReceived: "refer"
        case .requestCompleted(let id, let status, _): "completed \(id) \(status)"
        case .challenged(_, let response): "challenged \(response.status)"
        case .ended(let end): "ended \(end.byRemote ? "by remote" : "here") \(end.cause)\(end.status.map { " \($0)" } ?? "")"
        case .finished: "finished"
        }
    }
}
