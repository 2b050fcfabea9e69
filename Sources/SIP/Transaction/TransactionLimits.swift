/// Bounds on what the transaction layer retains.
public struct TransactionLimits: Sendable, Hashable {
    /// Server transactions; once that many exist, new INVITEs are answered 503 without keeping anything.
    /// Other requests, which end calls rather than start them, are served up to `reserveFactor` times as many.
    public var serverTransactions: Int
    /// Client transactions; beyond, `send` reports a transport error.
    public var clientTransactions: Int
    /// The Retry-After of those 503 responses, in seconds.
    public var retryAfterS: Int

    public static let reserveFactor = 2

    public init(serverTransactions: Int = 50_000, clientTransactions: Int = 100_000, retryAfterS: Int = 10) {
        self.serverTransactions = serverTransactions
        self.clientTransactions = clientTransactions
        self.retryAfterS = retryAfterS
    }
}
