public import CallCore
import NIOCore
import NIOWebSocket

/// Takes what a client sends over a WebSocket.
@CallActor
public protocol WebSocketDelegate: AnyObject {
    func received(text: String)
    func received(binary: [UInt8])
    /// A ping was answered.
    func ponged()
    /// The socket is gone or given up; nothing can be sent any more. Called once.
    func closed()
}

extension WebSocketDelegate {
    public func received(binary: [UInt8]) {}
    public func ponged() {}
}

/// The bounds of one WebSocket.
public struct WebSocketLimits: Sendable {
    /// Bytes of one message from the client.
    public var messageBytes = 65_535
    /// Bytes and messages that wait while the client doesn't read.
    public var outboxBytes = 4 << 20
    public var outboxMessages = 8192

    public init() {}
}

/// One end of a WebSocket (RFC 6455): the server's, or the client's of a connection that we opened.
///
/// What is sent before the connection is open waits in the outbox. When the client does not read and the outbox is full, the client
/// is told with a close frame and cut off; nobody else notices.
@CallActor
public final class WebSocketConnection: ConnectionRole {
    private enum State { case opening, open, closing, closed }

    private var state = State.opening
    private var connection: Connection?
    private var assembler: MessageAssembler
    let limits: WebSocketLimits
    private let isClient: Bool
    private let allocator = ByteBufferAllocator()
    private var outbox = CircularBuffer<ByteBuffer>()
    private var outboxBytes = 0
    private let onOverflow: @CallActor (String) -> Void
    /// Strong: socket and delegate hold each other until the end, which takes both apart.
    var delegate: (any WebSocketDelegate)?

    /// How long a client may take to answer a close frame.
    private static let closeGraceMs = 5000

    init(
        limits: WebSocketLimits, isClient: Bool = false, remoteAddress: String = "",
        onOverflow: @escaping @CallActor (String) -> Void = { _ in }
    ) {
        self.limits = limits
        self.remoteAddress = remoteAddress
        self.isClient = isClient
        self.onOverflow = onOverflow
        assembler = MessageAssembler(messageLimit: limits.messageBytes, isFromClient: !isClient)
    }

    /// Bytes that may wait to be sent before ``isReady`` says so; nil for what the system does by itself.
    private var waitingBytes: Int?

    /// Lets no more than some bytes wait in the system's buffers, for what is of no use late. To be called before the socket is open.
    public func keepsLittleWaiting(_ bytes: Int) { waitingBytes = bytes }

    /// Whether what is sent now goes out at once.
    public var isReady: Bool { state == .open && outbox.isEmpty && connection?.isWritable == true }

    /// Of the client; empty while it is not known. It stays when the connection is gone.
    public private(set) var remoteAddress: String

    // MARK: Sending

    /// Sends a text message.
    public func send(text: String) {
        send(frame: OutgoingFrame.encode(.text, text.utf8, allocator: allocator))
    }

    /// Sends a binary message.
    public func send(binary: some Collection<UInt8>) {
        send(frame: OutgoingFrame.encode(.binary, binary, allocator: allocator))
    }

    /// Asks the client for a sign of life.
    public func ping() {
        send(frame: OutgoingFrame.encode(.ping, [], allocator: allocator))
    }

    /// Sends one complete frame.
    func send(frame: ByteBuffer) {
        guard state == .open || state == .opening else { return }
        let frame = masked(frame)
        if state == .open, outbox.isEmpty, let connection, connection.isWritable {
            connection.write(frame)
            return
        }
        outbox.append(frame)
        outboxBytes += frame.readableBytes
        if outbox.count > limits.outboxMessages || outboxBytes > limits.outboxBytes { overflow() }
    }

    private func masked(_ frame: ByteBuffer) -> ByteBuffer {
        isClient ? OutgoingFrame.masked(frame, allocator: allocator) : frame
    }

    /// Makes a buffer for a text frame of `length` bytes with its header in place.
    func textFrame(length: Int) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: length + OutgoingFrame.headerLimit)
        OutgoingFrame.writeHeader(.text, length: length, to: &buffer)
        return buffer
    }

    private func drain() {
        while let connection, connection.isWritable, let frame = outbox.popFirst() {
            outboxBytes -= frame.readableBytes
            connection.write(frame)
        }
    }

    private func overflow() {
        onOverflow(remoteAddress)
        outbox.removeAll()
        outboxBytes = 0
        close(.policyViolation, reason: "client reads too slowly")
        leaveDelegate()
    }

    // MARK: Closing

    /// Sends a close frame and ends the connection once the client has answered it, or after a few seconds.
    public func close(_ code: WebSocketCloseCode, reason: String = "") {
        guard state == .open || state == .opening else { return }
        let wasOpen = state == .open
        state = .closing
        guard wasOpen, let connection else { return }
        drainAll()
        connection.write(masked(OutgoingFrame.encodeClose(code, reason: reason, allocator: allocator)))
        connection.schedule(afterMs: WebSocketConnection.closeGraceMs) { [weak self] in self?.connection?.close() }
    }

    /// Hands everything that waits over to the connection, since nothing comes after a close frame.
    private func drainAll() {
        while let frame = outbox.popFirst() { connection?.write(frame) }
        outboxBytes = 0
    }

    private func leaveDelegate() {
        let delegate = delegate
        self.delegate = nil
        delegate?.closed()
    }

    func closed() {
        state = .closed
        connection = nil
        outbox.removeAll()
        leaveDelegate()
    }

    // MARK: Receiving

    /// Begins once the 101 answer is written.
    func attach(to connection: Connection) {
        self.connection = connection
        remoteAddress = connection.remoteAddress
        if let waitingBytes { connection.limitWaiting(toBytes: waitingBytes) }
        if state == .closing {
            // Overflowed or refused before it was open.
            state = .open
            close(.policyViolation, reason: "client reads too slowly")
            return
        }
        state = .open
        drain()
    }

    func becameWritable() {
        if state == .open { drain() }
    }

    /// Stops or resumes reading, so that a client can't make requests pile up.
    func setReading(_ isReading: Bool) {
        connection?.setReading(isReading)
    }

    func receive(_ frame: WebSocketFrame) {
        guard state == .open || state == .closing else { return }
        do throws(WebSocketFault) {
            if let message = try assembler.take(frame) { take(message) }
        } catch {
            fail(error)
        }
    }

    /// Closes the socket because of what the client sent.
    func fail(_ fault: WebSocketFault) {
        guard state == .open || state == .closing else { return }
        finish(masked(OutgoingFrame.encodeClose(fault.code, reason: fault.reason, allocator: allocator)))
    }

    private func take(_ message: WebSocketMessage) {
        switch message {
        case .text(let text): if state == .open { delegate?.received(text: text) }
        case .binary(let bytes): if state == .open { delegate?.received(binary: bytes) }
        case .ping(let payload): send(frame: OutgoingFrame.encode(.pong, payload, allocator: allocator))
        case .pong: delegate?.ponged()
        case .close(let code): answerClose(code)
        }
    }

    private func answerClose(_ code: UInt16?) {
        if state == .closing { return finish(ByteBuffer()) }
        let isKnown = code.map { 1000...1003 ~= $0 || 1007...1014 ~= $0 || 3000...4999 ~= $0 } ?? true
        let payload =
            code.map { isKnown ? $0 : WebSocketCloseCode.protocolError.rawValue }
            .map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []
        finish(masked(OutgoingFrame.encode(.connectionClose, payload, allocator: allocator)))
    }

    /// Writes the last bytes and lets go of everybody.
    private func finish(_ bytes: ByteBuffer) {
        drainAll()
        connection?.finish(bytes)
        state = .closed
        connection = nil
        leaveDelegate()
    }
}
