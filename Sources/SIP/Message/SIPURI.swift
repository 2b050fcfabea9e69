/// A `sip:` or `sips:` URI (RFC 3261 19.1). Escapes are resolved in every part; the description escapes what must be.
public struct SIPURI: Sendable, Hashable, CustomStringConvertible {
    /// One `?name=value` header of a URI.
    public struct Header: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The most headers that a URI may carry; one with more is malformed.
    public static let maximumHeaders = 32

    /// True for `sips:`.
    public var isSecure: Bool
    public var user: String?
    public var password: String?
    /// A name or an address; IPv6 stands without brackets.
    public var host: String
    public var port: Int?
    public var parameters: SIPParameters
    public var headers: [Header]

    public init(
        user: String? = nil, host: String, port: Int? = nil, isSecure: Bool = false, password: String? = nil,
        parameters: SIPParameters = SIPParameters(), headers: [Header] = []
    ) {
        self.isSecure = isSecure
        self.user = user
        self.password = password
        self.host = host
        self.port = port
        self.parameters = parameters
        self.headers = headers
    }

    /// Reads a URI that fills the text; nil when it is malformed or of another scheme.
    public init?(_ text: String) {
        let bytes = text.utf8.span
        self.init(reading: bytes, 0..<bytes.count)
    }

    /// The `transport` parameter in lower case, nil when absent.
    public var transport: String? { parameters["transport"]?.asciiLowercased }

    /// Says whether the `lr` parameter is there: a route that follows RFC 3261 rather than RFC 2543.
    public var isLooseRouter: Bool { parameters.has("lr") }

    public var description: String {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SIPURI {
    /// Reads a URI that fills the range.
    init?(reading bytes: Span<UInt8>, _ range: Range<Int>) {
        let end = range.upperBound
        guard bytes.isAll(.uri, in: range), let schemeEnd = Self.schemeEnd(bytes, range) else { return nil }
        self.init(host: "", isSecure: schemeEnd &- range.lowerBound == 5)
        var position = schemeEnd
        if let at = bytes.find(.at, from: position, to: end) {
            guard bytes.find(.at, from: at &+ 1, to: end) == nil, readUserinfo(bytes, position..<at) else { return nil }
            position = at &+ 1
        }
        let headersStart = bytes.find(.question, from: position, to: end) ?? end
        let parametersStart = bytes.find(.semicolon, from: position, to: headersStart) ?? headersStart
        guard let address = SIPHost(bytes, position..<parametersStart) else { return nil }
        host = address.host
        port = address.port
        if parametersStart < headersStart {
            guard let read = SIPParameters(readingURIParameters: bytes, parametersStart..<headersStart) else { return nil }
            parameters = read
        }
        if headersStart < end {
            guard let read = Self.readHeaders(bytes, headersStart &+ 1..<end) else { return nil }
            headers = read
        }
    }

    /// Finds the index after `sip:` or `sips:`, nil for another scheme.
    private static func schemeEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard let colon = bytes.find(.colon, from: range.lowerBound, to: min(range.upperBound, range.lowerBound &+ 5)) else { return nil }
        let scheme = range.lowerBound..<colon
        guard bytes.equalsIgnoringCase(scheme, "sip") || bytes.equalsIgnoringCase(scheme, "sips") else { return nil }
        return colon &+ 1
    }

    private mutating func readUserinfo(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let colon = bytes.find(.colon, from: range.lowerBound, to: range.upperBound)
        guard let user = bytes.unescaped(range.lowerBound..<(colon ?? range.upperBound)), !user.isEmpty else { return false }
        self.user = user
        guard let colon else { return true }
        guard let password = bytes.unescaped(colon &+ 1..<range.upperBound) else { return false }
        self.password = password
        return true
    }

    private static func readHeaders(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [Header]? {
        var headers: [Header] = []
        var start = range.lowerBound
        while true {
            let end = bytes.find(UInt8(ascii: "&"), from: start, to: range.upperBound) ?? range.upperBound
            guard let equals = bytes.find(.equals, from: start, to: end),
                let name = bytes.unescaped(start..<equals), !name.isEmpty, let value = bytes.unescaped(equals &+ 1..<end),
                headers.count < maximumHeaders
            else { return nil }
            headers.append(Header(name: name, value: value))
            guard end < range.upperBound else { return headers }
            start = end &+ 1
        }
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(isSecure ? "sips:" : "sip:")
        if let user {
            bytes.append(user, escapedOutside: .user)
            if let password {
                bytes.append(.colon)
                bytes.append(password, escapedOutside: .password)
            }
            bytes.append(.at)
        }
        SIPHost.encode(host, port, into: &bytes)
        parameters.encode(asURIParametersInto: &bytes)
        for (index, header) in headers.enumerated() {
            bytes.append(index == 0 ? .question : UInt8(ascii: "&"))
            bytes.append(header.name, escapedOutside: .uriHeader)
            bytes.append(.equals)
            bytes.append(header.value, escapedOutside: .uriHeader)
        }
    }
}
