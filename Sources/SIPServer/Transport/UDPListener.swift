import CallCore
import Glibc
import NIOCore
import NIOPosix
import SIP

/// Receives and sends datagrams at one address.
///
/// Datagrams are received by NIO, many with one system call, and sent directly: NIO closes a datagram channel when one destination
/// can't be reached, and no far end may close a listener.
@CallActor
final class UDPListener {
    /// Datagrams per system call, and such calls per turn of the loop: a flood gets no more, the rest stays in the kernel, which drops it.
    static let datagramsPerRead = 16
    static let readsPerTurn: UInt = 4
    /// Longer datagrams are cut, and refused as such.
    static let datagramBytes = 16_384
    static let receiveBufferBytes = 4 << 20
    /// Peers whose addresses are kept in both forms; past it they are forgotten and made anew.
    static let peersKept = 8_192

    private static let sendFlags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)

    let id: UInt64
    let address: SIPListenerAddress
    /// The address with the port that the system chose.
    private(set) var local: SIPTransportAddress
    private let limits: SIPLimits
    private weak var receiver: (any TransportReceiver)?
    private var channel: (any NIOCore.Channel)?
    /// A duplicate of the channel's descriptor, so that it stays ours whenever the channel closes; -1 once closed.
    private var descriptor: CInt = -1
    private var flows: [SocketAddress: SIPFlow] = [:]
    private var peers: [SIPTransportAddress: SocketAddress] = [:]
    /// Called when the system closed the listener, not `close`.
    var onFailure: (@CallActor () -> Void)?

    init(_ address: SIPListenerAddress, id: UInt64, limits: SIPLimits, receiver: any TransportReceiver) {
        self.address = address
        self.id = id
        self.limits = limits
        self.receiver = receiver
        local = SIPTransportAddress(transport: .udp, host: address.host, port: address.port)
    }

    /// Binds the address; a second call after the system closed it binds the same port again.
    func open() async throws {
        let bytes = Self.datagramBytes * Self.datagramsPerRead
        var bootstrap = DatagramBootstrap(group: CallActor.loop)
            .channelOption(.datagramVectorReadMessageCount, value: Self.datagramsPerRead)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: bytes))
            .channelOption(.maxMessagesPerRead, value: Self.readsPerTurn)
            .channelOption(.socketOption(.so_rcvbuf), value: Self.receiveBufferBytes)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramReader(listener: self))
                }
            }
        if NumericAddress.isIPv6(address.host) {
            bootstrap = bootstrap.channelOption(ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        let channel = try await bootstrap.bind(host: address.host, port: local.port).get()
        local.port = channel.localAddress?.port ?? address.port
        descriptor = (try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { dup($0) }) ?? -1
        self.channel = channel
    }

    func close() {
        onFailure = nil
        channel?.close(promise: nil)
        closed()
    }

    fileprivate func closed() {
        channel = nil
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
        onFailure?()
    }

    fileprivate func receive(_ envelope: AddressedEnvelope<ByteBuffer>) {
        guard let flow = flow(from: envelope.remoteAddress) else { return }
        let result = envelope.data.withUnsafeReadableBytes { SIPParser.parse(datagram: $0, limits: limits) }
        if case .keepAlive = result { return }
        receiver?.receive(result, over: flow)
    }

    private func flow(from remote: SocketAddress) -> SIPFlow? {
        if let known = flows[remote] { return known }
        guard let host = remote.ipAddress, let port = remote.port else { return nil }
        if flows.count >= Self.peersKept { flows.removeAll(keepingCapacity: true) }
        let flow = flow(toward: host, port)
        flows[remote] = flow
        return flow
    }

    /// The flow between this listener and a peer.
    func flow(toward host: String, _ port: Int) -> SIPFlow {
        SIPFlow(id: id, local: local, remote: SIPTransportAddress(transport: .udp, host: host, port: port))
    }

    /// Sends one datagram; what the system does not take is lost, as datagrams may be.
    /// - Returns: 0, or the error number.
    @discardableResult
    func send(_ bytes: [UInt8], to remote: SIPTransportAddress) -> CInt {
        guard descriptor >= 0 else { return EBADF }
        guard let address = socketAddress(of: remote) else { return EINVAL }
        let sent = bytes.withUnsafeBytes { payload in
            address.withSockAddr { socketAddress, size in
                sendto(descriptor, payload.baseAddress, payload.count, Self.sendFlags, socketAddress, socklen_t(size))
            }
        }
        return sent < 0 ? errno : 0
    }

    private func socketAddress(of remote: SIPTransportAddress) -> SocketAddress? {
        if let known = peers[remote] { return known }
        guard (1...65_535).contains(remote.port), let made = try? SocketAddress(ipAddress: remote.host, port: remote.port) else {
            return nil
        }
        if peers.count >= Self.peersKept { peers.removeAll(keepingCapacity: true) }
        peers[remote] = made
        return made
    }
}

/// Hands datagrams from the channel to the listener.
private final class DatagramReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let listener: UDPListener

    init(listener: UDPListener) {
        self.listener = listener
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = Self.unwrapInboundIn(data)
        CallActor.assumeIsolated { [listener] in listener.receive(envelope) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        CallActor.assumeIsolated { [listener] in listener.closed() }
    }

    // An error about one datagram is no reason to stop listening.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
