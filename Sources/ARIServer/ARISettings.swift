/// Settings of the ARI server. A new value applies to the next request; connections stay.
public struct ARISettings: Sendable {
    /// Whether ARI is served at all.
    public var isEnabled = true
    /// Web pages that browsers let use the interface: `scheme://host[:port]`, or `*` for any.
    public var allowedOrigins: [String] = []
    /// Whether browsers must log in before they may ask which methods a page can use, as with the reference.
    public var authenticatesPreflight = false
    /// The realm of the 401 answer.
    public var realm = "Asterisk REST Interface"
    /// The paths under which ARI is found.
    public var prefixes = ["/ari", "/asterisk/ari"]
    /// Whether JSON is indented.
    public var isPretty = false
    /// The `Server` field.
    public var serverName: String
    /// The version that the descriptions of the interface name.
    public var version: String
    /// Connections at the same time; one more is answered with 503.
    public var sessionLimit = 1000
    /// How long the first request of a connection may take to come, and any request to come whole.
    public var requestTimeoutMs = 30_000
    /// How long a connection may idle after a request.
    public var keepAliveTimeoutMs = 15_000
    /// Bytes and messages that wait for a slow reader of events before it is cut off.
    public var outboxByteLimit = 4 << 20
    public var outboxMessageLimit = 8192

    public init(serverName: String = "Arioso", version: String = "0") {
        self.serverName = serverName
        self.version = version
    }
}
