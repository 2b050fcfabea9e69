/// Where a request goes, or what a name-addr points to: a SIP URI, or a URI of another scheme kept as text (RFC 3261 25.1, `absoluteURI`).
public enum RequestTarget: Sendable, Hashable, CustomStringConvertible {
    case sip(SIPURI)
    /// Another scheme in lower case, and the text after its colon. An empty scheme marks text that is no URI, in a rejected request.
    case other(scheme: String, text: String)

    /// Reads a URI that fills the text; nil when it has no scheme or is a malformed `sip:` or `sips:` URI.
    public init?(_ text: String) {
        let bytes = text.utf8.span
        self.init(reading: bytes, 0..<bytes.count)
    }

    /// The SIP URI, nil for another scheme.
    public var sip: SIPURI? {
        if case .sip(let uri) = self { uri } else { nil }
    }

    /// The scheme in lower case.
    public var scheme: String {
        switch self {
        case .sip(let uri): uri.isSecure ? "sips" : "sip"
        case .other(let scheme, _): scheme
        }
    }

    public var description: String {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension RequestTarget {
    init?(reading bytes: Span<UInt8>, _ range: Range<Int>) {
        var position = range.lowerBound
        guard position < range.upperBound, bytes[position].isLetter else { return nil }
        bytes.skip(.scheme, &position, range.upperBound)
        guard position < range.upperBound, bytes[position] == .colon else { return nil }
        let scheme = range.lowerBound..<position
        if bytes.equalsIgnoringCase(scheme, "sip") || bytes.equalsIgnoringCase(scheme, "sips") {
            guard let uri = SIPURI(reading: bytes, range) else { return nil }
            self = .sip(uri)
        } else {
            let rest = position &+ 1..<range.upperBound
            guard !rest.isEmpty, bytes.isAll(.uri, in: rest) else { return nil }
            self = .other(scheme: bytes.text(scheme).asciiLowercased, text: bytes.text(rest))
        }
    }

    func encode(into bytes: inout [UInt8]) {
        switch self {
        case .sip(let uri): uri.encode(into: &bytes)
        case .other(let scheme, let text):
            if !scheme.isEmpty {
                bytes.append(scheme, escapedOutside: .scheme)
                bytes.append(.colon)
            }
            // Only visible characters may leave, or a space would split the request line.
            for byte in text.utf8 where ByteSet.uri.contains(byte) { bytes.append(byte) }
        }
    }
}
