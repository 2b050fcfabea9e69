extension BuiltinFunctions {
    /// STRFTIME([epoch][,timezone][,format]): now, local time and `%c` when left out.
    ///
    /// The epoch may have a fraction; `%q` is milliseconds, `%1q`…`%6q` that many digits.
    static func formatTime(_ call: Call) -> ExpandedText {
        let parts = call.list(max: 3)
        var clock = call.scope.clock
        if let given = DecimalNumber(parts[0].bytes) {
            clock.epochMicros = micros(given)
        } else if !parts[0].trimmed.isEmpty {
            call.warn("'\(parts[0].string)' is not an epoch; the present time is used")
        }
        var zoneName: String?
        if let zone = parts.argument(1)?.trimmed.string, !zone.isEmpty {
            if let offset = call.scope.utcOffsetSeconds(zone: zone, atEpochSeconds: clock.epochSeconds) {
                clock.utcOffsetSeconds = offset
                zoneName = zone
            } else {
                call.warn("time zone \(zone) is not known; local time is used")
            }
        }
        let format = parts.argument(2) ?? ExpandedText()
        let text = TimeFormat(clock, zoneName: zoneName).format(format.isEmpty ? Array("%c".utf8) : format.bytes)
        return ExpandedText(bytes: text, tainted: format.isTainted)
    }

    private static func micros(_ number: DecimalNumber) -> Int64 {
        let (whole, overflow) = number.integer.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return number.integer < 0 ? .min : .max }
        guard case .real(let value) = number else { return whole }
        let fraction = Int64(clampingReal: ((value - value.rounded(.towardZero)) * 1_000_000).rounded())
        return whole &+ fraction
    }
}

/// Writes a moment as strftime(3) does in the C locale.
struct TimeFormat {
    private let clock: DialplanClock
    private let time: CivilTime
    private let zoneName: String?

    init(_ clock: DialplanClock, zoneName: String? = nil) {
        self.clock = clock
        self.zoneName = zoneName
        time = clock.civil
    }

    func format(_ pattern: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < pattern.count, result.count < DialplanLimits.maxExpandedBytes {
            guard pattern[index] == ASCII.percent, index + 1 < pattern.count else {
                result.append(pattern[index])
                index += 1
                continue
            }
            index += 1
            var width: Int?
            if pattern[index].isDigit, index + 1 < pattern.count, pattern[index + 1] == UInt8(ascii: "q") {
                width = Int(pattern[index] &- ASCII.zero)
                index += 1
            } else if pattern[index] == UInt8(ascii: "E") || pattern[index] == UInt8(ascii: "O"), index + 1 < pattern.count {
                index += 1
            }
            result.append(contentsOf: field(pattern[index], width: width).utf8)
            index += 1
        }
        return result
    }

    private func field(_ letter: UInt8, width: Int?) -> String {
        dayField(letter) ?? timeField(letter, width: width) ?? combined(letter) ?? "%" + [letter].text
    }

    private func dayField(_ letter: UInt8) -> String? {
        switch letter {
        case UInt8(ascii: "a"): String(weekdayName.prefix(3))
        case UInt8(ascii: "A"): weekdayName
        case UInt8(ascii: "b"), UInt8(ascii: "h"): String(monthName.prefix(3))
        case UInt8(ascii: "B"): monthName
        case UInt8(ascii: "C"): padded(time.year / 100)
        case UInt8(ascii: "d"): padded(time.day)
        case UInt8(ascii: "e"): padded(time.day, with: " ")
        case UInt8(ascii: "g"): padded(isoWeek.year % 100)
        case UInt8(ascii: "G"): String(isoWeek.year)
        case UInt8(ascii: "j"): padded(time.yearDay + 1, 3)
        case UInt8(ascii: "m"): padded(time.month)
        case UInt8(ascii: "u"): String(time.weekday == 0 ? 7 : time.weekday)
        case UInt8(ascii: "U"): padded((time.yearDay + 7 - time.weekday) / 7)
        case UInt8(ascii: "V"): padded(isoWeek.week)
        case UInt8(ascii: "w"): String(time.weekday)
        case UInt8(ascii: "W"): padded((time.yearDay + 7 - (time.weekday + 6) % 7) / 7)
        case UInt8(ascii: "y"): padded(time.year % 100)
        case UInt8(ascii: "Y"): String(time.year)
        default: nil
        }
    }

    private func timeField(_ letter: UInt8, width: Int?) -> String? {
        switch letter {
        case UInt8(ascii: "H"): padded(time.hour)
        case UInt8(ascii: "I"): padded(hour12)
        case UInt8(ascii: "k"): padded(time.hour, with: " ")
        case UInt8(ascii: "l"): padded(hour12, with: " ")
        case UInt8(ascii: "M"): padded(time.minute)
        case UInt8(ascii: "p"): time.hour < 12 ? "AM" : "PM"
        case UInt8(ascii: "P"): time.hour < 12 ? "am" : "pm"
        case UInt8(ascii: "q"): String(padded(microsOfSecond, 6).prefix(min(max(width ?? 3, 1), 6)))
        case UInt8(ascii: "s"): String(clock.epochSeconds)
        case UInt8(ascii: "S"): padded(time.second)
        case UInt8(ascii: "z"): offset
        case UInt8(ascii: "Z"): zoneName ?? (clock.utcOffsetSeconds == 0 ? "UTC" : offset)
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "t"): "\t"
        case ASCII.percent: "%"
        default: nil
        }
    }

    private func combined(_ letter: UInt8) -> String? {
        let pattern: String
        switch letter {
        case UInt8(ascii: "c"): pattern = "%a %b %e %H:%M:%S %Y"
        case UInt8(ascii: "D"), UInt8(ascii: "x"): pattern = "%m/%d/%y"
        case UInt8(ascii: "F"): pattern = "%Y-%m-%d"
        case UInt8(ascii: "r"): pattern = "%I:%M:%S %p"
        case UInt8(ascii: "R"): pattern = "%H:%M"
        case UInt8(ascii: "T"), UInt8(ascii: "X"): pattern = "%H:%M:%S"
        default: return nil
        }
        return format(Array(pattern.utf8)).text
    }

    private var weekdayName: String { CivilTime.weekdayNames[min(max(time.weekday, 0), 6)] }
    private var monthName: String { CivilTime.monthNames[min(max(time.month - 1, 0), 11)] }
    private var hour12: Int { time.hour % 12 == 0 ? 12 : time.hour % 12 }
    private var microsOfSecond: Int { Int(((clock.epochMicros % 1_000_000) + 1_000_000) % 1_000_000) }

    private var offset: String {
        let minutes = min(clock.utcOffsetSeconds.magnitude / 60, 5999)
        return (clock.utcOffsetSeconds < 0 ? "-" : "+") + padded(Int(minutes / 60)) + padded(Int(minutes % 60))
    }

    /// ISO 8601: weeks start on Monday, the first has the year's first Thursday.
    private var isoWeek: (year: Int, week: Int) {
        let weekday = (time.weekday + 6) % 7
        let week = (time.yearDay - weekday + 10) / 7
        if week < 1 { return (time.year - 1, Self.weeks(inYear: time.year - 1)) }
        if week > Self.weeks(inYear: time.year) { return (time.year + 1, 1) }
        return (time.year, week)
    }

    private static func weeks(inYear year: Int) -> Int {
        func lastWeekday(_ year: Int) -> Int { (year + year / 4 - year / 100 + year / 400) % 7 }
        return lastWeekday(year) == 4 || lastWeekday(year - 1) == 3 ? 53 : 52
    }

    private func padded(_ value: Int, _ width: Int = 2, with filler: String = "0") -> String {
        let text = String(value)
        return String(repeating: filler, count: max(0, width - text.utf8.count)) + text
    }
}
