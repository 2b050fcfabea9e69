import CallCore
import NIOCore
import NIOPosix

/// A connection to a program that takes and gives audio.
@CallActor
final class AudioSocketConnection {
    private let channel: any NIOCore.Channel
    private var decoder = AudioSocketDecoder()
    /// What came before anybody listened.
    private var early: [AudioSocketMessage] = []
    private var isOpen = true
    /// Called with each message.
    private var onMessage: ((AudioSocketMessage) -> Void)?
    /// Called with the first message alone.
    private var onFirst: ((AudioSocketMessage) -> Void)?
    /// Called once when the connection is gone.
    private var onClose: (() -> Void)?

    /// Messages kept until somebody listens.
    private static let earlyLimit = 64
    /// What may wait to be sent, in bytes: more would only be late.
    private nonisolated static let outgoingBytes = 4_096
    private nonisolated static let socketBufferBytes = 8_192
    private nonisolated static let connectTimeout = TimeAmount.seconds(2)

    private init(_ channel: any NIOCore.Channel) {
        self.channel = channel
    }

    /// Connects to a numeric address.
    static func open(host: String, port: Int) async throws -> AudioSocketConnection {
        let bootstrap = ClientBootstrap(group: CallActor.loop)
            .connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_sndbuf), value: socketBufferBytes)
            .channelOption(.writeBufferWaterMark, value: .init(low: outgoingBytes / 2, high: outgoingBytes))
        return try take(try await bootstrap.connect(host: host, port: port).get())
    }

    /// Takes a connection that is open.
    static func take(_ channel: any NIOCore.Channel) throws -> AudioSocketConnection {
        let connection = AudioSocketConnection(channel)
        try channel.pipeline.syncOperations.addHandler(Receiver(connection))
        channel.closeFuture.whenComplete { _ in CallActor.assumeIsolated { connection.closed() } }
        return connection
    }

    var remoteAddress: String { channel.remoteAddress.map { "\($0)" } ?? "" }

    /// Hands the first message to who wants to know who this is; the rest waits for ``listen(onMessage:onClose:)``.
    func introduce(_ introduced: @escaping (AudioSocketMessage) -> Void, onClose: @escaping () -> Void) {
        self.onClose = onClose
        onFirst = introduced
    }

    /// Says who takes messages from now on, those that came before first.
    func listen(onMessage: @escaping (AudioSocketMessage) -> Void, onClose: @escaping () -> Void) {
        self.onMessage = onMessage
        self.onClose = onClose
        let waiting = early
        early = []
        for message in waiting { onMessage(message) }
        if !isOpen { closed() }
    }

    /// Whether the program takes audio; while it does not, audio is left out instead of becoming late.
    var isWritable: Bool { isOpen && channel.isWritable }

    func send(_ message: AudioSocketMessage) {
        guard isOpen else { return }
        channel.writeAndFlush(ByteBuffer(bytes: message.bytes), promise: nil)
    }

    func close() {
        (onFirst, onMessage, onClose) = (nil, nil, nil)
        guard isOpen else { return }
        isOpen = false
        channel.close(promise: nil)
    }

    private func receive(_ bytes: ByteBuffer) {
        for message in decoder.receive(bytes.readableBytesView) {
            if let first = onFirst {
                onFirst = nil
                first(message)
            } else if let onMessage {
                onMessage(message)
            } else if early.count < Self.earlyLimit {
                early.append(message)
            }
        }
    }

    private func closed() {
        isOpen = false
        let told = onClose
        onMessage = nil
        onClose = nil
        told?()
    }

    private final class Receiver: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let connection: AudioSocketConnection

        init(_ connection: AudioSocketConnection) { self.connection = connection }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            CallActor.assumeIsolated { connection.receive(bytes) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
