/// Digits in the body of SIP INFO requests: `application/dtmf-relay` with a signal and a duration, `application/dtmf` with the digit alone.
enum InfoDigits {
    static let contentType = "application/dtmf-relay"
    /// Milliseconds of a digit that says nothing about its length, and the longest that is believed.
    static let defaultDurationMs = 100
    static let maximumDurationMs = 8_000

    /// Makes the body for a digit.
    static func body(_ digit: Character, durationMs: Int) -> [UInt8] {
        Array("Signal=\(digit)\r\nDuration=\(durationMs)\r\n".utf8)
    }

    /// Reads the digit; nil when the body is about something else.
    static func read(contentType: String, body: [UInt8]) -> (digit: Character, durationMs: Int)? {
        let type = contentType.split(separator: ";").first.map { $0.trimmingSpaces.lowercased() }
        switch type {
        case Self.contentType: return relay(String(decoding: body.prefix(1_024), as: UTF8.self))
        case "application/dtmf":
            return key(String(decoding: body.prefix(16), as: UTF8.self).trimmingSpaces).map { ($0, defaultDurationMs) }
        default: return nil
        }
    }

    private static func relay(_ text: String) -> (digit: Character, durationMs: Int)? {
        var signal: Character?
        var durationMs = defaultDurationMs
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            guard parts.count == 2 else { continue }
            switch parts[0].lowercased() {
            case "signal": signal = digit(parts[1])
            case "duration": durationMs = min(max(1, Int(parts[1]) ?? defaultDurationMs), maximumDurationMs)
            default: break
            }
        }
        return signal.map { ($0, durationMs) }
    }

    private static func key(_ text: String) -> Character? {
        guard text.count == 1, let character = text.uppercased().first, "0123456789*#ABCD".contains(character) else { return nil }
        return character
    }

    /// Reads a signal: the digit itself, or its number as RFC 4733 counts events (10 is `*`).
    private static func digit(_ text: String) -> Character? {
        if let key = key(text) { return key }
        guard text.count == 2, let number = Int(text), (10...15).contains(number) else { return nil }
        return Array("*#ABCD")[number - 10]
    }
}

extension StringProtocol {
    /// The text without white space and line breaks at its ends.
    var trimmingSpaces: String {
        var part = Substring(self)
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }
}
