/// A point in time with the offset of the local zone, as ARI writes it: `2026-01-31T12:00:00.000+0000`.
public struct Timestamp: Sendable, Hashable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let epochMs: Int64
    /// What local time is ahead of UTC; cut off to whole minutes when written.
    public let utcOffsetSeconds: Int32

    public init(epochMs: Int64, utcOffsetSeconds: Int32 = 0) {
        self.epochMs = epochMs
        self.utcOffsetSeconds = utcOffsetSeconds
    }
}

extension Timestamp: CustomStringConvertible, JSONWritable {
    /// The text in ARI's layout: three decimals, offset without colon.
    public var description: String { String(decoding: text, as: UTF8.self) }

    public func write(to writer: inout JSONWriter) {
        var json: [UInt8] = [UInt8(ascii: "\"")]
        json.reserveCapacity(Timestamp.textLength + 2)
        appendText(to: &json)
        json.append(UInt8(ascii: "\""))
        writer.raw(json)
    }

    private static let textLength = 28

    private var text: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Timestamp.textLength)
        appendText(to: &bytes)
        return bytes
    }

    private func appendText(to bytes: inout [UInt8]) {
        let localMs = epochMs &+ Int64(utcOffsetSeconds) &* 1000
        let days = floorDivide(localMs, 86_400_000)
        let timeMs = localMs &- days &* 86_400_000
        let date = CivilDate(daysSinceEpoch: days)
        digits(date.year, 4, &bytes)
        bytes.append(UInt8(ascii: "-"))
        digits(date.month, 2, &bytes)
        bytes.append(UInt8(ascii: "-"))
        digits(date.day, 2, &bytes)
        bytes.append(UInt8(ascii: "T"))
        digits(timeMs / 3_600_000, 2, &bytes)
        bytes.append(UInt8(ascii: ":"))
        digits(timeMs / 60_000 % 60, 2, &bytes)
        bytes.append(UInt8(ascii: ":"))
        digits(timeMs / 1000 % 60, 2, &bytes)
        bytes.append(UInt8(ascii: "."))
        digits(timeMs % 1000, 3, &bytes)
        let offsetMinutes = Int64(utcOffsetSeconds.magnitude / 60)
        bytes.append(UInt8(ascii: utcOffsetSeconds < 0 ? "-" : "+"))
        digits(offsetMinutes / 60, 2, &bytes)
        digits(offsetMinutes % 60, 2, &bytes)
    }

    private func digits(_ number: Int64, _ width: Int, _ bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

/// A day of the Gregorian calendar, by the era arithmetic of H. Hinnant's "chrono-compatible low-level date algorithms".
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch &+ 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
    }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}
