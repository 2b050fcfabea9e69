import CallCore
import NIOCore
import SIP

/// One TCP connection, accepted or opened by us.
@CallActor
final class TCPConnection: SIPConnection {
    /// Messages handled per turn of the loop; what came more is handled in the next one, and nothing is read meanwhile.
    static let messagesPerTurn = 64
    private static let pong = ByteBuffer(string: "\r\n")

    let flow: SIPFlow
    private weak var receiver: (any TransportReceiver)?
    private var decoder: SIPStreamDecoder
    private var channel: (any NIOCore.Channel)?
    /// What is to be sent while the connection is opening.
    private var waiting: [[UInt8]] = []
    private var waitingBytes = 0
    private let backlogBytes: Int
    private var isPaused = false
    private(set) var isClosed = false
    /// When the last message came, or the connection was made.
    private(set) var heardAt: NIODeadline
    /// Whether a phone has authenticated here, or we opened it.
    var isTrusted: Bool
    /// Called when something is to be flushed, and once when the connection is gone.
    var onWrite: (@CallActor (TCPConnection) -> Void)?
    var onClose: (@CallActor (TCPConnection) -> Void)?

    init(flow: SIPFlow, limits: SIPServerLimits, isTrusted: Bool, receiver: any TransportReceiver) {
        self.flow = flow
        self.receiver = receiver
        self.isTrusted = isTrusted
        decoder = SIPStreamDecoder(limits: limits.message)
        backlogBytes = limits.connectionBacklogBytes
        heardAt = .now()
    }

    /// Takes the channel once there is one, and sends what was waiting for it.
    func attach(_ channel: any NIOCore.Channel) {
        guard !isClosed else { return channel.close(promise: nil) }
        self.channel = channel
        let water = ChannelOptions.Types.WriteBufferWaterMark(low: backlogBytes / 2, high: backlogBytes)
        _ = try? channel.syncOptions?.setOption(.writeBufferWaterMark, value: water)
        do {
            try channel.pipeline.syncOperations.addHandler(StreamReader(connection: self))
        } catch {
            return close()
        }
        let first = waiting
        waiting = []
        for bytes in first { send(bytes) }
    }

    func send(_ bytes: [UInt8]) {
        guard !isClosed else { return }
        guard let channel else {
            waitingBytes += bytes.count
            guard waitingBytes <= backlogBytes else { return close() }
            return waiting.append(bytes)
        }
        write(ByteBuffer(bytes: bytes), channel)
    }

    private func write(_ buffer: ByteBuffer, _ channel: any NIOCore.Channel) {
        // A peer that reads nothing must not fill our memory.
        guard channel.isWritable else { return close() }
        channel.write(buffer, promise: nil)
        onWrite?(self)
    }

    func flush() {
        channel?.flush()
    }

    /// The far end sends keep-alives, or is asked by OPTIONS.
    func checkAlive(at now: NIODeadline) {}

    func close() {
        channel?.close(promise: nil)
        closed()
    }

    fileprivate func closed() {
        guard !isClosed else { return }
        isClosed = true
        channel = nil
        waiting = []
        onClose?(self)
        onClose = nil
    }

    fileprivate func receive(_ buffer: ByteBuffer) {
        guard !isClosed else { return }
        buffer.withUnsafeReadableBytes { decoder.append($0) }
        if !isPaused { handle() }
    }

    /// Handles the messages that are there, as many as one turn allows.
    private func handle() {
        for _ in 0..<Self.messagesPerTurn {
            guard !isClosed else { return }
            guard let result = decoder.next() else {
                if decoder.failure != nil { closeAfterSending() }
                return pause(false)
            }
            if case .keepAlive = result {
                if let channel { write(Self.pong, channel) }
            } else {
                heardAt = .now()
                receiver?.receive(result, over: flow)
            }
        }
        pause(true)
        CallActor.loop.execute { [weak self] in
            CallActor.assumeIsolated { self?.handle() }
        }
    }

    /// Lets a last refusal out before the connection closes.
    private func closeAfterSending() {
        channel?.flush()
        close()
    }

    private func pause(_ paused: Bool) {
        guard paused != isPaused else { return }
        isPaused = paused
        _ = try? channel?.syncOptions?.setOption(.autoRead, value: !paused)
    }
}

/// Hands the stream from the channel to the connection.
private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: TCPConnection

    init(connection: TCPConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = Self.unwrapInboundIn(data)
        CallActor.assumeIsolated { [connection] in connection.receive(buffer) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        CallActor.assumeIsolated { [connection] in connection.closed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        CallActor.assumeIsolated { [connection] in connection.close() }
    }
}
