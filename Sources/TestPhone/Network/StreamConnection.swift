import NIOCore
import NIOPosix
import SIP

/// The phone's TCP connection to its server.
final class StreamConnection {
    let local: SocketAddress
    var onReceive: ((ParseResult) -> Void)?
    var onClose: (() -> Void)?
    private let channel: any Channel
    private var decoder = SIPStreamDecoder()

    private init(_ channel: any Channel, local: SocketAddress) {
        self.channel = channel
        self.local = local
    }

    /// Connects; the connection reads from the moment that it is there.
    static func open(to remote: SocketAddress, on loop: any EventLoop) -> EventLoopFuture<NIOLoopBound<StreamConnection>> {
        ClientBootstrap(group: loop)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(to: remote)
            .flatMapThrowing { channel in
                guard let local = channel.localAddress else { throw ChannelError.unknownLocalAddress }
                let connection = StreamConnection(channel, local: local)
                try channel.pipeline.syncOperations.addHandler(StreamReader(connection: connection))
                return NIOLoopBound(connection, eventLoop: loop)
            }
    }

    func send(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func close() {
        onReceive = nil
        onClose = nil
        channel.close(promise: nil)
    }

    fileprivate func receive(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { decoder.append($0) }
        while let result = decoder.next() { onReceive?(result) }
        if decoder.failure != nil { channel.close(promise: nil) }
    }
}

/// Hands the stream from the channel to the connection.
private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: StreamConnection

    init(connection: StreamConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.receive(Self.unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.onClose?()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
