/// The hours, weekdays, days of the month and months of `times,weekdays,mdays,months[,timezone]`.
///
/// Used by includes with times, GotoIfTime and IFTIME. `*` and empty fields mean always, `a-b` a range that may
/// wrap round, `a&b` several; both ends of a range count, times to the minute.
public struct TimeSpecification: Sendable, Hashable {
    /// Minutes of the day, both ends included; empty means always.
    private var minutes: [ClosedRange<Int>] = []
    private var weekdays = ByteSet(0...6)
    private var monthDays = ByteSet(1...31)
    private var months = ByteSet(1...12)
    /// The name of the time zone, when one is given.
    public private(set) var zone: String?

    /// Reads the fields.
    /// - Returns: nil when a field is malformed.
    public init?(_ text: String) {
        let fields = text.utf8.split(separator: ASCII.comma, omittingEmptySubsequences: false)
            .map { Array($0.trimmed) }
        guard fields.count <= 5 else { return nil }
        func field(_ index: Int) -> [UInt8] { index < fields.count ? fields[index] : [] }
        guard let minutes = Self.dayTimes(field(0)),
            let weekdays = Self.members(field(1), of: 0...6, names: CivilTime.weekdayNames),
            let monthDays = Self.members(field(2), of: 1...31, names: []),
            let months = Self.members(field(3), of: 1...12, names: CivilTime.monthNames)
        else { return nil }
        self.minutes = minutes
        self.weekdays = weekdays
        self.monthDays = monthDays
        self.months = months
        zone = field(4).isEmpty ? nil : field(4).text
    }

    /// Whether local time lies within.
    public func contains(_ clock: DialplanClock) -> Bool {
        let now = clock.civil
        guard weekdays.contains(UInt8(truncatingIfNeeded: now.weekday)),
            monthDays.contains(UInt8(truncatingIfNeeded: now.day)),
            months.contains(UInt8(truncatingIfNeeded: now.month))
        else { return false }
        return minutes.isEmpty || minutes.contains { $0.contains(now.hour * 60 + now.minute) }
    }

    private static func isAlways(_ field: [UInt8]) -> Bool { field.isEmpty || field == [ASCII.star] }

    private static func dayTimes(_ field: [UInt8]) -> [ClosedRange<Int>]? {
        if isAlways(field) { return [] }
        var ranges: [ClosedRange<Int>] = []
        for part in field.split(separator: ASCII.ampersand, omittingEmptySubsequences: false) {
            let ends = part.split(separator: ASCII.dash, omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = ends.first.flatMap(minuteOfDay), let last = ends.last.flatMap(minuteOfDay)
            else { return nil }
            if first <= last {
                ranges.append(first...last)
            } else {
                ranges.append(first...1439)
                ranges.append(0...last)
            }
        }
        return ranges
    }

    private static func minuteOfDay(_ text: ArraySlice<UInt8>) -> Int? {
        let parts = text.trimmed.split(separator: ASCII.colon, omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = Int(parts[0].text), let minute = Int(parts[1].text),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    private static func members(_ field: [UInt8], of range: ClosedRange<UInt8>, names: [String]) -> ByteSet? {
        if isAlways(field) { return ByteSet(range) }
        var set = ByteSet()
        for part in field.split(separator: ASCII.ampersand, omittingEmptySubsequences: false) {
            let ends = part.split(separator: ASCII.dash, omittingEmptySubsequences: false)
                .map { member($0, of: range, names: names) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
            var value = first
            set.insert(value)
            while value != last {
                value = value == range.upperBound ? range.lowerBound : value + 1
                set.insert(value)
            }
        }
        return set
    }

    private static func member(_ text: ArraySlice<UInt8>, of range: ClosedRange<UInt8>, names: [String]) -> UInt8? {
        let word = text.trimmed.lowercasedText
        if let number = UInt8(word) { return range.contains(number) ? number : nil }
        guard word.utf8.count >= 3,
            let index = names.firstIndex(where: { $0.asciiLowercased.hasPrefix(word) })
        else { return nil }
        return range.lowerBound + UInt8(truncatingIfNeeded: index)
    }
}
