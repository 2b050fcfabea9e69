import Glibc
import NIOCore
import NIOPosix

/// A UDP socket of the phone's loop.
///
/// NIO receives, many datagrams with one system call. Sending goes to the socket itself: NIO closes a datagram channel when one
/// destination cannot be reached.
final class DatagramSocket {
    static let datagramsPerRead = 16
    static let datagramBytes = 8_192
    static let receiveBufferBytes = 1 << 20

    /// The address with the port that the system chose.
    let local: SocketAddress
    var onReceive: ((ByteBuffer, SocketAddress) -> Void)?
    /// A duplicate of the channel's descriptor, which stays ours whenever the channel closes; -1 once closed.
    private var descriptor: CInt
    private var channel: (any Channel)?

    /// Opens a socket at once; it receives from the next turn of the loop on.
    init(host: String, port: Int, on loop: any EventLoop) throws {
        func failure() -> PhoneError { .cannotBind(host: host, port: port, reason: String(cString: strerror(errno))) }
        guard let wanted = try? SocketAddress(ipAddress: host, port: port) else {
            throw PhoneError.cannotBind(host: host, port: port, reason: "not a numeric address")
        }
        let family = host.contains(":") ? AF_INET6 : AF_INET
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(family, kind, 0)
        guard socket >= 0 else { throw failure() }
        guard wanted.withSockAddr({ Glibc.bind(socket, $0, socklen_t($1)) }) == 0, let port = Self.port(of: socket),
            let local = try? SocketAddress(ipAddress: host, port: port)
        else {
            defer { _ = Glibc.close(socket) }
            throw failure()
        }
        self.local = local
        descriptor = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        receive(socket, on: loop)
    }

    deinit {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    private static func port(of socket: CInt) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // getsockname fills the storage, which is large enough for any address and aligned as one; the port has the same place in
        // sockaddr_in and sockaddr_in6.
        return withUnsafeMutableBytes(of: &storage) { bytes -> Int? in
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                getsockname(socket, address, &length) == 0
            else { return nil }
            return Int(UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self)))
        }
    }

    private func receive(_ socket: CInt, on loop: any EventLoop) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        DatagramBootstrap(group: loop)
            .channelOption(.datagramVectorReadMessageCount, value: Self.datagramsPerRead)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.datagramBytes * Self.datagramsPerRead))
            .channelOption(.socketOption(.so_rcvbuf), value: Self.receiveBufferBytes)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramReader(socket: bound.value))
                }
            }
            .withBoundSocket(socket)
            .assumeIsolated()
            .whenSuccess { channel in
                if bound.value.descriptor >= 0 { bound.value.channel = channel } else { channel.close(promise: nil) }
            }
    }

    /// Sends one datagram; what the system does not take is lost, as datagrams may be.
    @discardableResult
    func send(_ bytes: UnsafeRawBufferPointer, to address: SocketAddress) -> Bool {
        guard descriptor >= 0 else { return false }
        let sent = address.withSockAddr { target, size in
            sendto(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL), target, socklen_t(size))
        }
        return sent >= 0
    }

    func close() {
        onReceive = nil
        channel?.close(promise: nil)
        channel = nil
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// Hands datagrams from the channel to the socket's owner.
private final class DatagramReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let socket: DatagramSocket

    init(socket: DatagramSocket) {
        self.socket = socket
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = Self.unwrapInboundIn(data)
        socket.onReceive?(envelope.data, envelope.remoteAddress)
    }

    // An error about one datagram is no reason to stop listening.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
