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
        /// Browsers must log in before they may ask which methods a page can use, as with the reference.
        public var preflightNeedsLogin = false
        public var users: [ARIUser] = []
        /// Connections that are opened to programs.
        public var outbound: [OutboundWebSocket] = []

        public init() {}
    }

    /// Someone who may use the REST interface.
    public struct ARIUser: Sendable, Equatable {
        public var name = ""
        /// A password, or the hash (``PasswordHash``) that is put in its place when it is stored.
        public var password = ""
        /// The password was easy to guess when it was stored.
        public var weakPassword = false
        /// May look, but change nothing.
        public var readOnly = false
        /// May log in.
        public var enabled = true
        public var description = ""
        /// The applications that this user may open; empty: all.
        public var applications: [String] = []
        /// Where the user may come from; empty: anywhere.
        public var allowedNetworks: [IPNetwork] = []

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
        Field("preflightNeedsLogin", \.preflightNeedsLogin, .flag),
        Field("users", \.users, .list(.record(), 0...ConfigurationLimits.ariUsers)),
        Field("outbound", \.outbound, .list(.record(), 0...ConfigurationLimits.outboundWebSockets)),
    ]
}

extension Configuration.ARIUser: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.ariUser), .required),
        Field("password", \.password, .text(.storablePassword), .required),
        Field("weakPassword", \.weakPassword, .flag),
        Field("readOnly", \.readOnly, .flag),
        Field("enabled", \.enabled, .flag),
        Field("description", \.description, .text(.printable("description", maxBytes: 255))),
        Field("applications", \.applications, .list(.text(.application), 0...ConfigurationLimits.ariUserApplications)),
        Field("allowedNetworks", \.allowedNetworks, .list(.network, 0...ConfigurationLimits.localNetworks)),
    ]
}

extension TextRule {
    /// Names that stand for something else in the files of the reference, or that comparable products keep for themselves.
    private static let reservedUsers: Set<String> = ["general", "pbxcore"]

    static let ariUser = TextRule(
        name: "user name", requirement: "Use 1 to 50 letters (a–z), digits and _ . -, and neither general nor pbxcore.", maxBytes: 50,
        accepts: { name in
            !reservedUsers.contains(name.lowercased()) && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "_.-".utf8.contains($0) }
        })
    static let storablePassword = TextRule(
        name: "password", requirement: "Use at most 255 bytes of printable characters on one line, or a hash that arioso exported.",
        maxBytes: 255, accepts: { !$0.hasPrefix(PasswordHash.prefix) || PasswordHash($0) != nil })
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
