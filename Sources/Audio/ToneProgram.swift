/// One step of a tone program: some frequencies, or silence, for some time.
public struct ToneSegment: Sendable, Hashable {
    /// Frequencies in Hz that sound together; none for silence.
    public var frequencies: [Double]
    /// Whether the second frequency modulates the loudness of the first instead of sounding.
    public var modulated: Bool
    /// How long the segment lasts; nil for ever.
    public var durationMs: Int?

    public init(frequencies: [Double], modulated: Bool = false, durationMs: Int?) {
        self.frequencies = frequencies
        self.modulated = modulated
        self.durationMs = durationMs
    }
}

/// A sequence of tones such as a ringing tone, as indications.conf describes them.
public struct ToneProgram: Sendable, Hashable {
    /// Most segments that one program may have.
    public static let maximumSegments = 64
    /// Most characters of a description.
    public static let maximumTextLength = 2048
    /// Longest segment that may be asked for.
    public static let maximumDurationMs = 3_600_000
    /// Highest frequency that may be asked for, in Hz.
    public static let maximumFrequency = 20_000.0
    /// Loudness of each frequency when nothing else is said, in dBm0.
    public static let defaultLevelDBm0 = -10.0

    public var segments: [ToneSegment]
    /// Index of the segment that follows after the last one; nil when the program ends.
    public var loopFrom: Int?
    /// Loudness of each frequency in dBm0 (a sine of full scale is +3.14).
    public var levelDBm0: Double

    public init(segments: [ToneSegment], loopFrom: Int?, levelDBm0: Double = ToneProgram.defaultLevelDBm0) {
        self.segments = segments
        self.loopFrom = loopFrom.flatMap { segments.indices.contains($0) ? $0 : nil }
        self.levelDBm0 = levelDBm0
    }

    /// Reads a tone description in the syntax of indications.conf.
    ///
    /// Segments are separated by commas (or `|`): `440+480/2000` sounds two frequencies for two seconds, `400*25/1000` modulates the
    /// first by the second, `0/4000` is silence, no duration (or 0) means for ever. `!` before a segment plays it only once; the loop
    /// goes back to the first segment without it.
    /// - Throws: `ToneSyntaxError` that names the segment which is wrong.
    public init(parsing text: String, levelDBm0: Double = ToneProgram.defaultLevelDBm0) throws(ToneSyntaxError) {
        guard text.utf8.count <= Self.maximumTextLength else { throw .tooLong }
        var segments: [ToneSegment] = []
        var loopFrom: Int?
        let parts = text.utf8.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "|") }
        for part in parts {
            var cursor = ToneCursor(part)
            let once = cursor.take("!")
            guard segments.count < Self.maximumSegments else { throw .tooManySegments }
            guard let segment = cursor.segment() else { throw .badSegment(String(decoding: part, as: UTF8.self)) }
            if !once, loopFrom == nil { loopFrom = segments.count }
            segments.append(segment)
        }
        self.init(segments: segments, loopFrom: loopFrom, levelDBm0: levelDBm0)
    }

    /// Gives the time until the program ends or first goes back; nil when a segment lasts for ever.
    public var cycleMs: Int? {
        var total = 0
        for segment in segments {
            guard let durationMs = segment.durationMs else { return nil }
            total += durationMs
        }
        return total
    }
}

/// Says what is wrong in a tone description.
public enum ToneSyntaxError: Error, Equatable, CustomStringConvertible {
    case tooLong
    case tooManySegments
    case badSegment(String)

    public var description: String {
        switch self {
        case .tooLong: "tone description is longer than \(ToneProgram.maximumTextLength) characters"
        case .tooManySegments: "tone description has more than \(ToneProgram.maximumSegments) segments"
        case .badSegment(let text):
            "tone segment \"\(text)\" is not of the form [!]frequency[+frequency…|*frequency][/milliseconds]"
        }
    }
}

/// Reads one segment of a tone description from left to right.
private struct ToneCursor {
    private var rest: Substring.UTF8View.SubSequence

    init(_ text: Substring.UTF8View.SubSequence) {
        rest = text
        skipSpace()
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, Unicode.Scalar(first) == character else { return false }
        rest = rest.dropFirst()
        skipSpace()
        return true
    }

    private mutating func number(upTo limit: Int) -> Int? {
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard digits.count <= 9, let value = Int(String(decoding: digits, as: UTF8.self)), value <= limit else { return nil }
        rest = rest.dropFirst(digits.count)
        skipSpace()
        return value
    }

    mutating func segment() -> ToneSegment? {
        let highest = Int(ToneProgram.maximumFrequency)
        guard let first = number(upTo: highest) else { return nil }
        var frequencies = [Double(first)]
        let modulated = take("*")
        if modulated {
            guard let second = number(upTo: highest) else { return nil }
            frequencies.append(Double(second))
        }
        while !modulated, take("+") {
            guard frequencies.count < ToneGenerator.maximumFrequencies, let next = number(upTo: highest) else { return nil }
            frequencies.append(Double(next))
        }
        var durationMs: Int?
        if take("/") {
            guard let value = number(upTo: ToneProgram.maximumDurationMs) else { return nil }
            durationMs = value == 0 ? nil : value
        }
        guard rest.isEmpty else { return nil }
        if !modulated || first == 0 { frequencies.removeAll { $0 == 0 } }
        let modulates = modulated && frequencies.count == 2 && frequencies[1] > 0
        if modulated, !modulates { frequencies = frequencies.prefix(1).filter { $0 > 0 } }
        return ToneSegment(frequencies: frequencies, modulated: modulates, durationMs: durationMs)
    }
}
