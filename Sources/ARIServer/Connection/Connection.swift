import CallCore
import NIOCore

/// What is spoken on a connection at present: HTTP, then perhaps WebSocket.
@CallActor
protocol ConnectionRole: AnyObject {
    /// The client takes bytes again after it did not for a while.
    func becameWritable()
    /// The connection is gone.
    func closed()
}

/// One TCP or TLS connection: who speaks on it, and bytes out with one flush per turn of the loop.
@CallActor
final class Connection {
    let channel: any NIOCore.Channel
    let remoteAddress: String
    let isEncrypted: Bool
    /// Nil while the connection only waits for its end.
    var role: (any ConnectionRole)?
    private var isFlushScheduled = false
    private(set) var isOpen = true
    private let onClose: @CallActor (Connection) -> Void

    /// How long the client may take to close its side after the last answer.
    private nonisolated static let lingerMs: Int64 = 1000

    nonisolated init(channel: any NIOCore.Channel, isEncrypted: Bool, onClose: @escaping @CallActor (Connection) -> Void) {
        self.channel = channel
        self.isEncrypted = isEncrypted
        self.onClose = onClose
        remoteAddress = channel.remoteAddress?.ipAddress ?? ""
    }

    var isWritable: Bool { channel.isWritable }

    /// Who is at both ends, and what is asked for.
    func webSocketRequest(_ path: String) -> WebSocketRequest {
        func end(_ address: SocketAddress?) -> WebSocketRequest.End { .init(host: address?.ipAddress ?? "", port: address?.port ?? 0) }
        return WebSocketRequest(
            path: path, local: end(channel.localAddress), remote: end(channel.remoteAddress), isEncrypted: isEncrypted)
    }

    func writabilityChanged() {
        if channel.isWritable { role?.becameWritable() }
    }

    func becameInactive() {
        guard isOpen else { return }
        isOpen = false
        let role = role
        self.role = nil
        role?.closed()
        onClose(self)
    }

    func write(_ bytes: ByteBuffer) {
        guard isOpen else { return }
        channel.write(bytes, promise: nil)
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        channel.eventLoop.execute { CallActor.assumeIsolated { self.flush() } }
    }

    /// Writes bytes and waits until the client's side has room for more.
    ///
    /// - Returns: Whether they could be written.
    func writeThrough(_ bytes: ByteBuffer) async -> Bool {
        guard isOpen else { return false }
        do {
            try await channel.writeAndFlush(bytes).get()
            return true
        } catch {
            return false
        }
    }

    private func flush() {
        isFlushScheduled = false
        if isOpen { channel.flush() }
    }

    /// Stops or resumes reading, so that a client can't make requests pile up.
    func setReading(_ isReading: Bool) {
        guard isOpen else { return }
        channel.setOption(.autoRead, value: isReading).whenFailure { _ in }
        if isReading { channel.read() }
    }

    /// Makes the system's buffer for what is sent small, and the connection writable only while little waits.
    func limitWaiting(toBytes bytes: Int) {
        guard isOpen else { return }
        channel.setOption(.socketOption(.so_sndbuf), value: .init(bytes)).whenFailure { _ in }
        channel.setOption(.writeBufferWaterMark, value: .init(low: bytes / 8, high: bytes / 4)).whenFailure { _ in }
    }

    /// Writes `bytes` as the last ones and ends the connection once they are out and the client had a moment to read them.
    func finish(_ bytes: ByteBuffer) {
        guard isOpen else { return }
        role = nil
        let channel = channel
        channel.writeAndFlush(bytes).whenComplete { _ in
            channel.close(mode: .output).whenFailure { _ in channel.close(promise: nil) }
            channel.eventLoop.scheduleTask(in: .milliseconds(Connection.lingerMs)) { channel.close(promise: nil) }
        }
    }

    /// Ends the connection at once.
    func close() {
        guard isOpen else { return }
        channel.close(promise: nil)
    }

    /// Lets a WebSocket take over from HTTP.
    func switchToWebSocket(_ socket: WebSocketConnection) {
        let pipeline = channel.pipeline.syncOperations
        do {
            let handler = try pipeline.handler(type: HTTPHandler.self)
            try handler.leave(pipeline, loop: channel.eventLoop, for: socket)
        } catch {
            close()
        }
    }

    /// Runs `action` after a delay unless the connection is gone by then.
    func schedule(afterMs delayMs: Int, _ action: @escaping @CallActor () -> Void) {
        channel.eventLoop.scheduleTask(in: .milliseconds(Int64(delayMs))) {
            CallActor.assumeIsolated { if self.isOpen { action() } }
        }
    }
}
