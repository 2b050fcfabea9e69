internal import CLinuxIO
internal import Glibc
internal import RTP
internal import SecureMedia

/// Holds the settings a media thread works by.
struct GraphSettings: Sendable {
    var capacity = 16_384
    var rtpTimeoutNs: UInt64 = 0
    var rtpHoldTimeoutNs: UInt64 = 0
    var latchWindowNs: UInt64 = 30_000_000_000
    var rtcpIntervalNs: UInt64 = 5_000_000_000
    var cname = "arioso"

    init() {}

    init(_ configuration: MediaConfiguration, cname: String) {
        func ns(_ ms: Int) -> UInt64 { UInt64(max(0, min(ms, 1_000_000_000))) * 1_000_000 }
        capacity = max(1, min(configuration.maxPortsPerThread, 1 << 20))
        rtpTimeoutNs = ns(configuration.rtpTimeoutMs)
        rtpHoldTimeoutNs = ns(configuration.rtpHoldTimeoutMs)
        latchWindowNs = ns(configuration.latchWindowMs)
        rtcpIntervalNs = ns(configuration.rtcpIntervalMs)
        self.cname = cname
    }
}

/// Holds the ports of one media thread and everything that happens between them: what comes in, who hears whom, what goes out.
///
/// Does no I/O of its own and knows no clock: packets and times are handed in, packets leave through a `PacketSink`. One thread at a
/// time. Legs lie in raw memory addressed by place, because arrays and classes would cost checks and reference counts per packet;
/// every place is checked where it comes from outside (`leg(_:)`), links between legs are kept right by this type alone.
struct MediaGraph: ~Copyable {
    /// Ticks between two looks at a leg's time-outs.
    static let sweepTicks: UInt64 = 10
    /// Ticks for which decoders and encoders are kept unused.
    static let idleTicks: UInt64 = 50
    /// Largest packet made, header included.
    static let maxMadeBytes = 4_096
    /// Room for a packet with what protects it.
    static let sealingBytes = maxMadeBytes + HeaderExtensions.maximumBytes + SRTPProfile.longestTrailer

    var settings: GraphSettings
    let sink: PacketSink
    let legs: UnsafeMutablePointer<Leg>
    let scratch: UnsafeMutablePointer<UInt8>
    /// Where packets are protected before they are sent.
    let sealing: UnsafeMutableRawPointer
    var arena = FrameArena()
    var random: SplitMix64
    /// Places of the legs that the tick visits, in no order.
    var active: [Int32] = []
    /// One above the highest place ever used.
    var highWater = 0
    private(set) var openCount = 0
    var tickNumber: UInt64 = 0
    /// Time of the wake-up or tick being worked on.
    var nowNs: UInt64 = 0
    /// Wall clock minus `nowNs`, for RTCP.
    var wallOffsetNs: UInt64 = 0
    /// Where reports are written before they are sent.
    var controlBytes: [UInt8] = []
    var changeStamp: UInt64 = 0
    var isTicking = false
    /// Ports whose outgoing audio changed its origin during the tick.
    var changed: [Int32] = []
    /// What the control side is to be told.
    var events: [PortEvent] = []
    /// Datagrams of ICE and DTLS that the control side is to take.
    var datagrams: [PortDatagram] = []
    /// Audio and keys that the control side is to release.
    var discarded: [Unmanaged<AnyObject>] = []
    /// Taps whose owners the control side is to tell.
    var endedTaps: [EndedTap] = []

    init(settings: GraphSettings, sink: PacketSink, seed: UInt64) {
        self.settings = settings
        self.sink = sink
        random = SplitMix64(seed: seed)
        // Zeroed by the kernel page by page as places come into use: a large table costs no memory until then.
        let memory = mmap(nil, Self.tableBytes(settings), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let memory, memory != MAP_FAILED else { fatalError("no address space for the media table") }
        legs = memory.bindMemory(to: Leg.self, capacity: settings.capacity)
        controlBytes.reserveCapacity(RTCP.maximumBytes)
        scratch = .allocate(capacity: Self.maxMadeBytes)
        scratch.initialize(repeating: 0, count: Self.maxMadeBytes)
        sealing = .allocate(byteCount: Self.sealingBytes, alignment: 16)
    }

    deinit {
        munmap(legs, Self.tableBytes(settings))
        scratch.deallocate()
        sealing.deallocate()
    }

    private static func tableBytes(_ settings: GraphSettings) -> Int { settings.capacity * MemoryLayout<Leg>.stride }

    /// Gives the memory of a table that was large back to the system when no port is left.
    mutating func releaseEmptyTable() {
        guard openCount == 0, highWater > 64 else { return }
        madvise(legs, highWater * MemoryLayout<Leg>.stride, MADV_DONTNEED)
        highWater = 0
    }

    /// Finds a port that is still there.
    func leg(_ id: PortID) -> UnsafeMutablePointer<Leg>? {
        guard id.index >= 0, Int(id.index) < settings.capacity else { return nil }
        let leg = legs + Int(id.index)
        return leg.pointee.generation == id.generation && leg.pointee.kind != .free ? leg : nil
    }

    /// Gives the name of the port at a place.
    func id(_ index: Int32) -> PortID { PortID(index: index, generation: legs[Int(index)].generation) }

    mutating func emit(_ kind: PortEvent.Kind, from index: Int32) {
        events.append(PortEvent(port: id(index), kind: kind))
    }

    // MARK: Opening and closing

    /// Puts a leg at a place that the control side knows to be free.
    mutating func place(_ leg: Leg, at index: Int32) {
        guard index >= 0, Int(index) < settings.capacity, legs[Int(index)].kind == .free else { return }
        (legs + Int(index)).initialize(to: leg)
        highWater = max(highWater, Int(index) + 1)
        openCount += 1
    }

    mutating func open(
        _ id: PortID, kind: Leg.Kind, sockets: SocketPair, signalling: NetworkAddress?, sending: SendSequence, counters: LegCounters
    ) {
        counters[.localSSRC] = UInt64(sending.ssrc)
        place(
            Leg(kind: kind, generation: id.generation, sockets: sockets, signalling: signalling, sending: sending, counters: counters),
            at: id.index)
        if kind == .mixer { becomeMixer(id.index) }
    }

    /// Joins two ends to a pipe.
    mutating func pair(_ first: PortID, _ second: PortID) {
        guard let one = leg(first), let two = leg(second), one.pointee.kind == .pipe, two.pointee.kind == .pipe else { return }
        one.pointee.partner = second.index
        two.pointee.partner = first.index
        outgoingChanged(first.index)
        outgoingChanged(second.index)
    }

    /// Ends a port; gives the sockets to close.
    mutating func close(_ id: PortID) -> SocketPair? {
        guard let leg = leg(id) else { return nil }
        if leg.pointee.kind == .rtp { sendGoodbye(id.index) }
        unlink(id.index)
        releaseDemand(id.index)
        leg.pointee.kind = .free
        openCount -= 1
        emit(.released, from: id.index)
        return leg.pointee.sockets.rtp >= 0 ? leg.pointee.sockets : nil
    }

    /// Takes a port out so that another thread can go on with it; its links are cut, everything else stays as it is.
    mutating func takeOut(_ id: PortID) -> Leg? {
        guard let leg = leg(id) else { return nil }
        unlink(id.index)
        setActive(id.index, false)
        let copy = leg.pointee
        leg.pointee.kind = .free
        openCount -= 1
        emit(.released, from: id.index)
        return copy
    }

    /// Goes on with a port taken out of another thread.
    mutating func adopt(_ id: PortID, _ parcel: Leg) {
        var leg = parcel
        leg.generation = id.generation
        (leg.outgoingTick, leg.incomingTick, leg.changeStamp) = (0, 0, 0)
        leg.activePosition = Leg.nobody
        place(leg, at: id.index)
        outgoingChanged(id.index)
    }

    /// Cuts all links from and to a port.
    private mutating func unlink(_ index: Int32) {
        let leg = legs + Int(index)
        setPeer(of: index, to: Leg.nobody)
        while leg.pointee.firstListener != Leg.nobody { setPeer(of: leg.pointee.firstListener, to: Leg.nobody) }
        let partner = leg.pointee.partner
        if partner != Leg.nobody {
            leg.pointee.partner = Leg.nobody
            legs[Int(partner)].partner = Leg.nobody
            incomingChanged(partner)
        }
        endSnoop(index)
        endSnoops(on: index)
        setRoute(of: index, to: .silent, from: Leg.nobody)
        while leg.pointee.firstForward != Leg.nobody { setRoute(of: leg.pointee.firstForward, to: .silent, from: Leg.nobody) }
    }

    /// Frees what was made on demand.
    private mutating func releaseDemand(_ index: Int32) {
        setActive(index, false)
        dropPlayer(index)
        dropBackground(index)
        dropReceiver(index)
        dropTransmitter(index)
        let leg = legs + Int(index)
        leg.pointee.digits?.deallocate()
        leg.pointee.digits = nil
        leg.pointee.talk?.deallocate()
        leg.pointee.talk = nil
        leg.pointee.tones?.deallocate()
        leg.pointee.tones = nil
        dropMix(index)
        dropTaps(index)
        dropTransport(index)
    }

    mutating func dropPlayer(_ index: Int32) {
        drop(legs[Int(index)].player)
        legs[Int(index)].player = nil
    }

    mutating func dropBackground(_ index: Int32) {
        drop(legs[Int(index)].background)
        legs[Int(index)].background = nil
    }

    private mutating func drop(_ player: UnsafeMutablePointer<Player>?) {
        guard let player else { return }
        if let audio = player.pointee.discard() { discarded.append(audio) }
        player.deinitialize(count: 1)
        player.deallocate()
    }

    func dropReceiver(_ index: Int32) {
        guard let receiver = legs[Int(index)].receiver else { return }
        legs[Int(index)].receiver = nil
        receiver.deinitialize(count: 1)
        receiver.deallocate()
    }

    func dropTransmitter(_ index: Int32) {
        guard let transmitter = legs[Int(index)].transmitter else { return }
        legs[Int(index)].transmitter = nil
        transmitter.deinitialize(count: 1)
        transmitter.deallocate()
    }
}
