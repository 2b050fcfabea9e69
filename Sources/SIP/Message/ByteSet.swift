/// A set of byte values, for the character classes of RFC 3261 25.1.
struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private let includesNonASCII: Bool

    /// Makes a set of ASCII letters, digits and the given further ASCII characters.
    init(alphanumericsAnd others: StaticString, nonASCII: Bool = false) {
        includesNonASCII = nonASCII
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { insert(byte) }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { insert(byte) }
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { insert(byte) }
        others.withUTF8Buffer { for byte in $0 { insert(byte) } }
    }

    /// Makes the set of visible ASCII characters and bytes above 127, without the given ones.
    init(visibleExcept others: StaticString) {
        includesNonASCII = true
        for byte in UInt8(0x21)...UInt8(0x7E) { insert(byte) }
        others.withUTF8Buffer { for byte in $0 { remove(byte) } }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 &<< UInt64(byte) } else if byte < 128 { high |= 1 &<< UInt64(byte &- 64) }
    }

    private mutating func remove(_ byte: UInt8) {
        if byte < 64 { low &= ~(1 &<< UInt64(byte)) } else if byte < 128 { high &= ~(1 &<< UInt64(byte &- 64)) }
    }

    func contains(_ byte: UInt8) -> Bool {
        if byte < 64 { return (low &>> UInt64(byte)) & 1 == 1 }
        if byte < 128 { return (high &>> UInt64(byte &- 64)) & 1 == 1 }
        return includesNonASCII
    }

    func containsAll(_ text: String) -> Bool {
        for byte in text.utf8 where !contains(byte) { return false }
        return true
    }

    /// `token` (RFC 3261 25.1).
    static let token = ByteSet(alphanumericsAnd: "-.!%*_+`'~")
    /// Unquoted display names: tokens apart from spaces, and UTF-8 that phones send unquoted.
    static let displayName = ByteSet(alphanumericsAnd: "-.!%*_+`'~ \t", nonASCII: true)
    /// What an unquoted parameter value may hold: wider than token and host, since the text ends at the same separators anyway.
    static let parameterValue = ByteSet(visibleExcept: ";,\"<>\\?=")
    /// What is sent unquoted as a parameter value: `token / host` (RFC 3261 25.1, `gen-value`).
    static let plainParameterValue = ByteSet(alphanumericsAnd: "-.!%*_+`'~[]:")
    /// `user` characters that need no escape (`unreserved / user-unreserved`).
    static let user = ByteSet(alphanumericsAnd: "-_.!~*'()&=+$,;?/")
    /// `password` characters that need no escape.
    static let password = ByteSet(alphanumericsAnd: "-_.!~*'()&=+$,")
    /// `paramchar` of a URI parameter that needs no escape.
    static let uriParameter = ByteSet(alphanumericsAnd: "-_.!~*'()[]/:&+$")
    /// `hname` and `hvalue` characters of a URI that need no escape.
    static let uriHeader = ByteSet(alphanumericsAnd: "-_.!~*'()[]/?:+$")
    /// What is taken as part of a URI: everything visible but the delimiters that end one in a message.
    static let uri = ByteSet(visibleExcept: "<>\"")
    /// `hostname` and IPv4 addresses, and the underscore that real hosts use.
    static let host = ByteSet(alphanumericsAnd: "-._")
    /// `scheme` after its first letter.
    static let scheme = ByteSet(alphanumericsAnd: "+-.")
}
