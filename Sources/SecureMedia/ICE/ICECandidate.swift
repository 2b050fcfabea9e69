public import RTP

/// A place at which one side may be reached (RFC 8445 section 5.1), for RTP and RTCP at one port over UDP.
public struct ICECandidate: Sendable, Hashable {
    public enum Kind: String, Sendable {
        case host
        case serverReflexive = "srflx"
        case peerReflexive = "prflx"
        case relayed = "relay"

        /// RFC 8445 section 5.1.2.2.
        var preference: UInt32 {
            switch self {
            case .host: 126
            case .peerReflexive: 110
            case .serverReflexive: 100
            case .relayed: 0
            }
        }
    }

    public var kind: Kind
    public var address: NetworkAddress
    public var priority: UInt32
    public var foundation: String
    /// The address behind a translator that this one belongs to.
    public var related: NetworkAddress?

    public init(_ kind: Kind, _ address: NetworkAddress, priority: UInt32, foundation: String, related: NetworkAddress? = nil) {
        self.kind = kind
        self.address = address
        self.priority = priority
        self.foundation = foundation
        self.related = related
    }

    /// Makes a candidate of our own; `order` is 0 for the address that is preferred among those of its kind.
    public init(own kind: Kind, _ address: NetworkAddress, order: Int, related: NetworkAddress? = nil) {
        let local = UInt32(clamping: 65_535 - max(0, min(order, 65_535)))
        self.init(
            kind, address, priority: kind.preference << 24 | local << 8 | 255, foundation: "\(kind.rawValue.prefix(1))\(order)",
            related: related)
    }

    /// Reads the value of `a=candidate` (RFC 8839 section 5.1).
    ///
    /// - Returns: nil for what can't be reached from here: TCP, the second component, names such as those of multicast DNS.
    public init?(attribute: String) {
        let words = attribute.split(separator: " ", maxSplits: 24).map(String.init)
        guard words.count >= 8, words[0].utf8.count <= 32, words[1] == "1", words[2].lowercased() == "udp",
            let priority = UInt32(words[3]), let port = UInt16(words[5]), port > 0, words[4].utf8.count <= 45,
            let address = NetworkAddress(host: words[4], port: port), words[6] == "typ", let kind = Kind(rawValue: words[7])
        else { return nil }
        self.init(kind, address, priority: priority, foundation: words[0])
    }

    /// The value of `a=candidate`.
    public var attribute: String {
        let base = "\(foundation) 1 udp \(priority) \(address.host) \(address.port) typ \(kind.rawValue)"
        return related.map { "\(base) raddr \($0.host) rport \($0.port)" } ?? base
    }
}

/// What one side proves with that checks are its own (RFC 8445 section 5.3).
public struct ICECredentials: Sendable, Hashable {
    /// Characters of user fragments and passwords that are made here.
    static let madeUserBytes = 8
    static let madePasswordBytes = 24
    /// Bounds of RFC 8839 section 5.4.
    static let userBytes = 4...256
    static let passwordBytes = 22...256

    public let user: String
    public let password: String

    /// - Returns: nil for what is too short or too long, or holds other characters than letters, digits, `+` and `/`.
    public init?(user: String, password: String) {
        guard Self.userBytes.contains(user.utf8.count), Self.passwordBytes.contains(password.utf8.count),
            (user.utf8 + Array(password.utf8)).allSatisfy(Self.isICECharacter)
        else { return nil }
        (self.user, self.password) = (user, password)
    }

    private static func isICECharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// Makes new ones of random numbers.
    public init(random: () -> UInt64) {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/")
        func text(_ count: Int) -> String { String((0..<count).map { _ in letters[Int(random() & 63)] }) }
        (user, password) = (text(Self.madeUserBytes), text(Self.madePasswordBytes))
    }

    /// The first bytes of the user, at most eight, as one number: see ``STUN/mayConcern(_:user:userBytes:tag:)``.
    public var userWord: (word: UInt64, bytes: Int) {
        let bytes = Array(user.utf8.prefix(8))
        return (bytes.reduce(0) { $0 << 8 | UInt64($1) }, bytes.count)
    }
}
