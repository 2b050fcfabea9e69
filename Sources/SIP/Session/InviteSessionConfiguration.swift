/// How a session presents itself and what it agrees to.
public struct InviteSessionConfiguration: Sendable {
    /// When provisional responses are sent reliably (RFC 3262).
    public enum ReliableProvisionals: Sendable, Hashable {
        /// Only when the caller requires it.
        case onDemand
        /// When the caller requires it, and when it supports it and the response has a description.
        case whenSupported
        /// As `whenSupported`, and calls of ours require it of the far end.
        case required
    }

    /// The Contact of requests and responses, such as `<sip:192.0.2.1:5060;transport=tcp>`.
    public var contact: String
    /// User-Agent of requests and Server of responses.
    public var product: String?
    public var reliableProvisionals: ReliableProvisionals
    public var sessionTimers: SessionTimerPolicy { didSet { nameOptions() } }
    /// Option tags beyond 100rel and timer that the owner serves, in lower case: listed in Supported, and accepted in
    /// Require.
    public var furtherOptions: [String] { didSet { nameOptions() } }
    public var timings: SIPTimings
    /// The option tags of INVITEs and their responses, and of later requests; kept, for they are sent with every call.
    private(set) var supported = ""
    private(set) var supportedInDialog = ""

    public init(
        contact: String, product: String? = nil, reliableProvisionals: ReliableProvisionals = .whenSupported,
        sessionTimers: SessionTimerPolicy = SessionTimerPolicy(), furtherOptions: [String] = [],
        timings: SIPTimings = .standard
    ) {
        self.contact = contact
        self.product = product
        self.reliableProvisionals = reliableProvisionals
        self.sessionTimers = sessionTimers
        self.furtherOptions = furtherOptions
        self.timings = timings
        nameOptions()
    }

    private mutating func nameOptions() {
        let inDialog = (sessionTimers.isEnabled ? ["timer"] : []) + furtherOptions
        supportedInDialog = inDialog.joined(separator: ", ")
        supported = (["100rel"] + inDialog).joined(separator: ", ")
    }

    /// The methods that a session serves.
    static let allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, MESSAGE"

    /// The option tags of a message's Require that are not served.
    func unsupported(in headers: SIPHeaders) -> [String] {
        guard headers[.require] != nil else { return [] }
        return headers.tokens("Require").filter { tag in
            tag != "100rel" && !(tag == "timer" && sessionTimers.isEnabled) && !furtherOptions.contains(tag)
        }
    }
}

/// Bounds on what one session retains.
enum SessionLimits {
    /// Early dialogs that a forked call may make; further ones are ignored.
    static let forks = 16
    /// Requests of ours under way; further ones are refused with 500.
    static let pendingRequests = 32
    /// Provisional responses waiting for a PRACK of one before; further ones are dropped.
    static let queuedProvisionals = 8
    /// Retries of one request on its own account (422) or with credentials.
    static let retries = 5
    /// Retries of one offer after glare.
    static let glareRetries = 8
    /// The longest wait that a Retry-After of a refused offer is honoured for, in seconds.
    static let retryAfterS = 10
    /// How often a provisional response is repeated while a call rings, in milliseconds (RFC 3261 section 13.3.1.1).
    static let provisionalRepetitionMs = 60_000
}

/// A call to make.
public struct OutgoingCall: Sendable {
    public var target: RequestTarget
    public var from: NameAddr
    public var to: NameAddr
    public var callID: String
    /// Preloaded routes, such as an outbound proxy.
    public var routes: [NameAddr]
    /// Further header fields, such as P-Asserted-Identity.
    public var headers: [(name: String, value: String)]
    /// The offer; nil lets the far end make it.
    public var sdp: [UInt8]?
    /// Whether the INVITE travels over TLS because of a sips URI.
    public var isSecure: Bool

    public init(
        target: RequestTarget, from: NameAddr, to: NameAddr, callID: String, routes: [NameAddr] = [],
        headers: [(name: String, value: String)] = [], sdp: [UInt8]?, isSecure: Bool = false
    ) {
        self.target = target
        self.from = from
        self.to = to
        self.callID = callID
        self.routes = routes
        self.headers = headers
        self.sdp = sdp
        self.isSecure = isSecure
    }
}
