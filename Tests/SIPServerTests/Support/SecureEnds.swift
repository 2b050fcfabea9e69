import CallCore
import Media
import NIOCore
import NIOPosix
import RTP
import SDP
import SecureMedia
import Testing
import VirtualTime

@testable import SIPServer

/// Two ends of a call that find each other by ICE and DTLS, on a network of their own where time is virtual.
@CallActor
final class SecureEnds {
    let scheduler = VirtualScheduler()
    private(set) var ends: [SecureEnd] = []
    /// Which datagrams arrive.
    var delivers: (_ datagram: TransportDatagram, _ target: NetworkAddress) -> Bool = { _, _ in true }
    /// Answers what arrives at addresses that are none of the ends'.
    var elsewhere: (_ datagram: TransportDatagram, _ target: NetworkAddress) -> [TransportDatagram] = { _, _ in [] }
    private var underWay: [(datagram: TransportDatagram, target: NetworkAddress)] = []
    private let pool: NIOThreadPool

    init() {
        pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
    }

    /// Adds an end at an address.
    func add(_ host: String, port: UInt16 = 5_000, isOfferer: Bool) throws -> SecureEnd {
        let environment = SecureMediaEnvironment(
            identity: try DTLSIdentity(), pool: pool, scheduler: scheduler, nowMs: { [scheduler] in scheduler.nowMs })
        let end = SecureEnd(self, NetworkAddress(host: host, port: port)!, isOfferer: isOfferer, environment)
        ends.append(end)
        return end
    }

    fileprivate func send(_ datagram: TransportDatagram, to target: NetworkAddress) { underWay.append((datagram, target)) }

    /// Lets time pass, datagram by datagram and timer by timer.
    func pass(ms: Int) async throws {
        let end = scheduler.nowMs + Int64(ms)
        try await settle()
        while let next = scheduler.nextDueMs, next <= end {
            scheduler.nowMs = max(scheduler.nowMs, next)
            scheduler.runDue()
            try await settle()
        }
        scheduler.nowMs = end
    }

    private func settle() async throws {
        repeat {
            let arriving = underWay
            underWay = []
            for (datagram, target) in arriving { deliver(datagram, target) }
            // What the pool has worked on comes back through the control loop.
            try await pool.runIfActive {}
            try await CallActor.loop.submit {}.get()
        } while !underWay.isEmpty
    }

    private func deliver(_ datagram: TransportDatagram, _ target: NetworkAddress) {
        guard delivers(datagram, target) else { return }
        if let end = ends.first(where: { $0.address == target && !$0.isClosed }) { return end.transport.received(datagram) }
        for answer in elsewhere(datagram, target) { underWay.append((answer, datagram.source)) }
    }

    func stop() { pool.shutdownGracefully { _ in } }
}

/// One end, and what it told.
@CallActor
final class SecureEnd {
    let address: NetworkAddress
    let transport: SecureTransport
    private(set) var selected: [NetworkAddress] = []
    private(set) var secured = 0
    private(set) var failures: [TransportFailure] = []
    private let port: FakePort
    var isClosed: Bool { port.isClosed }

    init(_ network: SecureEnds, _ address: NetworkAddress, isOfferer: Bool, _ environment: SecureMediaEnvironment) {
        self.address = address
        let (port, relay) = (FakePort(address: MediaAddress(address)), Relay())
        self.port = port
        transport = SecureTransport(
            port: port, isOfferer: isOfferer, candidates: [ICECandidate(own: .host, address, order: 0)], environment: environment
        ) { relay.end?.took($0) }
        relay.end = self
        port.onSend = { [weak network] bytes, target in
            let kind: TransportDatagram.Kind = bytes.withUnsafeBytes { MediaPacketKind($0) } == .stun ? .stun : .dtls
            CallActor.assumeIsolated { network?.send(TransportDatagram(kind, bytes, from: address), to: target) }
        }
    }

    private func took(_ event: SecureTransportEvent) {
        switch event {
        case .selected(let address): selected.append(address)
        case .secured: secured += 1
        case .failed(let failure): failures.append(failure)
        }
    }

    /// Offers to another end, which answers.
    func offer(to other: SecureEnd) throws {
        try other.transport.take(description(isOffer: true), isOffer: true)
        try transport.take(other.description(isOffer: false), isOffer: false)
    }

    /// What this end says of itself.
    func description(isOffer: Bool) throws -> TransportDescription {
        var section = MediaDescription(media: "audio", port: Int(address.port), transport: "UDP/TLS/RTP/SAVPF", formats: ["0"])
        section.attributes = transport.attributes(isOffer: isOffer)
        return SessionDescription(
            origin: SDPOrigin(username: "-", sessionID: 1, version: 1, address: address.host), sessionName: "-",
            connection: nil, attributes: [], media: [section]
        ).transport(of: section)
    }

    /// Ends the call at this end, as a leg does.
    func close() { transport.close { [port] in port.close() } }

    @CallActor
    private final class Relay {
        weak var end: SecureEnd?
    }
}

/// An end that is elsewhere now and has restarted ICE there; its DTLS goes on.
@CallActor
final class MovedEnd {
    let description: TransportDescription
    private var agent = ICEAgent(isControlling: false) { .random(in: 0 ... .max) }

    init(_ end: SecureEnd, to place: NetworkAddress, in network: SecureEnds) throws {
        var described = try end.description(isOffer: true)
        (described.iceUser, described.icePassword) = (agent.local.user, agent.local.password)
        described.candidates = [ICECandidate(own: .host, place, order: 0).attribute]
        description = described
        network.elsewhere = { [scheduler = network.scheduler] datagram, target in
            guard target == place else { return [] }
            let actions = self.agent.receive(datagram.bytes, from: datagram.source, at: scheduler.nowMs)
            return (actions + self.agent.advance(to: scheduler.nowMs)).compactMap { action in
                if case .send(let bytes, _) = action { TransportDatagram(.stun, bytes, from: place) } else { nil }
            }
        }
    }

    /// Takes what the other end answers.
    func take(_ answer: TransportDescription) throws {
        let credentials = ICECredentials(user: try #require(answer.iceUser), password: try #require(answer.icePassword))
        _ = agent.setRemote(try #require(credentials), [], at: 0)
    }
}
