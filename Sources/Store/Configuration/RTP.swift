extension Configuration {
    /// Where audio is sent and received.
    public struct RTP: Sendable, Equatable {
        /// UDP ports for audio; each call leg uses two.
        public var ports = 10000...20000
        /// The address that audio is received on; empty: the one on which the call came.
        public var bindAddress = ""
        /// The address told to peers outside `localNetworks`; empty: the real one. Set it behind NAT.
        public var advertisedAddress = ""
        /// Networks whose phones are told the real address.
        public var localNetworks: [IPNetwork] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"]
            .compactMap { try? IPNetwork(parsing: $0) }
        /// A STUN server that tells where audio is seen from outside, `host` or `host:port`; empty: none.
        public var stunServer = ""
        /// STUN and TURN servers that browsers are told, such as `turn:turn.example.com:3478`.
        public var iceServers: [String] = []
        /// Who browsers are at the TURN servers.
        public var turnUser = ""
        public var turnPassword = ""
        /// A call without audio for so long is hung up; 0: never.
        public var timeoutSeconds = 0
        /// The same for a call on hold; 0: never.
        public var holdTimeoutSeconds = 0

        public init() {}
    }
}

extension Configuration.RTP: Record {
    static let fields: [Field<Self>] = [
        Field("ports", \.ports, .portRange),
        Field("bindAddress", \.bindAddress, .address),
        Field("advertisedAddress", \.advertisedAddress, .address),
        Field("localNetworks", \.localNetworks, .list(.network, 0...ConfigurationLimits.localNetworks)),
        Field("stunServer", \.stunServer, .text(.hostAndPort)),
        Field("iceServers", \.iceServers, .list(.text(.iceServer), 0...16)),
        Field("turnUser", \.turnUser, .text(.printable("user", maxBytes: 128))),
        Field("turnPassword", \.turnPassword, .text(.printable("password", maxBytes: 128))),
        Field("timeoutSeconds", \.timeoutSeconds, .integer(0...86400)),
        Field("holdTimeoutSeconds", \.holdTimeoutSeconds, .integer(0...86400)),
    ]
}

extension TextRule {
    /// The address of a STUN or TURN server (RFC 7064, RFC 7065).
    fileprivate static let iceServer = TextRule(
        name: "server", requirement: "Write stun:host, turn:host:port or turns:host:port?transport=tcp.", maxBytes: 260
    ) { text in
        let isKnown = ["stun:", "stuns:", "turn:", "turns:"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
        return isKnown && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || ".:-_[]?=".utf8.contains($0) }
    }
}
