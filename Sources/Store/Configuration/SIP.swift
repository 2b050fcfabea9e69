extension Configuration {
    /// Where phones reach the system. Only extensions that log in may call.
    public struct SIP: Sendable, Equatable {
        /// How SIP messages travel.
        public enum Transport: String, Sendable, CaseIterable {
            case udp, tcp, tls
        }

        /// An address that SIP messages are received on.
        public struct Listener: Sendable, Hashable {
            public var transport = Transport.udp
            /// A numeric IPv4 or IPv6 address without brackets; `0.0.0.0` and `::` are all addresses of the machine.
            public var host = "0.0.0.0"
            /// 0: the system chooses a free port.
            public var port = SIP.standardPort

            public init() {}

            public init(_ transport: Transport, host: String, port: Int = SIP.standardPort) {
                self.transport = transport
                self.host = host
                self.port = port
            }
        }

        /// The port of SIP over UDP and TCP (RFC 3261 section 19.1.2).
        public static let standardPort = 5060
        /// The port of SIP over TLS.
        public static let securePort = 5061

        public var listeners = [
            Listener(.udp, host: "0.0.0.0"), Listener(.udp, host: "::"),
            Listener(.tcp, host: "0.0.0.0"), Listener(.tcp, host: "::"),
            Listener(.tls, host: "0.0.0.0", port: securePort), Listener(.tls, host: "::", port: securePort),
        ]
        /// The codecs that may be used at all; new accounts begin with them in this order.
        public var codecs: [Extension.Codec] = [.ulaw, .alaw, .g722, .opus]

        public init() {}
    }
}

extension Configuration.SIP: Record {
    static let fields: [Field<Self>] = [
        Field("listeners", \.listeners, .list(.record(), 1...ConfigurationLimits.sipListeners)),
        Field("codecs", \.codecs, .list(.choice, 1...Configuration.Extension.Codec.allCases.count)),
    ]
}

extension Configuration.SIP.Listener: Record {
    static let fields: [Field<Self>] = [
        Field("transport", \.transport, .choice),
        Field("host", \.host, .address, .notEmpty),
        Field("port", \.port, .port),
    ]
}

extension Shape where Value == String {
    /// A numeric address; it is kept in its shortest form. Empty where there is none.
    static let address = Shape(
        typeName: "IP address",
        decode: { node, path, reader in
            guard let text = node.scalarText, !text.isEmpty else {
                if node.scalarText != nil { return "" }
                reader.report(
                    "should be an address but is \(node.kind)", advice: "Write it after the colon, such as 192.0.2.1.",
                    at: path, position: node.position)
                return nil
            }
            guard let address = IPAddress(text) else {
                reader.report(
                    "is \(node.kind), which is not an IP address",
                    advice: "Write numbers, such as 192.0.2.1 or \"2001:db8::1\"; host names are not looked up.", at: path,
                    position: node.position)
                return nil
            }
            return address.description
        },
        encode: { value, _ in DocumentNode(.text(value)) })
}
