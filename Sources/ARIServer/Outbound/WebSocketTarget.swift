import NIOSSL

/// A program elsewhere that takes WebSockets, and how to reach it.
public struct WebSocketTarget: Sendable, Equatable {
    public var name: String
    public var isEncrypted: Bool
    public var host: String
    public var port: Int
    /// Path and query.
    public var path: String
    /// Sent as Basic authentication; none when the user is empty.
    public var user = ""
    public var password = ""
    /// Subprotocols to offer instead of the usual one.
    public var subprotocols: [String] = []
    /// A PEM file with the authorities that are trusted; empty: the system's.
    public var authorities = ""
    public var verifiesCertificate = true
    public var connectTimeoutMs = 500
    public var reconnectIntervalMs = 500

    /// Takes a `ws:` or `wss:` URI apart (RFC 6455 section 3); nil for anything else.
    public init?(name: String, uri: String) {
        let schemes = [("ws://", false, 80), ("wss://", true, 443)]
        guard let (scheme, isEncrypted, standardPort) = schemes.first(where: { uri.lowercased().hasPrefix($0.0) }) else { return nil }
        let rest = uri.dropFirst(scheme.count)
        let slash = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var authority = rest[..<slash]
        var port = standardPort
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let given = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(given) else { return nil }
            port = given
            authority = authority[..<colon]
        }
        if authority.hasPrefix("["), authority.hasSuffix("]") { authority = authority.dropFirst().dropLast() }
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        self.name = name
        self.isEncrypted = isEncrypted
        host = String(authority)
        self.port = port
        let tail = rest[slash...].prefix { $0 != "#" }
        path = tail.hasPrefix("/") ? String(tail) : "/" + tail
    }

    /// The TLS of the connection; nil for `ws:`.
    func tlsContext() throws -> NIOSSLContext? {
        guard isEncrypted else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if !verifiesCertificate { configuration.certificateVerification = .none }
        if !authorities.isEmpty { configuration.trustRoots = .file(authorities) }
        return try NIOSSLContext(configuration: configuration)
    }
}
