/// Makes the unpredictable tokens of SIP (branches, tags, Call-IDs, delays) from an injected 128-bit seed.
///
/// A keyed hash of a counter: nobody who sees tokens can guess others, and a test with a fixed seed sees the same ones.
public struct SIPTokenSource: Sendable, RandomNumberGenerator {
    private let key0: UInt64
    private let key1: UInt64
    private var counter: UInt64 = 0

    /// Makes a source from 128 bits that must come from a cryptographic generator in service.
    public init(seed0: UInt64, seed1: UInt64) {
        key0 = seed0
        key1 = seed1
    }

    /// Draws a seed from a generator.
    public init(using generator: inout some RandomNumberGenerator) {
        self.init(seed0: generator.next(), seed1: generator.next())
    }

    public mutating func next() -> UInt64 {
        var hash = SipHash(key0: key0, key1: key1)
        hash.combine(counter)
        counter &+= 1
        return hash.finalize()
    }

    /// Makes a token of 16 hexadecimal digits, as for tags and Call-IDs.
    public mutating func nextToken() -> String {
        HexToken.text(next())
    }

    /// Makes an independent source.
    public mutating func split() -> SIPTokenSource {
        SIPTokenSource(seed0: next(), seed1: next())
    }
}

/// 64-bit numbers as 16 lower-case hexadecimal digits.
enum HexToken {
    static let length = 16

    static func text(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: length) { buffer in
            // The closure owns `length` bytes, all of which are written.
            for position in 0..<length {
                let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 &- 4 &* position)) & 15
                buffer[position] = nibble < 10 ? 48 &+ nibble : 87 &+ nibble
            }
            return length
        }
    }

    /// Reads exactly 16 lower-case hexadecimal digits; nil for anything else.
    static func value(_ digits: some Collection<UInt8>) -> UInt64? {
        guard digits.count == length else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            switch byte {
            case 48...57: value = value << 4 | UInt64(byte &- 48)
            case 97...102: value = value << 4 | UInt64(byte &- 87)
            default: return nil
            }
        }
        return value
    }
}
