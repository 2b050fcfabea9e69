/// The transports that SIP runs over here (RFC 3261 section 18, RFC 7118 for WebSocket).
public enum SIPTransportKind: UInt8, Sendable, Hashable, CaseIterable {
    case udp, tcp, tls, ws, wss

    /// Reads a Via transport or a `transport` URI parameter, in any case; nil when it is none that is served.
    public init?(token: String) {
        switch token.asciiLowercased {
        case "udp": self = .udp
        case "tcp": self = .tcp
        case "tls": self = .tls
        case "ws": self = .ws
        case "wss": self = .wss
        default: return nil
        }
    }

    /// The spelling in a Via header field.
    public var viaToken: String {
        switch self {
        case .udp: "UDP"
        case .tcp: "TCP"
        case .tls: "TLS"
        case .ws: "WS"
        case .wss: "WSS"
        }
    }

    /// The spelling in a `transport` URI parameter.
    public var uriToken: String {
        switch self {
        case .udp: "udp"
        case .tcp: "tcp"
        case .tls: "tls"
        case .ws: "ws"
        case .wss: "wss"
        }
    }

    /// Whether the transport itself retransmits, so that transactions need not.
    public var isReliable: Bool { self != .udp }

    public var isSecure: Bool { self == .tls || self == .wss }

    /// The port that is meant when none is written (RFC 3261 section 19.1.2, RFC 7118 section 8).
    public var defaultPort: Int {
        switch self {
        case .udp, .tcp: 5060
        case .tls: 5061
        case .ws: 80
        case .wss: 443
        }
    }
}

/// One end of a flow: a transport, a numeric host (IPv6 without brackets) and a port.
public struct SIPTransportAddress: Sendable, Hashable, CustomStringConvertible {
    public var transport: SIPTransportKind
    public var host: String
    public var port: Int

    public init(transport: SIPTransportKind, host: String, port: Int) {
        self.transport = transport
        self.host = host
        self.port = port
    }

    /// `host:port`, an IPv6 host in brackets.
    public var hostPort: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }

    public var description: String { "\(transport.uriToken):\(hostPort)" }
}

/// Where a message came in or goes out: a connection, or a listener together with a remote address.
///
/// Two datagrams from different hosts to one UDP listener are two flows that share the listener's `id`.
public struct SIPFlow: Sendable, Hashable, CustomStringConvertible {
    /// Identifies the connection (TCP, TLS, WS, WSS) or the listener (UDP), given by the transport layer.
    public var id: UInt64
    public var transport: SIPTransportKind
    public var local: SIPTransportAddress
    public var remote: SIPTransportAddress

    public init(id: UInt64, local: SIPTransportAddress, remote: SIPTransportAddress) {
        self.id = id
        self.transport = local.transport
        self.local = local
        self.remote = remote
    }

    public init(
        id: UInt64, transport: SIPTransportKind,
        localHost: String, localPort: Int, remoteHost: String, remotePort: Int
    ) {
        self.init(
            id: id,
            local: SIPTransportAddress(transport: transport, host: localHost, port: localPort),
            remote: SIPTransportAddress(transport: transport, host: remoteHost, port: remotePort))
    }

    public var isReliable: Bool { transport.isReliable }

    /// Keeps the connection or listener and changes the far end.
    public func toward(host: String, port: Int) -> SIPFlow {
        var flow = self
        flow.remote.host = host
        flow.remote.port = port
        return flow
    }

    // The id and the port tell nearly all flows apart; hashing the hosts would cost more than it saves.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(remote.port)
    }

    public var description: String { "\(remote) via \(local) #\(id)" }
}
