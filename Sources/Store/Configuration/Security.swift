extension Configuration {
    /// What happens to addresses from which log-ins keep failing; ARI, SIP and the console count on their own.
    public struct Security: Sendable, Equatable {
        public var blockFailedLogins = true
        /// Failures within ten minutes after which an address is blocked; from the sixth on answers take longer.
        public var failures = 20
        public var blockMinutes = 15
        /// Addresses that are slowed down, but never blocked.
        public var neverBlock = ["127.0.0.0/8", "::1"].compactMap { try? IPNetwork(parsing: $0) }

        public init() {}
    }
}

extension Configuration.Security: Record {
    static let fields: [Field<Self>] = [
        Field("blockFailedLogins", \.blockFailedLogins, .flag),
        Field("failures", \.failures, .integer(6...10_000)),
        Field("blockMinutes", \.blockMinutes, .integer(1...10_080)),
        Field("neverBlock", \.neverBlock, .list(.network, 0...ConfigurationLimits.localNetworks)),
    ]
}
