/// Puts received packets back in order and at an even pace, with as little delay as the network's jitter allows.
///
/// Put packets in as they arrive and take one frame whenever the player needs more audio; each take gives a frame, asks for a made-up
/// one, or says that nothing is to be played. All memory is allocated once. Times are of one monotonic clock, in microseconds.
///
/// How the delay moves: a frame that is missing when it is needed is made up, and played after all if it still comes, so that the
/// delay grows by one frame; when the delay is more than a frame above what the jitter calls for, one frame is left out at a time.
public struct JitterBuffer: ~Copyable, Sendable {
    /// What to play next.
    public enum Output {
        /// A packet's payload, readable until the next call of `put` or `take`.
        case frame(Frame)
        /// Nothing came in time: make up audio of that many timestamp units. `following` is the payload right behind, when it is there,
        /// readable until the next call of `put` or `take`.
        case lost(duration: UInt32, following: UnsafeRawBufferPointer? = nil)
        /// Nothing is to be played: the sender is silent or the buffer is filling.
        case empty
    }

    public struct Frame {
        public var payload: UnsafeRawBufferPointer
        public var payloadType: UInt8
        public var marker: Bool
        public var sequenceNumber: UInt16
        public var timestamp: UInt32
        /// Length in timestamp units.
        public var duration: UInt32
        /// Whether a frame before this one was left out; blend it in to avoid a click.
        public var followsDrop: Bool
    }

    /// What became of a packet.
    public enum Outcome: Sendable, Hashable {
        case accepted, duplicate, late, tooLarge
        /// Far from everything before; if the following packet continues it, the stream starts anew.
        case suspicious
        case restarted
    }

    /// Largest step of sequence numbers inside one stream.
    static let maximumStep: Int64 = 3000
    /// Largest sudden change of a packet's transit inside one stream.
    static let maximumTransitJumpMs = 2000
    /// Time that is made up before the sender is taken to be silent.
    static let maximumConcealedMs = 120
    /// Least time between two frames left out.
    static let dropIntervalMs = 100

    public private(set) var statistics = JitterBufferStatistics()

    private let clockRate: Int64
    private let minimumDelay: Int64, initialDelay: Int64, maximumDelay: Int64
    private let nominalFrame: Int64
    private var ring: PacketRing
    private var estimate: DelayEstimate

    private var ssrc: UInt32?
    private var highestSequence: Int64 = 0
    private var highestTimestamp: Int64 = 0
    /// Newest packet that was played or passed over.
    private var passedSequence: Int64 = 0
    private var suspect: UInt16?

    private var isPlaying = false
    /// Timestamp that is to be played next, while playing.
    private var nextTimestamp: Int64 = 0
    private var frameUnits: Int64
    /// Units made up since the last frame without moving `nextTimestamp`.
    private var concealedUnits: Int64 = 0
    private var unitsSinceDrop: Int64 = 0
    /// Set when the newest packets were no audio: then their successors are not missing.
    private var senderIsSilent = false

    /// Allocates a buffer; values outside their limits are brought into them.
    public init(_ configuration: JitterBufferConfiguration = JitterBufferConfiguration()) {
        let limits = configuration.bounded
        func units(_ ms: Int) -> Int64 { Int64(limits.clockRate) * Int64(ms) / 1000 }
        clockRate = Int64(limits.clockRate)
        minimumDelay = units(limits.minimumDelayMs)
        initialDelay = units(limits.initialDelayMs)
        maximumDelay = units(limits.maximumDelayMs)
        nominalFrame = max(units(limits.frameMs), 1)
        frameUnits = nominalFrame
        // Room for the longest delay in packets of 10 ms, and a little for bursts.
        var capacity = 16
        while capacity < limits.maximumDelayMs / 10 + 8 { capacity *= 2 }
        ring = PacketRing(capacity: capacity, payloadCapacity: limits.payloadCapacity)
        estimate = DelayEstimate(clockRate: limits.clockRate, maximumDelayMs: limits.maximumDelayMs)
    }

    /// Packets kept now.
    public var count: Int { ring.count }

    /// Most packets that are ever kept.
    public var capacity: Int { ring.capacity }

    /// Forgets everything but the statistics, as when the stream is redirected.
    public mutating func reset() {
        ssrc = nil
        ring.removeAll()
        estimate.reset()
        isPlaying = false
        concealedUnits = 0
        suspect = nil
        frameUnits = nominalFrame
    }

    // MARK: Arrivals

    /// Keeps a packet that lasts `duration` timestamp units (0 means the usual length) and arrived at `nowUs`.
    @discardableResult
    public mutating func put(_ header: RTPHeader, payload: UnsafeRawBufferPointer, duration: UInt32, atUs nowUs: Int64) -> Outcome {
        guard payload.count <= ring.payloadCapacity else {
            statistics.refused &+= 1
            return .tooLarge
        }
        let length = duration == 0 ? nominalFrame : min(Int64(duration), clockRate)
        return arrive(header, payload: payload, duration: length, at: units(nowUs))
    }

    /// Notes a packet of the same stream that is no audio (a telephone event), so that its number is not taken for a loss.
    @discardableResult
    public mutating func skip(_ header: RTPHeader, atUs nowUs: Int64) -> Outcome {
        arrive(header, payload: UnsafeRawBufferPointer(start: nil, count: 0), duration: 0, at: units(nowUs))
    }

    private func units(_ us: Int64) -> Int64 { us &* clockRate / 1_000_000 }

    private func milliseconds(_ units: Int64) -> Int { Int(clamping: units &* 1000 / clockRate) }

    private mutating func arrive(_ header: RTPHeader, payload: UnsafeRawBufferPointer, duration: Int64, at now: Int64) -> Outcome {
        var outcome = Outcome.accepted
        if ssrc != header.ssrc {
            if ssrc != nil { outcome = .restarted }
            start(header, at: now)
        }
        var (sequence, timestamp) = extended(header)
        if isFar(sequence, timestamp, isAudio: duration > 0, at: now) {
            guard suspect == header.sequenceNumber else {
                suspect = header.sequenceNumber &+ 1
                return .suspicious
            }
            start(header, at: now)
            (sequence, timestamp) = (highestSequence, highestTimestamp)
            outcome = .restarted
        }
        suspect = nil
        if duration > 0 { measure(transit: now &- timestamp, at: now) }
        guard sequence > passedSequence else {
            statistics.late &+= duration > 0 ? 1 : 0
            return .late
        }
        guard !ring.contains(sequence) else {
            statistics.duplicates &+= 1
            return .duplicate
        }
        makeRoom(for: sequence)
        ring.fill(
            PacketRing.Slot(
                sequence: sequence, timestamp: timestamp, duration: duration,
                payloadType: header.payloadType, marker: header.marker), payload: payload)
        highestSequence = max(highestSequence, sequence)
        highestTimestamp = max(highestTimestamp, timestamp)
        statistics.accepted &+= duration > 0 ? 1 : 0
        if outcome == .restarted { statistics.restarts &+= 1 }
        return outcome
    }

    private func extended(_ header: RTPHeader) -> (sequence: Int64, timestamp: Int64) {
        let step = Int16(bitPattern: header.sequenceNumber &- UInt16(truncatingIfNeeded: highestSequence))
        let time = Int32(bitPattern: header.timestamp &- UInt32(truncatingIfNeeded: highestTimestamp))
        return (highestSequence &+ Int64(step), highestTimestamp &+ Int64(time))
    }

    private func isFar(_ sequence: Int64, _ timestamp: Int64, isAudio: Bool, at now: Int64) -> Bool {
        if (sequence &- highestSequence).magnitude > UInt64(Self.maximumStep) { return true }
        guard isAudio, estimate.baseTransit != Int64.max else { return false }
        let jump = (now &- timestamp) &- estimate.baseTransit
        return jump.magnitude > UInt64(clockRate * Int64(Self.maximumTransitJumpMs) / 1000)
    }

    private mutating func start(_ header: RTPHeader, at now: Int64) {
        reset()
        ssrc = header.ssrc
        highestSequence = Int64(header.sequenceNumber)
        highestTimestamp = Int64(header.timestamp)
        // Packets that overtook the first one may still be played.
        passedSequence = highestSequence - Int64(ring.capacity / 2)
        senderIsSilent = false
        unitsSinceDrop = 0
    }

    private mutating func measure(transit: Int64, at now: Int64) {
        // A sender whose timestamps stood still while it was silent seems very late afterwards: its time begins anew.
        if !isPlaying, ring.count == 0, estimate.baseTransit != Int64.max, transit &- estimate.baseTransit > maximumDelay {
            estimate.rebase(transit: transit, at: now)
        }
        estimate.add(transit: transit, at: now)
        statistics.targetDelayMs = milliseconds(target)
    }

    private var target: Int64 {
        let needed = min(max(estimate.neededUnits, minimumDelay), maximumDelay)
        return estimate.isLearning ? max(needed, initialDelay) : needed
    }

    /// Passes over the oldest packets when a new one does not fit into the ring beside them.
    private mutating func makeRoom(for sequence: Int64) {
        let oldestKept = sequence - Int64(ring.capacity) + 1
        while ring.count > 0, let oldest = oldestSequence(), oldest < oldestKept {
            ring.remove(oldest)
            passedSequence = oldest
            statistics.dropped &+= 1
        }
        passedSequence = max(passedSequence, oldestKept - 1)
    }

    private func oldestSequence() -> Int64? {
        guard ring.count > 0 else { return nil }
        var sequence = max(passedSequence, highestSequence - Int64(ring.capacity)) + 1
        while sequence <= highestSequence {
            if ring.contains(sequence) { return sequence }
            sequence += 1
        }
        return nil
    }

    // MARK: Playing

    /// Gives what to play next; call it whenever the player needs more audio, at `nowUs`.
    public mutating func take(atUs nowUs: Int64) -> Output {
        let now = units(nowUs)
        guard let sequence = nextAudio() else { return isPlaying ? underrun() : .empty }
        let slot = ring.slot(sequence)
        let due = isDue(slot, at: now)
        guard isPlaying else { return due ? play(sequence, at: now) : .empty }
        var gap = slot.timestamp &- nextTimestamp
        let covered = min(max(gap, 0), concealedUnits)
        nextTimestamp = nextTimestamp &+ covered
        gap -= covered
        concealedUnits = 0
        guard gap >= frameUnits / 2 else { return play(sequence, at: now) }
        let isSilence = sequence == passedSequence + 1 || senderIsSilent
        if isSilence || gap > clockRate * Int64(Self.maximumConcealedMs) / 1000 {
            if due { return play(sequence, at: now) }
            isPlaying = false
            return .empty
        }
        // Packets were lost; when more delay has gathered than is needed, their time is passed over instead of made up.
        if delay(of: slot.timestamp, at: now) > target + frameUnits { return play(sequence, skipsTime: true, at: now) }
        nextTimestamp = nextTimestamp &+ min(gap, frameUnits)
        return lost(following: slot.timestamp == nextTimestamp ? ring.payload(sequence) : nil)
    }

    private mutating func underrun() -> Output {
        concealedUnits += frameUnits
        guard !senderIsSilent, concealedUnits <= clockRate * Int64(Self.maximumConcealedMs) / 1000 else {
            isPlaying = false
            concealedUnits = 0
            return .empty
        }
        return lost()
    }

    private mutating func lost(following: UnsafeRawBufferPointer? = nil) -> Output {
        statistics.concealed &+= 1
        unitsSinceDrop += frameUnits
        return .lost(duration: UInt32(clamping: frameUnits), following: following)
    }

    private func delay(of timestamp: Int64, at now: Int64) -> Int64 {
        (now &- timestamp) &- estimate.baseTransit
    }

    /// Tells whether a packet has waited for its time, give or take a quarter of a frame, so that a whole tick is not waited for little.
    private func isDue(_ slot: PacketRing.Slot, at now: Int64) -> Bool {
        delay(of: slot.timestamp, at: now) + frameUnits / 4 >= target
    }

    /// Finds the oldest audio packet, passing over those that are no audio or whose time was played already.
    private mutating func nextAudio() -> Int64? {
        while let sequence = oldestSequence() {
            let slot = ring.slot(sequence)
            let isPast = isPlaying && slot.timestamp &+ slot.duration <= nextTimestamp
            if slot.duration > 0, !isPast { return sequence }
            if slot.duration == 0 { senderIsSilent = true } else { statistics.late &+= 1 }
            pass(sequence)
        }
        return nil
    }

    private mutating func pass(_ sequence: Int64) {
        ring.remove(sequence)
        passedSequence = sequence
    }

    private mutating func play(_ oldest: Int64, skipsTime: Bool = false, at now: Int64) -> Output {
        var sequence = oldest
        var followsDrop = skipsTime
        while isTooLate(sequence, alreadyDropped: followsDrop, at: now) {
            pass(sequence)
            statistics.dropped &+= 1
            unitsSinceDrop = 0
            followsDrop = true
            guard let following = nextAudio() else { return underrun() }
            sequence = following
        }
        let slot = ring.slot(sequence)
        let payload = ring.payload(sequence)
        pass(sequence)
        isPlaying = true
        senderIsSilent = false
        concealedUnits = 0
        nextTimestamp = slot.timestamp &+ slot.duration
        frameUnits = slot.duration
        unitsSinceDrop += slot.duration
        statistics.played &+= 1
        statistics.delayMs = milliseconds(delay(of: slot.timestamp, at: now))
        return .frame(
            Frame(
                payload: payload, payloadType: slot.payloadType, marker: slot.marker,
                sequenceNumber: UInt16(truncatingIfNeeded: sequence), timestamp: UInt32(truncatingIfNeeded: slot.timestamp),
                duration: UInt32(clamping: slot.duration), followsDrop: followsDrop))
    }

    /// Tells whether a frame is to be left out: beyond the maximum always, above the target one at a time, the last one never.
    private func isTooLate(_ sequence: Int64, alreadyDropped: Bool, at now: Int64) -> Bool {
        guard ring.count > 1 else { return false }
        let slot = ring.slot(sequence)
        let late = delay(of: slot.timestamp, at: now)
        if late > maximumDelay + slot.duration { return true }
        let mayDrop = !alreadyDropped && unitsSinceDrop >= clockRate * Int64(Self.dropIntervalMs) / 1000
        return mayDrop && late > target + slot.duration + slot.duration / 4
    }
}
