import CallCore
import Media
import NIOPosix
import RTP
import SDP
import SecureMedia

/// What all calls with DTLS and ICE share.
@CallActor
final class SecureMediaEnvironment {
    /// Who we are in DTLS.
    let identity: DTLSIdentity
    /// Where handshakes are worked on.
    let pool: NIOThreadPool
    let scheduler: any CallScheduler
    /// The STUN server that tells where ports are seen from outside; nil for none.
    let stunServer: @CallActor () -> NetworkAddress?
    /// Milliseconds of a clock that is never set.
    let nowMs: @CallActor () -> Int64

    init(
        identity: DTLSIdentity, pool: NIOThreadPool = .singleton, scheduler: any CallScheduler,
        stunServer: @escaping @CallActor () -> NetworkAddress? = { nil }, nowMs: @escaping @CallActor () -> Int64
    ) {
        (self.identity, self.pool, self.scheduler, self.stunServer, self.nowMs) = (identity, pool, scheduler, stunServer, nowMs)
    }
}

/// What became of the way to the far end.
enum SecureTransportEvent {
    /// Media goes there from now on.
    case selected(NetworkAddress)
    case secured(MediaProtection)
    /// There is no way any more, or there will never be one.
    case failed(TransportFailure)
}

/// Finds the way to the far end of a leg with ICE, and agrees with it on keys with DTLS, through the leg's own port.
///
/// DTLS begins once ICE has found the way, and is spoken only with addresses that proved to be the far end's.
@CallActor
final class SecureTransport {
    /// How long the far end may take to offer anew, or to say BYE, after it closed DTLS.
    static let graceMs = 1_000
    private static let maxEarly = 4

    private let port: any RTPPort
    private let environment: SecureMediaEnvironment
    private var candidates: [ICECandidate]
    private let tell: @CallActor (SecureTransportEvent) -> Void
    private var agent: ICEAgent
    private var formerUser: ICECredentials?
    private var filter: TransportFilter?
    private var timer: (action: ScheduledAction, atMs: Int64)?
    private var role: DTLSRole?
    private var fingerprint: DTLSFingerprint?
    private var dtls: DTLSWorker?
    /// What the far end said in DTLS before this end knew that the way is agreed on: it would say it again only after a second.
    private var early: [[UInt8]] = []
    /// Runs while the far end has closed DTLS and may begin anew.
    private var grace: ScheduledAction?
    private var isClosed = false
    private var asking: ReflexiveAddress?

    /// - Parameter candidates: where the port can be reached.
    init(
        port: any RTPPort, isOfferer: Bool, candidates: [ICECandidate], environment: SecureMediaEnvironment,
        tell: @escaping @CallActor (SecureTransportEvent) -> Void
    ) {
        self.port = port
        self.environment = environment
        self.candidates = candidates
        self.tell = tell
        agent = ICEAgent(isControlling: isOfferer) { .random(in: 0 ... .max) }
        setFilter()
    }

    /// Asks where the port is seen from outside, which is told as a candidate from then on.
    ///
    /// - Parameter completion: called once, after less than half a second.
    func findReflexiveAddress(at server: NetworkAddress, _ completion: @escaping @CallActor () -> Void) {
        let base = candidates.first?.address
        asking = ReflexiveAddress(of: port, from: server, tag: agent.tag, scheduler: environment.scheduler) { [weak self] found in
            if let self, let found, !candidates.contains(where: { $0.address == found }) {
                candidates.append(ICECandidate(own: .serverReflexive, found, order: 0, related: base))
            }
            completion()
        }
    }

    // MARK: - Descriptions

    /// What our description says: of ours in an offer, or in the answer to what was taken before.
    func attributes(isOffer: Bool) -> [SDPAttribute] {
        let setup =
            switch role {
            case .active? where !isOffer: "active"
            case .passive? where !isOffer: "passive"
            default: "actpass"
            }
        return [
            SDPAttribute("ice-ufrag", agent.local.user), SDPAttribute("ice-pwd", agent.local.password),
            SDPAttribute("fingerprint", environment.identity.fingerprint.description), SDPAttribute("setup", setup),
        ] + candidates.map { SDPAttribute("candidate", $0.attribute) } + [SDPAttribute("end-of-candidates")]
    }

    /// Takes the far end's description.
    ///
    /// - Parameter isOffer: Whether the far end offers; it answers otherwise.
    /// - Throws: `MediaRefusal` when ICE or DTLS can't work with it.
    func take(_ remote: TransportDescription, isOffer: Bool) throws(MediaRefusal) {
        guard let user = remote.iceUser, let password = remote.icePassword,
            let credentials = ICECredentials(user: user, password: password)
        else { throw MediaRefusal(description: "ice-ufrag or ice-pwd is missing or malformed") }
        guard let fingerprint = remote.fingerprints.lazy.compactMap(DTLSFingerprint.init(attribute:)).first else {
            throw MediaRefusal(description: "no fingerprint of a known and safe algorithm")
        }
        let now = environment.nowMs()
        if isOffer, let former = agent.remote, former != credentials {
            formerUser = agent.local
            agent.restart(at: now)
        }
        if remote.isICELite { agent.takeControl() }
        let checks = agent.setRemote(credentials, remote.candidates.prefix(ICEAgent.maxChecks).compactMap(ICECandidate.init), at: now)
        agree(on: fingerprint, remote.setup, isOffer: isOffer)
        carryOut(checks)
    }

    /// Chooses who speaks first (RFC 8842 section 5), and begins anew with a far end that is another.
    private func agree(on fingerprint: DTLSFingerprint, _ setup: String?, isOffer: Bool) {
        // What the far end has closed begins anew.
        let isSame = self.fingerprint == fingerprint && grace == nil
        let wanted: DTLSRole =
            switch setup {
            case "active": .passive
            case "passive": .active
            // The answerer to an offer of both begins, for that saves a round trip; what was agreed on stays.
            default: isSame ? role ?? .active : isOffer ? .active : .passive
            }
        guard !isSame || wanted != role else { return }
        dtls?.close()
        dtls = nil
        grace?.cancel()
        grace = nil
        (self.fingerprint, role) = (fingerprint, wanted)
        // One that is elsewhere, too, is to be found first.
        if agent.selected != nil, !agent.isSelectionFormer { startDTLS() }
    }

    // MARK: - The network

    func received(_ datagram: TransportDatagram) {
        guard !isClosed, asking?.receive(datagram) != true else { return }
        switch datagram.kind {
        case .stun: carryOut(agent.receive(datagram.bytes, from: datagram.source, at: environment.nowMs()))
        case .dtls: if let dtls { dtls.receive(datagram.bytes) } else if early.count < Self.maxEarly { early.append(datagram.bytes) }
        }
    }

    private func carryOut(_ actions: [ICEAction]) {
        for action in actions where !isClosed {
            switch action {
            case .send(let bytes, let address): port.send(bytes, to: address)
            case .selected(let address):
                formerUser = nil
                setFilter()
                tell(.selected(address))
                if dtls == nil { startDTLS() }
            case .failed(let failure): fail(.ice(failure))
            }
        }
        guard !isClosed else { return }
        setFilter()
        setTimer()
    }

    private func setFilter() {
        let wanted = TransportFilter(tag: agent.tag, user: agent.local, formerUser: formerUser, peers: agent.validated)
        guard wanted != filter else { return }
        filter = wanted
        port.setTransportFilter(wanted)
    }

    private func setTimer() {
        guard let deadline = agent.nextDeadlineMs else {
            timer?.action.cancel()
            timer = nil
            return
        }
        guard timer?.atMs != deadline else { return }
        timer?.action.cancel()
        let action = environment.scheduler.schedule(afterMs: Int(max(0, deadline - environment.nowMs()))) { [weak self] in
            guard let self else { return }
            timer = nil
            carryOut(agent.advance(to: environment.nowMs()))
        }
        timer = (action, deadline)
    }

    private func startDTLS() {
        guard let role, let fingerprint else { return }
        do {
            let session = try DTLSSession(environment.identity, role: role, fingerprint: fingerprint)
            dtls = DTLSWorker(session, pool: environment.pool, scheduler: environment.scheduler) { [weak self] in self?.took($0) }
            for datagram in early { dtls?.receive(datagram) }
            early = []
        } catch {
            fail(.dtls(error))
        }
    }

    private func took(_ outcome: DTLSOutcome) {
        switch outcome {
        case .send(let bytes): if let selected = agent.selected { port.send(bytes, to: selected) }
        case .secured(let protection): if !isClosed { tell(.secured(protection)) }
        case .failed(let failure): fail(failure)
        case .closed:
            grace = environment.scheduler.schedule(afterMs: Self.graceMs) { [weak self] in self?.fail(.closed) }
        }
    }

    private func fail(_ failure: TransportFailure) {
        guard !isClosed else { return }
        close {}
        tell(.failed(failure))
    }

    /// Ends all that goes on here.
    ///
    /// - Parameter completion: called once the far end was told, which the port is needed for.
    func close(_ completion: @escaping @CallActor () -> Void) {
        guard !isClosed else { return completion() }
        isClosed = true
        asking?.cancel()
        timer?.action.cancel()
        timer = nil
        grace?.cancel()
        port.setTransportFilter(nil)
        if let dtls { dtls.close(completion) } else { completion() }
    }
}
