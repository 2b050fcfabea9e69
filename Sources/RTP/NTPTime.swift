/// A wall-clock time in the 64-bit format of NTP, as sender reports carry it (RFC 3550 section 4).
public struct NTPTime: Sendable, Hashable {
    /// Seconds since 1900 in the upper half, fractions in the lower.
    public var value: UInt64

    public init(value: UInt64) { self.value = value }

    /// Converts microseconds since 1970; wraps in 2036 as NTP does.
    public init(unixMicroseconds: Int64) {
        let micros = UInt64(clamping: unixMicroseconds)
        let seconds = micros / 1_000_000 &+ 2_208_988_800
        let fraction = (micros % 1_000_000) << 32 / 1_000_000
        value = seconds << 32 | fraction
    }

    /// Gives the middle 32 bits: seconds modulo 65536 and 1/65536 seconds, as LSR and DLSR use them.
    public var middle: UInt32 { UInt32(truncatingIfNeeded: value >> 16) }
}
