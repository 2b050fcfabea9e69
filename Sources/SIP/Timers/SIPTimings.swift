/// The timer values of RFC 3261 table 4, all in milliseconds.
public struct SIPTimings: Sendable, Hashable {
    /// Round-trip time estimate.
    public var t1Ms: Int
    /// Longest interval between retransmissions of non-INVITE requests and INVITE responses.
    public var t2Ms: Int
    /// Longest time that a message stays in the network.
    public var t4Ms: Int
    /// Timer D: how long an INVITE client keeps absorbing final responses over unreliable transports, at least 32 s.
    public var timerDMs: Int
    /// After how long an INVITE is answered 100 when the transaction user is silent (RFC 3261 section 17.2.1).
    public var tryingMs: Int
    /// How long an INVITE client waits after a provisional response before it sends CANCEL by itself (as the
    /// proxies' Timer C, RFC 3261 section 16.6), restarted by each provisional response.
    public var provisionalLimitMs: Int

    public init(
        t1Ms: Int = 500, t2Ms: Int = 4_000, t4Ms: Int = 5_000, timerDMs: Int = 32_000,
        tryingMs: Int = 200, provisionalLimitMs: Int = 600_000
    ) {
        self.t1Ms = t1Ms
        self.t2Ms = t2Ms
        self.t4Ms = t4Ms
        self.timerDMs = timerDMs
        self.tryingMs = tryingMs
        self.provisionalLimitMs = provisionalLimitMs
    }

    public static let standard = SIPTimings()

    /// Timers B, F, H, J, L and M: 64*T1.
    public var transactionTimeoutMs: Int { 64 &* t1Ms }
}
