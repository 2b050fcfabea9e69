/// Follows the sequence numbers of one source: cycles, losses, duplicates and restarts (RFC 3550 appendix A.1 and A.3).
public struct SequenceTracker: Sendable {
    /// Largest jump forward that still counts as loss.
    static let maximumDropout = 3000
    /// Largest step back that still counts as reordering.
    static let maximumMisorder = 100

    /// How a packet fits into the stream.
    public enum Place: Sendable, Hashable {
        case first, next, reordered, duplicate
        /// Far from everything before; counts only when the following packet continues it.
        case suspicious
        /// The second packet after a jump: the sender began anew.
        case restarted
    }

    /// Sequence number of the newest packet, with its cycles in the upper bits.
    public private(set) var extendedHighest: UInt32 = 0
    public private(set) var duplicates = 0
    private var base: UInt32 = 0
    /// Different packets received since `base`.
    private var unique = 0
    /// Losses and expectations of streams before a restart.
    private var earlierLost = 0
    private var earlierExpected = 0
    private var started = false
    private var suspect: UInt16?
    /// Which of the 64 numbers up to the newest have come; bit 0 is the newest.
    private var seen: UInt64 = 0
    private var reportedExpected = 0
    private var reportedLost = 0

    public init() {}

    /// Packets that should have come: from the first to the newest number.
    public var expected: Int { started ? earlierExpected + Int(extendedHighest &- base) + 1 : earlierExpected }

    /// Packets that did not come (yet); never negative, since duplicates are known.
    public var lost: Int { max(started ? earlierLost + Int(extendedHighest &- base) + 1 - unique : earlierLost, 0) }

    /// Counts a packet and tells how it fits into the stream.
    public mutating func receive(_ sequenceNumber: UInt16) -> Place {
        guard started else {
            begin(sequenceNumber)
            return .first
        }
        let step = Int(Int16(bitPattern: sequenceNumber &- UInt16(truncatingIfNeeded: extendedHighest)))
        if step > 0, step < Self.maximumDropout {
            extendedHighest = extendedHighest &+ UInt32(step)
            seen = step < 64 ? seen << UInt64(step) | 1 : 1
            unique &+= 1
            suspect = nil
            return .next
        }
        if step <= 0, step > -Self.maximumMisorder { return receiveOld(back: -step) }
        guard suspect == sequenceNumber else {
            suspect = sequenceNumber &+ 1
            return .suspicious
        }
        restart(sequenceNumber)
        return .restarted
    }

    /// Begins a new stream, as for a new SSRC; what was counted before stays.
    public mutating func restart(_ sequenceNumber: UInt16) {
        (earlierExpected, earlierLost) = (expected, lost)
        begin(sequenceNumber)
    }

    /// Gives the share lost since the last call in 1/256, for a report block.
    public mutating func takeFractionLost() -> UInt8 {
        let expectedNow = expected - reportedExpected, lostNow = lost - reportedLost
        (reportedExpected, reportedLost) = (expected, lost)
        guard expectedNow > 0, lostNow > 0 else { return 0 }
        return UInt8(clamping: lostNow * 256 / expectedNow)
    }

    private mutating func begin(_ sequenceNumber: UInt16) {
        base = UInt32(sequenceNumber)
        extendedHighest = base
        unique = 1
        seen = 1
        suspect = nil
        started = true
    }

    private mutating func receiveOld(back: Int) -> Place {
        guard back < 64 else { return .reordered }
        let bit: UInt64 = 1 << UInt64(back)
        if seen & bit != 0 {
            duplicates &+= 1
            return .duplicate
        }
        // Numbers before the first packet were never expected.
        if Int(extendedHighest &- base) < back { return .reordered }
        seen |= bit
        unique &+= 1
        return .reordered
    }
}
