/// Where a request wants to go, before any name is resolved: the input of RFC 3263 for the transport layer.
public struct NextHop: Sendable, Hashable, CustomStringConvertible {
    /// A name or a numeric address, IPv6 without brackets.
    public var host: String
    /// Nil when none is written: then SRV records or the default port decide.
    public var port: Int?
    /// Nil when none is written: then NAPTR records or the scheme decide.
    public var transport: SIPTransportKind?
    /// Whether the URI is a `sips` one, which only TLS transports may serve.
    public var isSecure: Bool

    public init(host: String, port: Int? = nil, transport: SIPTransportKind? = nil, isSecure: Bool = false) {
        self.host = host
        self.port = port
        self.transport = transport
        self.isSecure = isSecure
    }

    /// Reads the hop from a URI; `maddr` takes the host's place (RFC 3263 section 4).
    public init(_ uri: SIPURI) {
        let group = uri.parameters["maddr"] ?? ""
        self.init(
            host: group.isEmpty ? uri.host : group,
            port: uri.port,
            transport: uri.transport.flatMap(SIPTransportKind.init(token:)),
            isSecure: uri.isSecure)
    }

    /// Reads the hop of a request outside a dialog: its first Route, else its Request-URI (RFC 3261 section 8.1.2).
    /// Nil when that is no SIP URI. Inside a dialog ask `Dialog.nextHop`, which knows strict routers too.
    public init?(of request: SIPRequest) {
        let target = request.headers.routes.first?.uri ?? request.target
        guard let uri = target.sip else { return nil }
        self.init(uri)
    }

    public var description: String {
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(isSecure ? "sips" : "sip"):\(bracketed)"
            + (port.map { ":\($0)" } ?? "") + (transport.map { ";transport=\($0.uriToken)" } ?? "")
    }
}
