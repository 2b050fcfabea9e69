/// One Via value: a hop that the request took, and so the way of the response (RFC 3261 20.42, RFC 3581).
public struct Via: Sendable, Hashable, CustomStringConvertible {
    /// The prefix of branches made by RFC 3261 elements (RFC 3261 8.1.1.7).
    public static let magicCookie = "z9hG4bK"

    /// "UDP", "TCP", "TLS", "WS", "WSS" or another transport, in capitals.
    public var transport: String
    /// A name or an address; IPv6 stands without brackets.
    public var host: String
    public var port: Int?
    public var parameters: SIPParameters

    public init(transport: String, host: String, port: Int? = nil, parameters: SIPParameters = SIPParameters()) {
        self.transport = transport
        self.host = host
        self.port = port
        self.parameters = parameters
    }

    /// Reads one value that fills the text; nil when malformed or of another version than SIP/2.0.
    public init?(_ text: String) {
        let bytes = text.utf8.span
        var position = 0
        self.init(reading: bytes, at: &position, end: bytes.count)
        guard position == bytes.count else { return nil }
    }

    public var branch: String? {
        get { parameters["branch"] }
        set { set("branch", newValue) }
    }

    /// The address the request came from, without brackets (RFC 3261 18.2.1).
    public var received: String? {
        get {
            guard let value = parameters["received"] else { return nil }
            return value.hasPrefix("[") && value.hasSuffix("]") ? String(value.dropFirst().dropLast()) : value
        }
        set { set("received", newValue) }
    }

    /// The port the request came from (RFC 3581); nil when absent or still a flag. Setting nil removes it.
    public var rport: Int? {
        get { parameters["rport"]?.decimal(maximum: 65535) }
        set { set("rport", newValue.map { String($0) }) }
    }

    /// Says whether `rport` stands there without a value: the client asks for a response to its source port (RFC 3581 3).
    public var asksForRport: Bool { parameters["rport"] == "" }

    private mutating func set(_ name: String, _ value: String?) {
        if let value { parameters.set(name, value) } else { parameters.remove(name) }
    }

    public var description: String {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Via {
    /// Reads one value up to the end or a comma.
    init?(reading bytes: Span<UInt8>, at position: inout Int, end: Int) {
        guard Self.readToken(bytes, &position, end, expecting: "SIP"), Self.readSlash(bytes, &position, end),
            Self.readToken(bytes, &position, end, expecting: "2.0"), Self.readSlash(bytes, &position, end)
        else { return nil }
        bytes.skipSpace(&position, end)
        let transportStart = position
        bytes.skip(.token, &position, end)
        guard position > transportStart, position < end, bytes[position].isSpaceOrTab else { return nil }
        transport = Self.transportName(bytes, transportStart..<position)
        bytes.skipSpace(&position, end)
        let hostStart = position
        while position < end, bytes[position] != .semicolon, bytes[position] != .comma { position &+= 1 }
        guard let address = SIPHost(bytes, bytes.trimmed(hostStart..<position), spaced: true),
            let parameters = SIPParameters(readingHeaderParameters: bytes, at: &position, end: end)
        else { return nil }
        host = address.host
        port = address.port
        self.parameters = parameters
    }

    private static func transportName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        for known in ["UDP", "TCP", "TLS", "WSS", "WS"] where bytes.equalsIgnoringCase(range, known) { return known }
        return bytes.text(range).uppercased()
    }

    private static func readToken(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, expecting text: String) -> Bool {
        bytes.skipSpace(&position, end)
        let start = position
        bytes.skip(.token, &position, end)
        return bytes.equalsIgnoringCase(start..<position, text)
    }

    private static func readSlash(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
        bytes.skipSpace(&position, end)
        guard position < end, bytes[position] == .slash else { return false }
        position &+= 1
        return true
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append("SIP/2.0/")
        bytes.append(transport, escapedOutside: .token)
        bytes.append(.space)
        SIPHost.encode(host, port, into: &bytes)
        parameters.encode(asHeaderParametersInto: &bytes)
    }
}
