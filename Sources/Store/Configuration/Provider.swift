extension Configuration {
    /// A line to a telephone provider or to another phone system.
    public struct Provider: Sendable, Equatable {
        /// Who tells whom where to be found.
        public enum Registration: String, Sendable, CaseIterable {
            /// This system registers with the provider.
            case outbound
            /// The provider logs in here, like a phone.
            case inbound
            /// Neither: each knows the other's address.
            case none
        }

        /// Names the line in routes, and in `PJSIP/number@name`.
        public var name = ""
        public var enabled = true
        public var registration = Registration.outbound
        /// The provider's host name or address; empty where it logs in here.
        public var host = ""
        /// 0: the usual one of the transport.
        public var port = 0
        public var transport = SIP.Transport.udp
        /// Who is called there when a destination names only the line; empty: the provider itself.
        public var number = ""
        /// A proxy that everything to the provider goes through, `host` or `host:port`.
        public var proxy = ""
        /// The account there; where the provider logs in here it is `name`.
        public var user = ""
        /// The user name of its credentials where that is another.
        public var authUser = ""
        public var secret = ""
        /// The user of From; empty: `user`, and without one the caller's number.
        public var fromUser = ""
        /// The domain of From; empty: `host`.
        public var fromDomain = ""
        /// Who all calls seem to come from; empty: who calls.
        public var callerID = Extension.CallerID()
        /// Tells the caller's number in P-Asserted-Identity, beside the account in From.
        public var assertIdentity = false
        /// Believes the P-Asserted-Identity of incoming calls.
        public var trustIdentity = false
        /// Where calls come from beside `host`.
        public var allowedNetworks: [IPNetwork] = []
        /// The dialplan context of its calls; empty: the incoming routes.
        public var context = ""
        public var codecs: [Extension.Codec] = [.alaw, .ulaw, .g722]
        public var dtmf = Extension.DTMF.rfc4733
        public var expirySeconds = 600
        /// How often the provider is asked whether it is there; 0: never.
        public var qualifySeconds = 60
        /// Calls at one time, both ways together; 0: no limit.
        public var maxCalls = 0

        public init() {}

        public init(name: String, host: String) {
            self.name = name
            self.host = host
        }
    }
}

extension Configuration.Provider: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.providerName), .required),
        Field("enabled", \.enabled, .flag),
        Field("registration", \.registration, .choice),
        Field("host", \.host, .text(.host)),
        Field("port", \.port, .port),
        Field("transport", \.transport, .choice),
        Field("proxy", \.proxy, .text(.hostAndPort)),
        Field("number", \.number, .text(.sipUser)),
        Field("user", \.user, .text(.sipUser)),
        Field("authUser", \.authUser, .text(.printable("user name", maxBytes: 128))),
        Field("secret", \.secret, .text(.printable("secret", maxBytes: 128))),
        Field("fromUser", \.fromUser, .text(.sipUser)),
        Field("fromDomain", \.fromDomain, .text(.host)),
        Field("callerID", \.callerID, .record()),
        Field("assertIdentity", \.assertIdentity, .flag),
        Field("trustIdentity", \.trustIdentity, .flag),
        Field("allowedNetworks", \.allowedNetworks, .list(.network, 0...ConfigurationLimits.localNetworks)),
        Field("context", \.context, .text(.context)),
        Field("codecs", \.codecs, .list(.choice, 1...Configuration.Extension.Codec.allCases.count)),
        Field("dtmf", \.dtmf, .choice),
        Field("expirySeconds", \.expirySeconds, .integer(60...86_400)),
        Field("qualifySeconds", \.qualifySeconds, .integer(0...3600)),
        Field("maxCalls", \.maxCalls, .integer(0...10_000)),
    ]
}

extension TextRule {
    static let providerName = word("name of a provider", maxBytes: 50, also: "_-")
    static let sipUser = word("user name", maxBytes: 128, also: "_.+*#-~&=!")
    static let host = TextRule(
        name: "host", requirement: "Write a host name such as sip.example.com, or an address.", maxBytes: 253, accepts: isHost)
    static let hostAndPort = TextRule(
        name: "host", requirement: "Write host or host:port, such as proxy.example.com:5060.", maxBytes: 260,
        accepts: { text in
            guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else { return isHost(text) }
            let port = Int(text[text.index(after: colon)...])
            return isHost(String(text[..<colon])) && port.map { (1...65_535).contains($0) } == true
        })

    @Sendable private static func isHost(_ text: String) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") { return IPAddress(String(text.dropFirst().dropLast())) != nil }
        if text.contains(":") { return IPAddress(text) != nil }
        return !text.isEmpty && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-._".utf8.contains($0) }
    }
}
