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
        Field("timeoutSeconds", \.timeoutSeconds, .integer(0...86400)),
        Field("holdTimeoutSeconds", \.holdTimeoutSeconds, .integer(0...86400)),
    ]
}
