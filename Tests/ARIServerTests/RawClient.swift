import NIOCore
import NIOPosix
import NIOSSL

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

    /// - Parameter tls: How to speak TLS; nil for plain TCP.
    init(port: Int, tls: NIOSSLContext? = nil) async throws {
        let inbox = Inbox()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: nil)) }
                    try channel.pipeline.syncOperations.addHandler(Receiver(inbox))
                }
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
        let head = String(decoding: try await inbox.takeHead(), as: UTF8.self)
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
        let short = Int(header[1] & 0x7F)
        let extra = short == 126 ? 2 : short == 127 ? 8 : 0
        let length = extra == 0 ? short : try await bytes(extra).reduce(0) { $0 << 8 | Int($1) }
        return (header[0] & 0x0F, try await bytes(length))
    }

    func text() async throws -> String { String(decoding: try await frame().payload, as: UTF8.self) }
}

struct ConnectionEnded: Error {}

/// What came in, handed out in the pieces that a test asks for.
private actor Inbox {
    private var buffer = ByteBuffer()
    private var isClosed = false
    private var waiter: CheckedContinuation<Void, Never>?

    func add(_ more: ByteBuffer) {
        var more = more
        buffer.discardReadBytes()
        buffer.writeBuffer(&more)
        wake()
    }

    func close() {
        isClosed = true
        wake()
    }

    func take(_ count: Int) async throws -> [UInt8] {
        while true {
            if let bytes = buffer.readBytes(length: count) { return bytes }
            try await wait()
        }
    }

    func takeHead() async throws -> [UInt8] {
        while true {
            let view = buffer.readableBytesView
            if let end = view.indices.dropLast(3).first(where: {
                view[$0] == 13 && view[$0 + 1] == 10 && view[$0 + 2] == 13 && view[$0 + 3] == 10
            }) {
                return try await take(end + 4 - view.startIndex)
            }
            try await wait()
        }
    }

    func untilClosed() async -> [UInt8] {
        while !isClosed { try? await wait() }
        return Array(buffer.readableBytesView)
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

    private let feed: AsyncStream<ByteBuffer>.Continuation

    init(_ inbox: Inbox) {
        let (stream, feed) = AsyncStream.makeStream(of: ByteBuffer.self)
        self.feed = feed
        Task {
            for await bytes in stream { await inbox.add(bytes) }
            await inbox.close()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        feed.yield(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) { feed.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
