import NIOCore
import SIP

/// Carries SIP messages: a UDP socket, or the TCP connection to the server.
final class SignallingPath {
    private enum Way {
        case datagrams(DatagramSocket)
        case stream(StreamConnection)
    }

    let local: SIPTransportAddress
    /// Where requests go that name no address of their own.
    let server: SIPTransportAddress?
    private let way: Way
    private var addresses: [SIPTransportAddress: SocketAddress] = [:]

    init(_ socket: DatagramSocket, server: SocketAddress?) {
        way = .datagrams(socket)
        local = Self.address(socket.local, .udp)
        self.server = server.map { Self.address($0, .udp) }
    }

    init(_ connection: StreamConnection, server: SocketAddress) {
        way = .stream(connection)
        local = Self.address(connection.local, .tcp)
        self.server = Self.address(server, .tcp)
    }

    private static func address(_ address: SocketAddress, _ transport: SIPTransportKind) -> SIPTransportAddress {
        SIPTransportAddress(transport: transport, host: address.ipAddress ?? "", port: address.port ?? 0)
    }

    /// Where a request goes: to its next hop when that has a numeric address, else to the server. Over TCP all goes to the server.
    func flow(to hop: NextHop?) -> SIPFlow? {
        if case .datagrams = way, let hop, (try? SocketAddress(ipAddress: hop.host, port: 0)) != nil {
            let remote = SIPTransportAddress(transport: .udp, host: hop.host, port: hop.port ?? SIPTransportKind.udp.defaultPort)
            return SIPFlow(id: 1, local: local, remote: remote)
        }
        return server.map { SIPFlow(id: 1, local: local, remote: $0) }
    }

    /// The Contact value of a user at this path.
    func contact(user: String) -> String {
        var uri = SIPURI(user: user, host: local.host, port: local.port)
        if local.transport != .udp { uri.parameters.set("transport", local.transport.uriToken) }
        return "<\(uri)>"
    }

    /// Tells what comes, and when a connection is lost.
    func receive(_ take: @escaping (ParseResult, SIPFlow) -> Void, onLoss: @escaping () -> Void) {
        switch way {
        case .datagrams(let socket):
            socket.onReceive = { [local] buffer, source in
                let flow = SIPFlow(id: 1, local: local, remote: Self.address(source, .udp))
                take(buffer.withUnsafeReadableBytes { SIPParser.parse(datagram: $0) }, flow)
            }
        case .stream(let connection):
            guard let server else { return }
            let flow = SIPFlow(id: 1, local: local, remote: server)
            connection.onReceive = { take($0, flow) }
            connection.onClose = onLoss
        }
    }

    func send(_ bytes: [UInt8], over flow: SIPFlow) {
        switch way {
        case .stream(let connection): connection.send(bytes)
        case .datagrams(let socket):
            guard let address = socketAddress(of: flow.remote) else { return }
            bytes.withUnsafeBytes { _ = socket.send($0, to: address) }
        }
    }

    private func socketAddress(of remote: SIPTransportAddress) -> SocketAddress? {
        if let known = addresses[remote] { return known }
        guard (1...65_535).contains(remote.port), let made = try? SocketAddress(ipAddress: remote.host, port: remote.port) else {
            return nil
        }
        addresses[remote] = made
        return made
    }

    func close() {
        switch way {
        case .datagrams(let socket): socket.close()
        case .stream(let connection): connection.close()
        }
    }
}
