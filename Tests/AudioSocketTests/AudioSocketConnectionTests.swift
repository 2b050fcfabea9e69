import CallCore
import NIOCore
import NIOPosix
import Testing

@testable import AudioSocket

@Suite("AudioSocket connections", .timeLimit(.minutes(1)))
@CallActor
struct AudioSocketConnectionTests {
    /// Sends back what it gets.
    private final class Echo: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.writeAndFlush(data, promise: nil) }
    }

    private func withServer(_ body: (Int) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: CallActor.loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await body(try #require(server.localAddress?.port))
        try await server.close()
    }

    @Test("Messages arrive whole and in order, those that come before somebody listens as well")
    func messages() async throws {
        try await withServer { port in
            let connection = try await AudioSocketConnection.open(host: "127.0.0.1", port: port)
            let sent = (0..<20).map { AudioSocketMessage(kind: 0x10, payload: [UInt8](repeating: UInt8($0), count: 320)) }
            for message in sent.prefix(10) { connection.send(message) }
            try await Task.sleep(for: .milliseconds(50))
            let (stream, arrivals) = AsyncStream.makeStream(of: AudioSocketMessage.self)
            connection.listen(onMessage: { arrivals.yield($0) }, onClose: { arrivals.finish() })
            for message in sent.dropFirst(10) { connection.send(message) }
            var heard: [AudioSocketMessage] = []
            for await message in stream {
                heard.append(message)
                if heard.count == sent.count { break }
            }
            #expect(heard == sent)
            connection.close()
            #expect(!connection.isWritable)
        }
    }

    @Test("Where nothing listens there is no connection")
    func refused() async throws {
        var free = 0
        try await withServer { free = $0 }
        await #expect(throws: (any Error).self) { try await AudioSocketConnection.open(host: "127.0.0.1", port: free) }
    }
}
