/// Remembers which of the last 128 packet numbers were seen (RFC 3711 section 3.3.2).
struct ReplayWindow: Equatable {
    static let width: UInt64 = 128

    /// The highest number seen; nil before the first.
    private(set) var highest: UInt64?
    /// Bit n stands for `highest - n`.
    private var seen: (low: UInt64, high: UInt64) = (0, 0)

    static func == (one: ReplayWindow, other: ReplayWindow) -> Bool { one.highest == other.highest && one.seen == other.seen }

    /// Tells whether a number is new and not too old to tell.
    func admits(_ number: UInt64) -> Bool {
        guard let highest, number <= highest else { return true }
        let age = highest - number
        guard age < Self.width else { return false }
        return age < 64 ? seen.low >> age & 1 == 0 : seen.high >> (age - 64) & 1 == 0
    }

    /// Notes a number that is authentic.
    mutating func note(_ number: UInt64) {
        guard let highest else {
            (self.highest, seen) = (number, (1, 0))
            return
        }
        if number > highest {
            shift(by: number - highest)
            seen.low |= 1
            self.highest = number
        } else if highest - number < 64 {
            seen.low |= 1 << (highest - number)
        } else if highest - number < Self.width {
            seen.high |= 1 << (highest - number - 64)
        }
    }

    private mutating func shift(by count: UInt64) {
        switch count {
        case 0: break
        case 1..<64: seen = (seen.low << count, seen.high << count | seen.low >> (64 - count))
        case 64..<128: seen = (0, seen.low << (count - 64))
        default: seen = (0, 0)
        }
    }
}
