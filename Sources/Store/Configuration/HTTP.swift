extension Configuration {
    /// Where programs and browsers reach the system.
    public struct HTTP: Sendable, Equatable {
        /// A numeric IPv4 or IPv6 address; `0.0.0.0` and `::` are all addresses of the machine.
        public var host = "0.0.0.0"
        public var httpEnabled = true
        /// 0: the system chooses a free port.
        public var httpPort = 8088
        public var httpsEnabled = true
        /// 0: the system chooses a free port.
        public var httpsPort = 8089
        /// A PEM file with the certificate chain; empty: a self-signed certificate is made in the data folder.
        public var certificate = ""
        /// A PEM file with the certificate's private key.
        public var key = ""

        public init() {}
    }
}

extension Configuration.HTTP: Record {
    static let fields: [Field<Self>] = [
        Field("host", \.host, .address, .notEmpty),
        Field("httpEnabled", \.httpEnabled, .flag),
        Field("httpPort", \.httpPort, .port),
        Field("httpsEnabled", \.httpsEnabled, .flag),
        Field("httpsPort", \.httpsPort, .port),
        Field("certificate", \.certificate, .text(.path)),
        Field("key", \.key, .text(.path)),
    ]
}
