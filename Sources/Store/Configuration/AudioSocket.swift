extension Configuration {
    /// Where programs that take and give audio may connect to us.
    public struct AudioSocket: Sendable, Equatable {
        public var enabled = false
        /// A numeric IPv4 or IPv6 address.
        public var host = "127.0.0.1"
        /// 0: the system chooses a free port.
        public var port = 9092

        public init() {}
    }
}

extension Configuration.AudioSocket: Record {
    static let fields: [Field<Self>] = [
        Field("enabled", \.enabled, .flag),
        Field("host", \.host, .address, .notEmpty),
        Field("port", \.port, .port),
    ]
}
