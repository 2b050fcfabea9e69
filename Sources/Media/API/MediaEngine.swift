internal import CLinuxIO
internal import RTP

/// Carries audio over RTP on media threads of its own.
///
/// Call it, and the ports it opens, on the control loop only; end it with `shutdown`.
///
/// `@unchecked Sendable`: its state is touched on the control loop only; the media threads share their inboxes with it, which lock.
public final class MediaEngine: MediaPlane, @unchecked Sendable {
    private var configuration: MediaConfiguration
    private let log: @Sendable (String) -> Void
    private var lanes: [EngineLane] = []
    private var pairs: PortPairs
    private var isShutDown = false

    /// Starts the media threads.
    ///
    /// - Parameters:
    ///   - log: told, from any thread and at most a few times, what an administrator should know.
    ///   - deliver: runs a closure on the control loop; called from media threads, once per batch of events.
    /// - Throws: `MediaError` when the port range is unusable or the system gives no thread.
    public init(
        configuration: MediaConfiguration = MediaConfiguration(),
        log: @escaping @Sendable (String) -> Void = { _ in },
        deliver: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
    ) throws {
        self.configuration = configuration
        self.log = log
        pairs = try Self.pairs(configuration)
        let cname = configuration.cname.isEmpty ? String(UInt64.random(in: 0 ... .max), radix: 36) : configuration.cname
        for number in 0..<max(1, min(configuration.threads, 16)) {
            let thread = try MediaThread(
                MediaThread.Settings(
                    number: number, graph: GraphSettings(configuration, cname: cname),
                    realtimePriority: Int32(max(0, min(configuration.realtimePriority, 99))), seed: .random(in: 0 ... .max), log: log,
                    deliver: { [weak self] news in
                        deliver { [weak self] in
                            news.settle()
                            self?.take(news.datagrams, ofLane: number)
                            self?.take(news.events, ofLane: number)
                        }
                    }))
            lanes.append(EngineLane(thread: thread, limit: GraphSettings(configuration, cname: cname).capacity))
        }
    }

    /// Takes another range of ports for calls from now on, and other limits for silence at once; what else there is takes effect with the
    /// next start.
    ///
    /// - Throws: `MediaError.badPortRange`; then nothing has changed.
    public func apply(_ new: MediaConfiguration) throws {
        if new.rtpPortRange != configuration.rtpPortRange { pairs = try Self.pairs(new) }
        configuration = new
        let limits = GraphSettings(new, cname: "")
        for lane in lanes {
            lane.post(
                .silenceLimits(ns: limits.rtpTimeoutNs, onHoldNs: limits.rtpHoldTimeoutNs), to: PortID(index: -1, generation: 0))
        }
    }

    private static func pairs(_ configuration: MediaConfiguration) throws(MediaError) -> PortPairs {
        try PortPairs(
            range: configuration.rtpPortRange, restNs: UInt64(max(0, min(configuration.portRestMs, 3_600_000))) * 1_000_000,
            random: .random(in: 0 ... .max))
    }

    /// Ends all ports (with RTCP BYE) and the media threads, and waits for them; a second call does nothing.
    public func shutdown() {
        guard !isShutDown else { return }
        isShutDown = true
        for lane in lanes { lane.thread.stop() }
        for port in lanes.flatMap({ $0.releaseAll() }) {
            port.isClosed = true
            (port.peer, port.partner, port.listeners) = (nil, nil, [:])
        }
    }

    // MARK: Opening

    public func openRTP(localHost: String, forPeer: MediaAddress?, events: @escaping @Sendable (MediaEvent) -> Void) throws -> any RTPPort {
        guard let host = NetworkAddress(host: localHost, port: 0) else { throw MediaError.notAnAddress(localHost) }
        let (lane, id) = try takePlace()
        let sockets: SocketPair
        do {
            sockets = try SocketPair.open(
                host: host, service: Int32(clamping: configuration.typeOfService), pairs: &pairs, nowNs: arioso_monotonic_ns())
        } catch {
            lane.giveBack(id)
            throw error
        }
        let address = MediaAddress(host).withPort(sockets.port)
        let port = EngineRTPPort(engine: self, lane: lane, id: id, localAddress: address, events: events)
        open(
            port,
            MediaCommand.Opening(
                kind: .rtp, sockets: sockets, signalling: forPeer?.network, sending: newSequence(), counters: port.counters))
        return port
    }

    public func openPipe(first: @escaping @Sendable (MediaEvent) -> Void, second: @escaping @Sendable (MediaEvent) -> Void) throws
        -> (first: any MediaPort, second: any MediaPort)
    {
        let (lane, id) = try takePlace()
        guard let otherID = lane.takePlace() else {
            lane.giveBack(id)
            throw MediaError.tooManyPorts(limit: configuration.maxPortsPerThread * lanes.count)
        }
        let one = EnginePort(engine: self, lane: lane, id: id, events: first)
        let two = EnginePort(engine: self, lane: lane, id: otherID, events: second)
        (one.partner, two.partner) = (two, one)
        for port in [one, two] { open(port, MediaCommand.Opening(kind: .pipe, sending: newSequence(), counters: port.counters)) }
        one.post(.pair(otherID))
        return (one, two)
    }

    public func openMixer(events: @escaping @Sendable (MediaEvent) -> Void) throws -> any MediaPort {
        let (lane, id) = try takePlace()
        let mixer = EnginePort(engine: self, lane: lane, id: id, events: events)
        open(mixer, MediaCommand.Opening(kind: .mixer, sending: newSequence(), counters: mixer.counters))
        return mixer
    }

    /// Reserves a place on the first media thread that is not busy yet, else on the one with the fewest ports.
    private func takePlace() throws(MediaError) -> (EngineLane, PortID) {
        guard !isShutDown else { throw .shutDown }
        let lane = lanes.first { $0.load < configuration.portsBeforeNextThread } ?? lanes.min { $0.load < $1.load }
        guard let lane, let id = lane.takePlace() else {
            throw .tooManyPorts(limit: configuration.maxPortsPerThread * lanes.count)
        }
        guard !lane.isOverloaded else {
            lane.giveBack(id)
            throw .overloaded
        }
        return (lane, id)
    }

    private func open(_ port: EnginePort, _ opening: MediaCommand.Opening) {
        port.lane.keep(port, as: port.id)
        port.post(.open(opening))
    }

    private func newSequence() -> SendSequence {
        // The first sequence number leaves the sign bit out, so that a wrap is some time away (RFC 3711 wants that too).
        SendSequence(ssrc: .random(in: 1 ... .max), firstSequence: .random(in: 0...0x7fff), firstTimestamp: .random(in: 0 ... .max))
    }

    // MARK: Links

    func connect(_ port: EnginePort, to wanted: EnginePort?) {
        guard !port.isClosed else { return }
        let peer = wanted.flatMap { $0.isClosed || $0 === port || $0.engine !== self ? nil : $0 }
        guard peer !== port.peer else { return }
        port.peer?.listeners.removeValue(forKey: ObjectIdentifier(port))
        port.peer = nil
        if let peer, peer.lane !== port.lane, !bringTogether(port, peer) {
            log("two media ports can't be connected: their media threads have no free places")
            return port.post(.connect(nil))
        }
        port.peer = peer
        peer?.listeners[ObjectIdentifier(port)] = port
        port.post(.connect(peer?.id))
    }

    /// Moves the smaller of two groups of linked ports to the other's thread; false when there is no room either way.
    private func bringTogether(_ port: EnginePort, _ peer: EnginePort) -> Bool {
        // The old link is cut first: what the port heard before need not come along.
        port.post(.connect(nil))
        let here = group(of: port), there = group(of: peer)
        let (small, large) = here.count <= there.count ? (here, there) : (there, here)
        return move(small, to: large[0].lane) || move(large, to: small[0].lane)
    }

    /// Gives all ports linked with one, itself first.
    private func group(of port: EnginePort) -> [EnginePort] {
        var group = [port]
        var seen: Set<ObjectIdentifier> = [ObjectIdentifier(port)]
        var next = 0
        while next < group.count {
            let at = group[next]
            next += 1
            for linked in [at.peer, at.partner, at.snooped?.target].compactMap({ $0 }) + at.listeners.values + at.snoops.values
            where seen.insert(ObjectIdentifier(linked)).inserted {
                group.append(linked)
            }
        }
        return group
    }

    private func move(_ ports: [EnginePort], to lane: EngineLane) -> Bool {
        var names: [PortID] = []
        for _ in ports {
            guard let name = lane.takePlace() else {
                names.forEach(lane.giveBack)
                return false
            }
            names.append(name)
        }
        for (port, name) in zip(ports, names) {
            lane.post(.expect, to: name)
            port.post(.moveOut(to: lane.thread.inbox, as: name))
            port.lane = lane
            port.id = name
            lane.keep(port, as: name)
        }
        var paired: Set<ObjectIdentifier> = []
        for port in ports {
            if let partner = port.partner, !paired.contains(ObjectIdentifier(partner)) {
                paired.insert(ObjectIdentifier(port))
                port.post(.pair(partner.id))
            }
            if let peer = port.peer { port.post(.connect(peer.id)) }
            if let (target, directions) = port.snooped { port.post(.snoop(target.id, directions)) }
        }
        return true
    }

    func snoop(_ port: EnginePort, on wanted: EnginePort?, _ directions: SnoopDirections) {
        guard !port.isClosed else { return }
        port.snooped?.target.snoops.removeValue(forKey: ObjectIdentifier(port))
        port.snooped = nil
        let target = wanted.flatMap { $0.isClosed || $0 === port || $0.engine !== self ? nil : $0 }
        if let target, target.lane !== port.lane, !bringTogether(port, target) {
            log("a media port can't be listened in on: its media thread has no free places")
            return port.post(.snoop(nil, directions))
        }
        port.snooped = target.map { ($0, directions) }
        target?.snoops[ObjectIdentifier(port)] = port
        port.post(.snoop(target?.id, directions))
    }

    func close(_ port: EnginePort) {
        guard !port.isClosed else { return }
        port.post(.close)
        port.isClosed = true
        port.peer?.listeners.removeValue(forKey: ObjectIdentifier(port))
        for listener in port.listeners.values { listener.peer = nil }
        port.snooped?.target.snoops.removeValue(forKey: ObjectIdentifier(port))
        for snoop in port.snoops.values { snoop.snooped = nil }
        (port.snooped, port.snoops) = (nil, [:])
        port.partner?.partner = nil
        (port.peer, port.partner, port.listeners) = (nil, nil, [:])
    }

    // MARK: Events

    private func take(_ datagrams: [PortDatagram], ofLane number: Int) {
        guard !isShutDown, lanes.indices.contains(number) else { return }
        for arrived in datagrams {
            if let port = lanes[number].port(arrived.port), !port.isClosed { port.events(.datagram(arrived.datagram)) }
        }
    }

    private func take(_ events: [PortEvent], ofLane number: Int) {
        guard !isShutDown, lanes.indices.contains(number) else { return }
        let lane = lanes[number]
        for event in events {
            if let told = event.mediaEvent {
                if let port = lane.port(event.port), !port.isClosed { port.events(told) }
            } else if let port = lane.release(event.port) as? EngineRTPPort, port.isClosed, port.lane === lane, port.id == event.port {
                pairs.giveBack(UInt16(truncatingIfNeeded: port.localAddress.port), nowNs: arioso_monotonic_ns())
            }
        }
    }
}
