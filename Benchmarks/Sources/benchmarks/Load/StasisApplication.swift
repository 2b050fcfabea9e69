import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// An application that answers each channel that enters it, and then deletes it.
final class StasisApplication: Sendable {
    private static let connections = 16

    private let channel: any Channel
    private let course: NIOLoopBound<ChannelCourse>

    /// Opens the WebSocket and the connections for requests, all on one event loop.
    init(port: Int) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let credentials = Data("\(ReleaseServer.user):\(ReleaseServer.password)".utf8).base64EncodedString()
        let fields: HTTPHeaders = ["Host": "127.0.0.1:\(port)", "Authorization": "Basic \(credentials)"]
        var posts = fields
        posts.add(name: "Content-Length", value: "0")
        var connections: [NIOLoopBound<ARIConnection>] = []
        for _ in 0..<Self.connections { connections.append(try await ARIConnection.open(port: port, fields: posts, on: loop)) }
        course = try await loop.submit { [connections] in
            NIOLoopBound(ChannelCourse(connections.map(\.value)), eventLoop: loop)
        }.get()
        channel = try await Self.openEvents(port: port, fields: fields, course: course, on: loop)
    }

    private static func openEvents(
        port: Int, fields: HTTPHeaders, course: NIOLoopBound<ChannelCourse>, on loop: any EventLoop
    ) async throws -> any Channel {
        let path = "/ari/events?app=\(ReleaseServer.application)"
        let upgrader = NIOTypedWebSocketClientUpgrader<(any Channel)?>(maxFrameSize: 1 << 20) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(EventHandler(course.value))
                return channel
            }
        }
        let upgrade: EventLoopFuture<(any Channel)?> = try await ClientBootstrap(group: loop).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                let configuration = NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: fields),
                    upgraders: [upgrader],
                    notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(nil) })
                return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: .init(upgradeConfiguration: configuration))
            }
        }
        guard let channel = try await upgrade.get() else { throw BenchmarkError("the server refused the WebSocket \(path)") }
        return channel
    }

    /// Events that came, and requests whose status was not 204.
    func counts() async throws -> (events: Int, refused: Int) {
        try await channel.eventLoop.submit { [course] in (course.value.events, course.value.refused) }.get()
    }

    func close() async throws {
        try await channel.eventLoop.submit { [course] in course.value.close() }.get()
        try? await channel.close()
    }
}

/// What is done about each channel. Confined to the event loop.
private final class ChannelCourse {
    private struct Start: Decodable {
        struct Channel: Decodable { let id: String }
        let channel: Channel
    }

    private static let startMark = Data("\"StasisStart\"".utf8)

    private let connections: [ARIConnection]
    private(set) var events = 0
    private(set) var refused = 0

    init(_ connections: [ARIConnection]) {
        self.connections = connections
    }

    func take(_ event: ByteBuffer) {
        events += 1
        // Only the one event that is of use is read as JSON, which keeps the generator quick.
        let text = Data(event.readableBytesView)
        guard text.range(of: Self.startMark) != nil, let start = try? JSONDecoder().decode(Start.self, from: text) else { return }
        let path = "/ari/channels/\(start.channel.id)"
        send(.POST, path + "/answer") { self.send(.DELETE, path) {} }
    }

    private func send(_ method: HTTPMethod, _ path: String, _ then: @escaping () -> Void) {
        let idlest = connections.filter(\.isOpen).min { $0.load < $1.load }
        idlest?.send(method, path) { status in
            if status != 204 { self.refused += 1 }
            then()
        }
    }

    func close() {
        for connection in connections { connection.close() }
    }
}

/// Takes events from the WebSocket, and answers its pings.
private final class EventHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let course: ChannelCourse

    init(_ course: ChannelCourse) {
        self.course = course
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text: course.take(frame.unmaskedData)
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(Self.wrapOutboundOut(pong), promise: nil)
        default: break
        }
    }
}
