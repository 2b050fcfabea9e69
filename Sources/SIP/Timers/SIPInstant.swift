/// A point on a monotonic clock, in nanoseconds since an origin that the caller chooses.
public struct SIPInstant: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Makes an instant from milliseconds since the origin.
    @inlinable
    public init(milliseconds: UInt64) {
        self.nanoseconds = milliseconds.multipliedReportingOverflow(by: 1_000_000).partialValue
    }

    @inlinable
    public static func < (left: SIPInstant, right: SIPInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Adds milliseconds; negative durations count as zero and the end of time saturates.
    @inlinable
    public func advanced(byMs milliseconds: Int) -> SIPInstant {
        let (delta, tooLong) = UInt64(max(0, milliseconds)).multipliedReportingOverflow(by: 1_000_000)
        let (sum, tooLate) = nanoseconds.addingReportingOverflow(delta)
        return SIPInstant(nanoseconds: tooLong || tooLate ? .max : sum)
    }

    /// Milliseconds from `earlier` to here, rounded down; zero when `earlier` is later.
    @inlinable
    public func milliseconds(since earlier: SIPInstant) -> Int {
        nanoseconds <= earlier.nanoseconds ? 0 : Int(clamping: (nanoseconds - earlier.nanoseconds) / 1_000_000)
    }

    public var description: String { "\(nanoseconds / 1_000_000) ms" }
}
