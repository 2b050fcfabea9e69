internal import Synchronization

/// Hands audio that comes from elsewhere, such as a connection, to a port that plays it (``PlayItem/feed(_:)``). Neither side waits for the
/// other.
///
/// `@unchecked Sendable`: the ring's memory is written by the control side and read by the one media thread that has the port, who take
/// turns by the atomic positions; what is marked so is the media thread's alone.
public final class AudioFeed: @unchecked Sendable {
    /// Samples per second.
    public let sampleRate: Int
    private let ring: UnsafeMutablePointer<Int16>
    private let capacity: Int
    /// Milliseconds of delay that may stand; nil for a feed whose owner paces it.
    private let standingLimitMs: Int?
    private let written = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)
    /// What lies before this position is not to be heard.
    private let discardedBefore = Atomic<Int>(0)
    private let paused = Atomic<Bool>(false)
    private let skipped = Atomic<Int>(0)

    /// Ticks over which the delay must stand to be taken off.
    private static let windowTicks = 25
    // The media thread's own.
    private var (lowestWaiting, ticksInWindow) = (Int.max, 0)

    /// Makes a feed.
    ///
    /// - Parameters:
    ///   - sampleRate: 8000...192000 Hz; others count as 8000.
    ///   - roomMs: milliseconds that may wait.
    ///   - standingLimitMs: a delay that is longer for half a second is cut down, so that a stall of the sender leaves none behind.
    public init(sampleRate: Int, roomMs: Int, standingLimitMs: Int? = nil) {
        self.sampleRate = (8_000...FrameArena.maxRate).contains(sampleRate) ? sampleRate : 8_000
        self.standingLimitMs = standingLimitMs
        capacity = self.sampleRate / 1_000 * max(40, min(roomMs, 60_000))
        ring = .allocate(capacity: capacity)
    }

    deinit { ring.deallocate() }

    // MARK: The control side

    /// Milliseconds of audio that wait.
    public var waitingMs: Int { waiting * 1_000 / sampleRate }

    /// Milliseconds that were cut out because they would have been late.
    public var skippedMs: Int { skipped.load(ordering: .relaxed) * 1_000 / sampleRate }

    /// Samples handed over and samples played or thrown away, since the beginning.
    public var positions: (written: Int, taken: Int) {
        (written.load(ordering: .relaxed), max(taken.load(ordering: .acquiring), discardedBefore.load(ordering: .relaxed)))
    }

    private var waiting: Int { positions.written - positions.taken }

    /// Adds samples; gives how many there was room for.
    public func write(_ samples: UnsafeBufferPointer<Int16>) -> Int {
        guard let source = samples.baseAddress else { return 0 }
        let start = written.load(ordering: .relaxed)
        let count = min(samples.count, capacity - (start - taken.load(ordering: .acquiring)))
        let first = start % capacity
        let untilWrap = min(count, capacity - first)
        (ring + first).update(from: source, count: untilWrap)
        ring.update(from: source + untilWrap, count: count - untilWrap)
        written.store(start + count, ordering: .releasing)
        return count
    }

    /// Throws away what waits.
    public func flush() { discardedBefore.store(written.load(ordering: .relaxed), ordering: .releasing) }

    /// Lets what comes wait, or be heard again.
    public func setPaused(_ on: Bool) { paused.store(on, ordering: .relaxed) }

    // MARK: The media thread

    /// Gives the next frame; nil when not a whole one waits. The rest of what was handed over last is filled up with silence.
    func next(_ arena: inout FrameArena) -> Frame? {
        guard !paused.load(ordering: .relaxed) else { return nil }
        let end = written.load(ordering: .acquiring)
        var start = max(taken.load(ordering: .relaxed), discardedBefore.load(ordering: .acquiring))
        start += excess(waiting: end - start)
        let count = Frame.count(atRate: sampleRate)
        let available = min(count, end - start)
        guard available > 0 else {
            taken.store(start, ordering: .releasing)
            return nil
        }
        let output = arena.take(count)
        let first = start % capacity
        let untilWrap = min(available, capacity - first)
        output.update(from: ring + first, count: untilWrap)
        (output + untilWrap).update(from: ring, count: available - untilWrap)
        (output + available).update(repeating: 0, count: count - available)
        taken.store(start + available, ordering: .releasing)
        return Frame(samples: output, count: count, rate: sampleRate)
    }

    /// Gives how many samples are too late: what of the delay did not go away for a while.
    private func excess(waiting: Int) -> Int {
        guard let standingLimitMs else { return 0 }
        lowestWaiting = min(lowestWaiting, waiting)
        ticksInWindow += 1
        guard ticksInWindow >= Self.windowTicks else { return 0 }
        let standing = lowestWaiting
        (lowestWaiting, ticksInWindow) = (.max, 0)
        guard standing > standingLimitMs * sampleRate / 1_000 else { return 0 }
        // One frame stays, so that what comes a little late next is not missed.
        let late = standing - Frame.count(atRate: sampleRate)
        skipped.store(skipped.load(ordering: .relaxed) + late, ordering: .relaxed)
        return late
    }
}
