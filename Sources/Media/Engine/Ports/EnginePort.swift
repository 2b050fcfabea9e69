internal import RTP

/// One port as the control side sees it: turns calls into commands for whichever media thread has the leg.
///
/// `@unchecked Sendable`: everything here is touched on the control loop only, as `MediaPort` says; the counters are atomic words.
class EnginePort: MediaPort, @unchecked Sendable {
    let engine: MediaEngine
    let events: @Sendable (MediaEvent) -> Void
    let counters = LegCounters.allocate()
    /// Where the leg lives now.
    var id: PortID
    var lane: EngineLane
    var isClosed = false
    // What the leg was told last, so that the same is not told again.
    private var hasBackground = false
    private var absorbsDigits = false
    private var part = (speaks: true, hears: true)
    private var side = MixerSide.left
    var peer: EnginePort?
    var listeners: [ObjectIdentifier: EnginePort] = [:]
    /// The other end of a pipe.
    var partner: EnginePort?
    /// Whom the port snoops on, and who snoops on it.
    var snooped: (target: EnginePort, directions: SnoopDirections)?
    var snoops: [ObjectIdentifier: EnginePort] = [:]

    init(engine: MediaEngine, lane: EngineLane, id: PortID, events: @escaping @Sendable (MediaEvent) -> Void) {
        self.engine = engine
        self.lane = lane
        self.id = id
        self.events = events
    }

    // The table of ports keeps this object until the media thread has let go of the leg and its counters.
    deinit { counters.deallocate() }

    func post(_ action: MediaCommand.Action) {
        guard !isClosed else { return }
        lane.post(action, to: id)
    }

    func play(_ item: PlayItem, token: UInt64) { post(.play(item, token: token)) }
    func pausePlay() { post(.pause) }
    func resumePlay() { post(.resume) }
    func seekPlay(byMs: Int) { post(.seek(byMs: byMs)) }
    func restartPlay() { post(.restart) }
    func stopPlay() { post(.stop) }
    var playPositionMs: Int { Int(clamping: counters[.playPositionMs]) }
    func setBackground(_ item: PlayItem?) {
        guard item != nil || hasBackground else { return }
        hasBackground = item != nil
        post(.background(item))
    }
    func connect(to peer: (any MediaPort)?) { engine.connect(self, to: peer as? EnginePort) }
    func setEcho(_ on: Bool) { post(.echo(on)) }
    func setMuted(incoming: Bool, outgoing: Bool) { post(.mute(incoming: incoming, outgoing: outgoing)) }
    func setReceivesDigits(_ on: Bool) { post(.receivesDigits(on)) }
    func setAbsorbsDigits(_ on: Bool) {
        guard absorbsDigits != on else { return }
        absorbsDigits = on
        post(.absorbsDigits(on))
    }
    func setPart(speaks: Bool, hears: Bool) {
        guard part != (speaks, hears) else { return }
        part = (speaks, hears)
        post(.part(speaks: speaks, hears: hears))
    }
    func setSide(_ side: MixerSide) {
        guard self.side != side else { return }
        self.side = side
        post(.side(side))
    }
    func snoop(on target: (any MediaPort)?, _ directions: SnoopDirections) {
        engine.snoop(self, on: target as? EnginePort, directions)
    }
    func addTap(_ tap: AudioTap) {
        guard !isClosed else { return tap.onEnd(.portClosed) }
        post(.addTap(tap))
    }
    func removeTap(_ tap: AudioTap) { post(.removeTap(tap)) }
    func setTalkDetection(_ detection: TalkDetection?) { post(.talkDetection(detection)) }
    func setToneDetection(_ detection: ToneDetection?) { post(.toneDetection(detection)) }
    func sendDigits(_ digits: [DigitToSend], token: UInt64) { post(.sendDigits(digits, token: token)) }
    var statistics: MediaStatistics { counters.snapshot }
    func close() { engine.close(self) }
}

/// An RTP leg as the control side sees it.
final class EngineRTPPort: EnginePort, RTPPort, @unchecked Sendable {
    let localAddress: MediaAddress

    init(engine: MediaEngine, lane: EngineLane, id: PortID, localAddress: MediaAddress, events: @escaping @Sendable (MediaEvent) -> Void) {
        self.localAddress = localAddress
        super.init(engine: engine, lane: lane, id: id, events: events)
    }

    func configure(_ stream: MediaStream) { post(.configure(StreamSettings(stream))) }
    func setTransportFilter(_ filter: TransportFilter?) { post(.transportFilter(filter)) }
    func send(_ datagram: [UInt8], to address: NetworkAddress) { post(.sendDatagram(datagram, to: address)) }
    func protect(_ protection: MediaProtection) { post(.protect(protection)) }
}
