import NIOCore
import NIOPosix

/// A TCP client that sends bytes as they are and reads answers, for tests on loopback.
final class RawClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let head: String
        let body: String

        /// Returns the value of a header field, or nil.
        func field(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
    }

    private let channel: any Channel
    private let inbox: Inbox

    init(port: Int) async throws {
        let inbox = Inbox()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Receiver(inbox)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        self.inbox = inbox
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Stops or resumes reading from the socket.
    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
        if isReading { channel.read() }
    }

    func close() async { try? await channel.close() }

    /// Reads one answer; `isHead` for the answer to HEAD, which has no body.
    func answer(isHead: Bool = false) async throws -> Answer {
        let head = String(decoding: try await inbox.take(through: Array("\r\n\r\n".utf8)), as: UTF8.self)
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let answer = Answer(status: status, head: head, body: "")
        let length = status == 101 || status == 100 || isHead ? 0 : answer.field("Content-Length").flatMap { Int($0) } ?? 0
        return Answer(status: status, head: head, body: String(decoding: try await inbox.take(length), as: UTF8.self))
    }

    /// Sends a request and reads its answer.
    func ask(_ text: String) async throws -> Answer {
        try await send(text)
        return try await answer(isHead: text.hasPrefix("HEAD"))
    }

    /// Reads exactly `count` bytes.
    func bytes(_ count: Int) async throws -> [UInt8] { try await inbox.take(count) }

    /// Waits until the server has closed the connection; returns what came before.
    func untilClosed() async -> [UInt8] { await inbox.untilClosed() }

    // MARK: WebSocket frames

    func sendFrame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true) async throws {
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        if payload.count < 126 {
            frame.append(maskBit | UInt8(payload.count))
        } else if payload.count < 65_536 {
            frame += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        } else {
            frame += [maskBit | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        let mask: [UInt8] = [1, 2, 3, 4]
        if isMasked { frame += mask }
        frame += payload.enumerated().map { isMasked ? $1 ^ mask[$0 % 4] : $1 }
        try await send(frame)
    }

    func sendText(_ text: String) async throws { try await sendFrame(1, Array(text.utf8)) }

    /// Reads one frame of the server.
    func frame() async throws -> (opcode: UInt8, payload: [UInt8]) {
        let header = try await bytes(2)
        var length = Int(header[1] & 0x7F)
        if length == 126 { length = try await bytes(2).reduce(0) { $0 << 8 | Int($1) } }
        if length == 127 { length = try await bytes(8).reduce(0) { $0 << 8 | Int($1) } }
        return (header[0] & 0x0F, try await bytes(length))
    }

    func text() async throws -> String { String(decoding: try await frame().payload, as: UTF8.self) }
}

struct ConnectionEnded: Error {}

/// What came in, handed out in the pieces that a test asks for.
private actor Inbox {
    private var bytes: [UInt8] = []
    private var isClosed = false
    private var waiter: CheckedContinuation<Void, Never>?

    func add(_ more: [UInt8]) {
        bytes += more
        wake()
    }

    func close() {
        isClosed = true
        wake()
    }

    func take(_ count: Int) async throws -> [UInt8] {
        while bytes.count < count { try await wait() }
        defer { bytes.removeFirst(count) }
        return Array(bytes.prefix(count))
    }

    func take(through end: [UInt8]) async throws -> [UInt8] {
        while true {
            if bytes.count >= end.count, let index = (0...(bytes.count - end.count)).first(where: { Array(bytes[$0..<($0 + end.count)]) == end }) {
                return try await take(index + end.count)
            }
            try await wait()
        }
    }

    func untilClosed() async -> [UInt8] {
        while !isClosed { try? await wait() }
        return bytes
    }

    private func wait() async throws {
        guard !isClosed else { throw ConnectionEnded() }
        await withCheckedContinuation { waiter = $0 }
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}

private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let feed: AsyncStream<[UInt8]>.Continuation

    init(_ inbox: Inbox) {
        let (stream, feed) = AsyncStream.makeStream(of: [UInt8].self)
        self.feed = feed
        Task {
            for await bytes in stream { await inbox.add(bytes) }
            await inbox.close()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        feed.yield(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { feed.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
