extension Configuration {
    /// A program to which WebSockets are opened: for events (`ari.outbound`) or for the audio of calls.
    public struct WebSocketClient: Sendable, Equatable {
        public var name = ""
        /// `ws://host[:port]/path` or `wss://…`.
        public var uri = ""
        /// Sent as Basic authentication; empty: none is sent.
        public var user = ""
        public var password = ""
        /// Offered instead of the usual ones, `ari` for events and `media` for audio.
        public var subprotocols: [String] = []
        /// A PEM file with the authorities that may have signed the program's certificate; empty: those of the system.
        public var authorities = ""
        /// Whether the program's certificate must be right.
        public var verifyCertificate = true
        public var connectTimeoutMs = 500
        /// How long after a failure the next attempt comes.
        public var reconnectMs = 500

        public init() {}

        public init(name: String, uri: String) {
            self.name = name
            self.uri = uri
        }
    }

    /// A connection of ours to a program that gets the events of applications and sends requests.
    public struct OutboundWebSocket: Sendable, Equatable {
        public var name = ""
        /// Which of `webSocketClients`.
        public var client = ""
        /// Each call into an application has a connection of its own.
        public var perCall = false
        public var applications: [String] = []
        public var subscribeAll = false
        /// The ARI user in whose name requests are carried out.
        public var user = ""

        public init() {}

        public init(name: String, client: String, user: String, applications: [String]) {
            self.name = name
            self.client = client
            self.user = user
            self.applications = applications
        }
    }
}

extension Configuration.WebSocketClient: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.word("name of a program", maxBytes: 50, also: "_.-")), .required),
        Field("uri", \.uri, .text(.webSocketURI), .required),
        Field("user", \.user, .text(.printable("user name", maxBytes: 100))),
        Field("password", \.password, .text(.printable("password", maxBytes: 255))),
        Field("subprotocols", \.subprotocols, .list(.text(.word("subprotocol", maxBytes: 50, also: "_.-")), 0...10)),
        Field("authorities", \.authorities, .text(.path)),
        Field("verifyCertificate", \.verifyCertificate, .flag),
        Field("connectTimeoutMs", \.connectTimeoutMs, .integer(50...60_000)),
        Field("reconnectMs", \.reconnectMs, .integer(100...600_000)),
    ]
}

extension Configuration.OutboundWebSocket: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.word("name of a connection", maxBytes: 50, also: "_.-")), .required),
        Field("client", \.client, .text(.word("name of a program", maxBytes: 50, also: "_.-")), .required),
        Field("perCall", \.perCall, .flag),
        Field("applications", \.applications, .list(.text(.application), 0...ConfigurationLimits.ariUserApplications)),
        Field("subscribeAll", \.subscribeAll, .flag),
        Field("user", \.user, .text(.word("user name", maxBytes: 50, also: "_.@-")), .required),
    ]
}

extension TextRule {
    static let webSocketURI = TextRule(
        name: "WebSocket address", requirement: "Write ws://host[:port]/path or wss://host[:port]/path.", maxBytes: 1_024,
        accepts: { text in
            guard let scheme = ["ws://", "wss://"].first(where: text.hasPrefix) else { return false }
            let rest = text.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard !authority.isEmpty, !authority.contains("@"), !rest.contains(" "), !rest.contains("#") else { return false }
            guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return true }
            return colon != authority.startIndex
                && Int(authority[authority.index(after: colon)...]).map { (1...65_535).contains($0) } == true
        })
}
