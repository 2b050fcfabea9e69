extension Configuration {
    /// The web console and the admin interface behind it.
    public struct Console: Sendable, Equatable {
        public var enabled = true
        /// A numeric IPv4 or IPv6 address; `0.0.0.0` and `::` are all addresses of the machine.
        public var host = "0.0.0.0"
        /// 0: the system chooses a free port.
        public var httpPort = 8080
        public var httpsEnabled = true
        /// With the certificate of `http`. 0: the system chooses a free port.
        public var httpsPort = 8443

        public init() {}
    }
}

extension Configuration.Console: Record {
    static let fields: [Field<Self>] = [
        Field("enabled", \.enabled, .flag),
        Field("host", \.host, .address, .notEmpty),
        Field("httpPort", \.httpPort, .port),
        Field("httpsEnabled", \.httpsEnabled, .flag),
        Field("httpsPort", \.httpsPort, .port),
    ]
}
