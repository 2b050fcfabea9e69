/// The time as the host tells it; this module has no clock of its own.
public struct DialplanClock: Sendable, Hashable {
    /// Microseconds since 1970-01-01 00:00 UTC.
    public var epochMicros: Int64
    /// What local time is ahead of UTC.
    public var utcOffsetSeconds: Int

    public init(epochMicros: Int64, utcOffsetSeconds: Int = 0) {
        self.epochMicros = epochMicros
        self.utcOffsetSeconds = utcOffsetSeconds
    }

    /// Whole seconds since 1970-01-01 00:00 UTC.
    public var epochSeconds: Int64 {
        let quotient = epochMicros / 1_000_000
        return epochMicros % 1_000_000 < 0 ? quotient - 1 : quotient
    }

    var civil: CivilTime { CivilTime(epochSeconds: epochSeconds, utcOffsetSeconds: utcOffsetSeconds) }
}

/// A moment in the Gregorian calendar.
struct CivilTime {
    let year: Int
    /// 1…12
    let month: Int
    /// 1…31
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    /// 0 is Sunday.
    let weekday: Int
    /// 0…365
    let yearDay: Int

    /// Years beyond ±30,000 are clamped.
    init(epochSeconds: Int64, utcOffsetSeconds: Int) {
        let limit: Int64 = 1_000_000_000_000
        let offset = Int64(min(max(utcOffsetSeconds, -172_800), 172_800))
        let local = min(max(epochSeconds, -limit), limit) + offset
        let days = Int(Self.floorDivide(local, 86_400))
        let ofDay = Int(local - Int64(days) * 86_400)
        hour = ofDay / 3600
        minute = ofDay / 60 % 60
        second = ofDay % 60
        weekday = ((days + 4) % 7 + 7) % 7
        // Years are counted from 1 March 0000 in eras of 400 years, so that the leap day is a year's last.
        let shifted = days + 719_468
        let era = Int(Self.floorDivide(Int64(shifted), 146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let civilYear = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        year = civilYear
        let isLeap = civilYear % 4 == 0 && (civilYear % 100 != 0 || civilYear % 400 == 0)
        yearDay = month > 2 ? dayOfYear + 59 + (isLeap ? 1 : 0) : dayOfYear - 306
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    static let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    static let monthNames = [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ]
}
