/// One value of the Reason header field (RFC 3326): why a request or response was sent.
public struct ReasonHeader: Sendable, Hashable, CustomStringConvertible {
    /// The most values that are read from one message.
    public static let maximumCount = 8

    /// "Q.850", "SIP" or another protocol.
    public var protocolName: String
    /// The cause in that protocol's own numbers.
    public var cause: Int?
    public var text: String?

    public init(protocolName: String, cause: Int?, text: String? = nil) {
        self.protocolName = protocolName
        self.cause = cause
        self.text = text
    }

    /// Makes the reason of a Q.850 cause, 1...127.
    public static func q850(_ cause: Int, text: String? = nil) -> ReasonHeader {
        ReasonHeader(protocolName: "Q.850", cause: cause, text: text)
    }

    /// Makes the reason of a SIP status, such as 200 "Call completed elsewhere".
    public static func sip(_ status: Int, text: String? = nil) -> ReasonHeader {
        ReasonHeader(protocolName: "SIP", cause: status, text: text)
    }

    /// Reads one value; nil when malformed.
    public init?(_ value: String) {
        let bytes = value.utf8.span
        var position = 0
        bytes.skipSpace(&position, bytes.count)
        let start = position
        bytes.skip(.token, &position, bytes.count)
        guard position > start else { return nil }
        protocolName = bytes.text(start..<position)
        guard let parameters = SIPParameters(readingHeaderParameters: bytes, at: &position, end: bytes.count),
            position == bytes.count
        else { return nil }
        cause = parameters["cause"]?.decimal(maximum: 999)
        text = parameters["text"]
    }

    /// Reads all values of a message; malformed ones are left out.
    public static func all(in headers: SIPHeaders) -> [ReasonHeader] {
        guard headers[.reason] != nil else { return [] }
        return headers.tokens("Reason").prefix(maximumCount).compactMap { ReasonHeader($0) }
    }

    public var isQ850: Bool { protocolName.isEqualIgnoringASCIICase(to: "Q.850") }

    public var description: String {
        var bytes = Array(protocolName.utf8.filter(ByteSet.token.contains))
        var parameters = SIPParameters()
        if let cause { parameters.set("cause", String(cause)) }
        if let text { parameters.set("text", text, quoted: true) }
        parameters.encode(asHeaderParametersInto: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Sequence<ReasonHeader> {
    /// The first Q.850 cause, 0...127.
    public var q850Cause: Int? {
        first { $0.isQ850 && ($0.cause ?? 128) <= 127 }?.cause
    }
}
