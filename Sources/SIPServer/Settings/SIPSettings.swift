public import SIP

/// How the SIP side presents itself, where it listens, and who may register and call.
public struct SIPSettings: Sendable, Equatable {
    /// The technology name of SIP channels and endpoints, as in `PJSIP/6001`.
    public static let technology = "PJSIP"

    /// Where SIP messages are received.
    public var listeners: [SIPListenerAddress]
    /// The numeric address told to peers outside `localNetworks`, for a server behind an address translator; nil for none.
    public var advertisedAddress: String?
    /// The numeric address at which audio is received; nil for the one on which the call came. A call of the other IP version uses that too.
    public var mediaAddress: String?
    /// The STUN server that tells where audio is seen from outside; nil for none.
    public var stunServer: STUNServer?
    /// Servers that browsers are told when they register, as `RTCPeerConnection` takes them, in JSON; empty for none.
    public var iceServers = ""
    /// Networks whose hosts are told the address that really reaches them.
    public var localNetworks: [SIPNetwork]
    /// User-Agent of requests and Server of responses.
    public var userAgent: String
    /// The realm of digest challenges.
    public var realm: String
    /// The algorithms of digest challenges in order. Only MD5 at first, since some phones give up on a challenge they don't know.
    public var digestAlgorithms: [DigestAlgorithm]
    /// Timer values; they take effect with the next start.
    public var timings: SIPTimings
    public var sessionTimers: SessionTimerPolicy
    public var endpoints: [SIPEndpointSettings]
    public var limits: SIPServerLimits

    public init(
        listeners: [SIPListenerAddress] = SIPListenerAddress.standard, advertisedAddress: String? = nil, mediaAddress: String? = nil,
        localNetworks: [SIPNetwork] = SIPNetwork.notRouted, userAgent: String = "Arioso", realm: String = "arioso",
        digestAlgorithms: [DigestAlgorithm] = [.md5], timings: SIPTimings = .standard,
        sessionTimers: SessionTimerPolicy = SessionTimerPolicy(), endpoints: [SIPEndpointSettings] = [],
        limits: SIPServerLimits = SIPServerLimits()
    ) {
        self.listeners = listeners
        self.advertisedAddress = advertisedAddress
        self.mediaAddress = mediaAddress
        self.localNetworks = localNetworks
        self.userAgent = userAgent
        self.realm = realm
        self.digestAlgorithms = digestAlgorithms
        self.timings = timings
        self.sessionTimers = sessionTimers
        self.endpoints = endpoints
        self.limits = limits
    }
}

/// An address at which SIP messages are received over UDP or TCP.
public struct SIPListenerAddress: Sendable, Hashable, CustomStringConvertible {
    public var transport: SIPTransportKind
    /// A numeric IPv4 or IPv6 address without brackets; `0.0.0.0` and `::` are all addresses of the machine.
    public var host: String
    /// 0 lets the system choose.
    public var port: Int

    public init(_ transport: SIPTransportKind, host: String, port: Int = 5060) {
        self.transport = transport
        self.host = host
        self.port = port
    }

    /// UDP and TCP at port 5060 of all addresses, IPv4 and IPv6.
    public static let standard = [
        SIPListenerAddress(.udp, host: "0.0.0.0"), SIPListenerAddress(.udp, host: "::"),
        SIPListenerAddress(.tcp, host: "0.0.0.0"), SIPListenerAddress(.tcp, host: "::"),
    ]

    public var description: String {
        SIPTransportAddress(transport: transport, host: host, port: port).description
    }
}

/// Bounds on what the SIP side keeps and does at one time.
public struct SIPServerLimits: Sendable, Equatable {
    /// Bytes, lines and sizes of one message.
    public var message = SIPLimits.default
    /// Transactions; they take effect with the next start.
    public var transactions = TransactionLimits()
    /// Calls of one endpoint at one time; a further incoming one gets 503.
    public var callsPerEndpoint = 2_000
    /// TCP connections, both ways together; a further one is closed at once.
    public var connections = 10_000
    /// Bytes waiting to be sent on one connection; past it the connection is closed.
    public var connectionBacklogBytes = 1 << 20
    /// Seconds without a message after which a connection that carried no registration and no call is closed.
    public var strangerIdleSeconds = 60
    /// Seconds without a message after which any connection is closed.
    public var connectionIdleSeconds = 3_900
    /// Seconds for which an outgoing connection may be opening.
    public var connectSeconds = 8
    /// Refusals of broken messages per second; further ones are dropped in silence.
    public var refusalsPerSecond = 1_000

    public init() {}
}
