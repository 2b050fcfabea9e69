extension Configuration {
    /// Sounds that are fetched from other hosts when they are played.
    public struct RemoteMedia: Sendable, Equatable {
        /// `host` or `host:port`; empty: nothing is fetched.
        public var hosts: [String] = []
        public var maxFileMegabytes = 20
        public var cacheMegabytes = 256
        public var timeoutSeconds = 10

        public init() {}
    }
}

extension Configuration.RemoteMedia: Record {
    static let fields: [Field<Self>] = [
        Field("hosts", \.hosts, .list(.text(.mediaHost), 0...ConfigurationLimits.mediaHosts)),
        Field("maxFileMegabytes", \.maxFileMegabytes, .integer(1...1_000)),
        Field("cacheMegabytes", \.cacheMegabytes, .integer(1...100_000)),
        Field("timeoutSeconds", \.timeoutSeconds, .integer(1...300)),
    ]
}

extension TextRule {
    static let mediaHost = TextRule(
        name: "host", requirement: "Write a host such as cdn.example, or cdn.example:8443.", maxBytes: 255,
        accepts: { text in
            !text.isEmpty && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || [0x2D, 0x2E, 0x3A, 0x5B, 0x5D].contains($0) }
        })
}
