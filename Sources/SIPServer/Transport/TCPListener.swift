import CallCore
import NIOCore
import NIOPosix
import NIOSSL
import SIP

/// Accepts connections at one address, over TLS where the address says so.
@CallActor
final class TCPListener {
    static let backlog: CInt = 512
    /// Connections taken per turn of the loop.
    static let acceptsPerTurn: UInt = 16

    let id: UInt64
    let address: SIPListenerAddress
    /// The address with the port that the system chose.
    private(set) var local: SIPTransportAddress
    private var channel: (any NIOCore.Channel)?

    init(_ address: SIPListenerAddress, id: UInt64) {
        self.address = address
        self.id = id
        local = SIPTransportAddress(transport: address.transport, host: address.host, port: address.port)
    }

    /// Binds the address; `accept` gets each connection on the control loop.
    ///
    /// - Parameter tlsContext: gives the certificate of the moment; without one a connection over TLS is closed.
    func open(
        tlsContext: @escaping @CallActor () -> NIOSSLContext?, accept: @escaping @CallActor (any NIOCore.Channel) -> Void
    ) async throws {
        let isEncrypted = address.transport == .tls
        var bootstrap = ServerBootstrap(group: CallActor.loop, childGroup: CallActor.loop)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: Self.acceptsPerTurn)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isEncrypted {
                        guard let context = CallActor.assumeIsolated({ tlsContext() }) else { throw TransportError.noCertificate }
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    CallActor.assumeIsolated { accept(channel) }
                }
            }
        if NumericAddress.isIPv6(address.host) {
            bootstrap = bootstrap.serverChannelOption(ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
        local.port = channel.localAddress?.port ?? address.port
        self.channel = channel
    }

    func close() {
        channel?.close(promise: nil)
        channel = nil
    }
}
