extension Configuration {
    /// The REST interface for programs that control calls.
    public struct ARI: Sendable, Equatable {
        public var enabled = false
        /// Web origins whose pages may use the interface (`https://host[:port]`, or `*` for all); empty: none.
        public var allowedOrigins: [String] = []
        /// What a login prompt shows (RFC 7617 section 2).
        public var realm = "Asterisk REST Interface"
        /// Variables that channels carry in every event.
        public var channelVariables: [String] = []
        public var users: [ARIUser] = []
        /// Connections that are opened to programs.
        public var outbound: [OutboundWebSocket] = []

        public init() {}
    }

    /// Someone who may use the REST interface.
    public struct ARIUser: Sendable, Equatable {
        public var name = ""
        public var password = ""
        /// May look, but change nothing.
        public var readOnly = false
        /// May log in.
        public var enabled = true
        public var description = ""
        /// The applications that this user may open; empty: all.
        public var applications: [String] = []

        public init() {}

        public init(name: String, password: String) {
            self.name = name
            self.password = password
        }
    }
}

extension Configuration.ARI: Record {
    static let fields: [Field<Self>] = [
        Field("enabled", \.enabled, .flag),
        Field("allowedOrigins", \.allowedOrigins, .list(.text(.origin), 0...ConfigurationLimits.allowedOrigins)),
        Field("realm", \.realm, .text(.realm), .notEmpty),
        Field("channelVariables", \.channelVariables, .list(.text(.variable), 0...ConfigurationLimits.channelVariables)),
        Field("users", \.users, .list(.record(), 0...ConfigurationLimits.ariUsers)),
        Field("outbound", \.outbound, .list(.record(), 0...ConfigurationLimits.outboundWebSockets)),
    ]
}

extension Configuration.ARIUser: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.word("user name", maxBytes: 50, also: "_.@-")), .required),
        Field("password", \.password, .text(.printable("password", maxBytes: 255)), .required),
        Field("readOnly", \.readOnly, .flag),
        Field("enabled", \.enabled, .flag),
        Field("description", \.description, .text(.printable("description", maxBytes: 255))),
        Field("applications", \.applications, .list(.text(.application), 0...ConfigurationLimits.ariUserApplications)),
    ]
}

extension TextRule {
    static let origin = TextRule(
        name: "origin", requirement: "Write * or scheme://host[:port] in small letters, such as https://crm.example:8443.",
        maxBytes: 255, accepts: isOrigin)
    static let realm = TextRule(
        name: "realm", requirement: "Use at most 64 bytes without \" and \\.", maxBytes: 64,
        accepts: { !$0.contains { $0 == "\"" || $0 == "\\" } })
    static let variable = TextRule(
        name: "variable name", requirement: "Use at most 80 bytes without blanks and commas.", maxBytes: 80,
        accepts: { !$0.contains { $0 == " " || $0 == "," } })
    static let application = TextRule(
        name: "application name", requirement: "Use at most 100 bytes without commas, and no blank at either end.",
        maxBytes: 100, accepts: { !$0.contains(",") && $0.trimmed == $0 })

    private static func isOrigin(_ text: String) -> Bool {
        if text == "*" { return true }
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix), text == text.lowercased() else { return false }
        var host = text.dropFirst(scheme.count)
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let port = Int(host[host.index(after: colon)...]), (1...65535).contains(port) else { return false }
            host = host[..<colon]
        }
        if host.hasPrefix("[") { return IPAddress(String(host))?.isIPv6 == true }
        return !host.isEmpty && host.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x2E }
    }
}
