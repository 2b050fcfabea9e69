internal import Audio
internal import Synchronization

/// Copies what is heard at a port, 20 ms at a time, for a reader on another thread. Neither waits for the other: what the reader is too late
/// for is replaced with silence later, so that everything behind it keeps its time.
///
/// `@unchecked Sendable`: the ring's memory is written by the one media thread that has the port and read by one reader, who take turns by
/// the two atomic positions; the rate fits and the counts beside them are the media thread's alone.
public final class AudioTap: @unchecked Sendable {
    /// Whose audio is copied.
    public enum Part: Sendable, Equatable {
        /// What the device says; at a mixer what all say.
        case said
        /// What the device hears; at a mixer what all say.
        case heard
        /// What the device says and what it hears, added up; at a mixer what all say.
        case both
        /// Two channels by turns: what the device says left, what it hears right; at a mixer what the ports of either side say.
        case sides
    }

    /// When a tap ends by itself.
    public struct Limits: Sendable, Equatable {
        /// Milliseconds of audio; 0 for no limit.
        public var durationMs: Int
        /// Milliseconds of silence without a break; 0 for no limit.
        public var silenceMs: Int

        public init(durationMs: Int = 0, silenceMs: Int = 0) {
            self.durationMs = durationMs
            self.silenceMs = silenceMs
        }
    }

    /// Why nothing follows.
    public enum End: Sendable, Equatable {
        case removed
        case portClosed
        case maxDuration
        case maxSilence
    }

    /// Seconds that the reader may be late without anything being lost.
    public static let roomSeconds = 4

    public let part: Part
    /// Samples per second and channel.
    public let sampleRate: Int
    /// 2 for ``Part/sides``, else 1.
    public let channels: Int
    /// Whether ticks without audio are left out, and the port tells `MediaEvent.audioTapped` after those with it: for who passes audio on at
    /// once instead of keeping its time.
    public let isLive: Bool
    let onEnd: @Sendable (End) -> Void
    private let limits: Limits
    private let ring: UnsafeMutablePointer<Int16>
    private let capacity: Int

    /// Samples written and read since the beginning; the difference is what waits.
    private let written = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)
    private let kept = Atomic<Int>(0)
    private let silent = Atomic<Int>(0)
    private let paused = Atomic<Bool>(false)
    private let muted = Atomic<Bool>(false)

    // The media thread's own.
    private var leftFit = RateFit()
    private var rightFit = RateFit()
    private var owedSilence = 0
    private var silentRun = 0

    /// Makes a tap that waits to be given to a port.
    ///
    /// - Parameters:
    ///   - sampleRate: 8000...192000 Hz; others count as 8000.
    ///   - onEnd: called once on the control loop, when the tap has got its last frame.
    public init(_ part: Part, sampleRate: Int, limits: Limits = Limits(), isLive: Bool = false, onEnd: @escaping @Sendable (End) -> Void) {
        self.part = part
        self.sampleRate = (8_000...FrameArena.maxRate).contains(sampleRate) ? sampleRate : 8_000
        channels = part == .sides ? 2 : 1
        self.limits = limits
        self.isLive = isLive
        self.onEnd = onEnd
        capacity = self.sampleRate * channels * Self.roomSeconds
        ring = .allocate(capacity: capacity)
    }

    deinit { ring.deallocate() }

    // MARK: The control side

    /// Leaves out what comes from now on, or goes on.
    public func setPaused(_ on: Bool) { paused.store(on, ordering: .relaxed) }

    /// Replaces what comes from now on with silence, or no longer.
    public func setMuted(_ on: Bool) { muted.store(on, ordering: .relaxed) }

    /// Milliseconds copied so far, pauses left out.
    public var durationMs: Int { milliseconds(kept) }

    /// Milliseconds copied so far in which nobody talked.
    public var silenceMs: Int { milliseconds(silent) }

    /// Samples that were replaced with silence because the reader was late, both channels together.
    public var lostSamples: Int { lost.load(ordering: .relaxed) }

    private func milliseconds(_ samples: borrowing Atomic<Int>) -> Int { samples.load(ordering: .relaxed) * 1_000 / sampleRate }

    // MARK: The reader

    /// Hands over everything that waits, in one piece or two.
    public func read(_ body: (UnsafeBufferPointer<Int16>) throws -> Void) rethrows {
        let start = taken.load(ordering: .relaxed)
        let end = written.load(ordering: .acquiring)
        let first = start % capacity
        let untilWrap = min(end - start, capacity - first)
        if untilWrap > 0 { try body(UnsafeBufferPointer(start: ring + first, count: untilWrap)) }
        if end - start > untilWrap { try body(UnsafeBufferPointer(start: ring, count: end - start - untilWrap)) }
        taken.store(end, ordering: .releasing)
    }

    // MARK: The media thread

    /// Takes the frames of a tick, nil for silence; `right` counts for ``Part/both`` and ``Part/sides`` only.
    ///
    /// - Returns: The limit that is reached, if one is.
    func take(_ left: Frame?, _ right: Frame?, _ arena: inout FrameArena) -> End? {
        guard !paused.load(ordering: .relaxed) else { return nil }
        let isMuted = muted.load(ordering: .relaxed)
        let count = Frame.count(atRate: sampleRate)
        let isSilent = isMuted || !(Self.isTalk(left) || (part != .said && Self.isTalk(right)))
        let one = isMuted ? nil : left.map { leftFit.fit($0, to: sampleRate, &arena) }
        let two = isMuted || part == .said ? nil : right.map { rightFit.fit($0, to: sampleRate, &arena) }
        switch part {
        case .said, .heard, .both:
            var sum = FrameSum(rate: sampleRate)
            sum.add(one, &arena)
            sum.add(two, &arena)
            append(sum.frame?.samples ?? arena.silence, count)
        case .sides:
            append(Self.byTurns(one?.samples ?? arena.silence, two?.samples ?? arena.silence, count, &arena), 2 * count)
        }
        return advance(by: count, isSilent: isSilent)
    }

    private static func isTalk(_ frame: Frame?) -> Bool {
        guard let frame else { return false }
        return AudioLevel.meanAmplitude(frame.samples, frame.count) >= TalkDetector.defaultThreshold
    }

    private func advance(by samples: Int, isSilent: Bool) -> End? {
        let total = kept.load(ordering: .relaxed) + samples
        kept.store(total, ordering: .relaxed)
        silentRun = isSilent ? silentRun + samples : 0
        if isSilent { silent.store(silent.load(ordering: .relaxed) + samples, ordering: .relaxed) }
        if limits.durationMs > 0, total >= limits.durationMs * sampleRate / 1_000 { return .maxDuration }
        if limits.silenceMs > 0, silentRun >= limits.silenceMs * sampleRate / 1_000 { return .maxSilence }
        return nil
    }

    private static func byTurns(
        _ one: UnsafePointer<Int16>, _ two: UnsafePointer<Int16>, _ count: Int, _ arena: inout FrameArena
    ) -> UnsafePointer<Int16> {
        let output = arena.take(2 * count)
        for index in 0..<count {
            output[2 * index] = one[index]
            output[2 * index + 1] = two[index]
        }
        return UnsafePointer(output)
    }

    private func append(_ samples: UnsafePointer<Int16>, _ count: Int) {
        var room = capacity - (written.load(ordering: .relaxed) - taken.load(ordering: .acquiring))
        if owedSilence > 0 {
            // In whole frames: a coding may want more than one sample at a time.
            let paid = min(owedSilence, room / count * count)
            write(nil, paid)
            owedSilence -= paid
            room -= paid
        }
        guard owedSilence == 0, room >= count else {
            owedSilence += count
            lost.store(lost.load(ordering: .relaxed) + count, ordering: .relaxed)
            return
        }
        write(samples, count)
    }

    /// Writes samples, or silence for nil, and lets the reader have them.
    private func write(_ samples: UnsafePointer<Int16>?, _ count: Int) {
        let start = written.load(ordering: .relaxed)
        let first = start % capacity
        let untilWrap = min(count, capacity - first)
        if let samples {
            (ring + first).update(from: samples, count: untilWrap)
            ring.update(from: samples + untilWrap, count: count - untilWrap)
        } else {
            (ring + first).update(repeating: 0, count: untilWrap)
            ring.update(repeating: 0, count: count - untilWrap)
        }
        written.store(start + count, ordering: .releasing)
    }
}
