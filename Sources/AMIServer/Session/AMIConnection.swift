import CallCore
import NIOCore

/// One TCP or TLS connection of a manager: bytes in, and bytes out with a bound on what a client does not take.
@CallActor
final class AMIConnection {
    /// Bytes that may wait for a client; one that lets more pile up is cut off.
    static let outboxLimit = 8 << 20

    private let channel: any NIOCore.Channel
    let remoteAddress: String
    private var waiting = 0
    private(set) var isOpen = true
    private var isCutOff = false
    var onBytes: ((ByteBuffer) -> Void)?
    var onOverflow: (() -> Void)?
    var onClosed: (() -> Void)?

    nonisolated init(_ channel: any NIOCore.Channel) {
        self.channel = channel
        remoteAddress = channel.remoteAddress?.ipAddress ?? ""
    }

    func write(_ bytes: ByteBuffer) {
        guard isOpen, !isCutOff, bytes.readableBytes > 0 else { return }
        waiting += bytes.readableBytes
        guard waiting <= Self.outboxLimit else {
            isCutOff = true
            onOverflow?()
            return close()
        }
        let count = bytes.readableBytes
        channel.writeAndFlush(bytes).whenComplete { _ in CallActor.assumeIsolated { self.waiting -= count } }
    }

    /// Writes the last bytes and ends the connection once they are out.
    func finish(_ bytes: ByteBuffer) {
        guard isOpen else { return }
        channel.writeAndFlush(bytes).whenComplete { [channel] _ in channel.close(promise: nil) }
    }

    func close() {
        guard isOpen else { return }
        channel.close(promise: nil)
    }

    /// Stops or resumes reading, so that a client can't make requests pile up.
    func setReading(_ isReading: Bool) {
        guard isOpen else { return }
        channel.setOption(.autoRead, value: isReading).whenFailure { _ in }
        if isReading { channel.read() }
    }

    fileprivate func received(_ bytes: ByteBuffer) { if isOpen { onBytes?(bytes) } }

    fileprivate func becameInactive() {
        guard isOpen else { return }
        isOpen = false
        onClosed?()
        (onBytes, onOverflow, onClosed) = (nil, nil, nil)
    }
}

/// Hands the bytes of a connection over.
final class AMIConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: AMIConnection

    init(_ connection: AMIConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        let connection = connection
        CallActor.assumeIsolated { connection.received(bytes) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let connection = connection
        CallActor.assumeIsolated { connection.becameInactive() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
