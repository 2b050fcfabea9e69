/// A media type or range of Accept and Content-Type, in lower case and without parameters (RFC 3261 20.1).
struct MediaRange {
    let text: String

    init(_ value: String) {
        let type = value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        text = type.asciiLowercased
    }

    func includes(_ type: String) -> Bool {
        if text == "*/*" || text == type { return true }
        return text.hasSuffix("/*") && type.hasPrefix(text.dropLast())
    }

    /// Reads the parameters after a media type or disposition; nil when they are malformed.
    static func parameters(of value: String) -> SIPParameters? {
        let bytes = value.utf8.span
        guard var position = bytes.find(.semicolon, from: 0, to: bytes.count) else { return SIPParameters() }
        return SIPParameters(readingHeaderParameters: bytes, at: &position, end: bytes.count)
    }
}
