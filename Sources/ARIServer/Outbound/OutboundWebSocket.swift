import CallCore
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Why a WebSocket to a program could not be opened.
struct OutboundWebSocketError: Error, CustomStringConvertible {
    let description: String
}

/// Opens WebSockets to programs elsewhere (RFC 6455 section 4.1).
@CallActor
enum OutboundWebSocket {
    /// Connects, and hands the open socket to `opened`, which gives what takes its messages, before the first of them comes.
    ///
    /// - Throws: what kept the connection from being opened.
    static func open(
        _ target: WebSocketTarget, subprotocol: String, limits: WebSocketLimits,
        onOverflow: @escaping @CallActor (String) -> Void = { _ in },
        opened: @escaping @CallActor (WebSocketConnection) -> any WebSocketDelegate
    ) async throws {
        let tls = try target.tlsContext()
        let socket = WebSocketConnection(limits: limits, isClient: true, onOverflow: onOverflow)
        let done = CallActor.loop.makePromise(of: Void.self)
        let upgrader = Upgrader(target, subprotocol, maxFrameBytes: limits.messageBytes, done) { channel in
            let connection = Connection(channel: channel, isEncrypted: tls != nil) { _ in }
            socket.delegate = opened(socket)
            connection.role = socket
            return (connection, socket)
        }
        do {
            let channel = try await connect(target, tls, upgrader, done)
            let limit = CallActor.loop.scheduleTask(in: .milliseconds(Int64(target.connectTimeoutMs) + answerLimitMs)) {
                done.fail(OutboundWebSocketError(description: "no answer to the request"))
                channel.close(promise: nil)
            }
            defer { limit.cancel() }
            try await done.futureResult.get()
        } catch {
            done.fail(error)
            throw error
        }
    }

    /// How long a program that is connected may take to agree.
    private static let answerLimitMs: Int64 = 5_000

    private static func connect(
        _ target: WebSocketTarget, _ tls: NIOSSLContext?, _ upgrader: Upgrader, _ done: EventLoopPromise<Void>
    ) async throws -> any NIOCore.Channel {
        try await ClientBootstrap(group: CallActor.loop)
            .connectTimeout(.milliseconds(Int64(max(1, target.connectTimeoutMs))))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        // A number is no name that a certificate is asked for by SNI.
                        let isName = (try? SocketAddress(ipAddress: target.host, port: 0)) == nil
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isName ? target.host : nil))
                    }
                    // What comes together with the answer belongs to the WebSocket already.
                    try pipeline.addHTTPClientHandlers(
                        leftOverBytesStrategy: .forwardBytes, withClientUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
                    try pipeline.addHandler(Requester(upgrader.request, done))
                }
            }
            .connect(host: target.host, port: target.port).get()
    }
}

/// Sends the request, and reports an answer that is no upgrade.
private final class Requester: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let done: EventLoopPromise<Void>

    init(_ head: HTTPRequestHead, _ done: EventLoopPromise<Void>) {
        self.head = head
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let answer) = unwrapInboundIn(data) else { return }
        done.fail(OutboundWebSocketError(description: "answered with \(answer.status.code) \(answer.status.reasonPhrase)"))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        done.fail(OutboundWebSocketError(description: "the connection was closed"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(OutboundWebSocketError(description: "\(error)"))
        context.close(promise: nil)
    }
}

/// Makes a WebSocket of the HTTP connection once the program agrees.
private final class Upgrader: NIOHTTPClientProtocolUpgrader, Sendable {
    /// RFC 6455 section 1.3.
    private static let acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []
    let request: HTTPRequestHead
    private let key: String
    private let subprotocols: [String]
    private let credentials: String?
    private let maxFrameBytes: Int
    private let done: EventLoopPromise<Void>
    private let opened: @CallActor @Sendable (any NIOCore.Channel) -> (Connection, WebSocketConnection)

    init(
        _ target: WebSocketTarget, _ subprotocol: String, maxFrameBytes: Int, _ done: EventLoopPromise<Void>,
        opened: @escaping @CallActor @Sendable (any NIOCore.Channel) -> (Connection, WebSocketConnection)
    ) {
        subprotocols = target.subprotocols.isEmpty ? [subprotocol] : target.subprotocols
        credentials = target.user.isEmpty ? nil : Data("\(target.user):\(target.password)".utf8).base64EncodedString()
        let host = target.host.contains(":") ? "[\(target.host)]" : target.host
        request = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: target.path, headers: ["Host": "\(host):\(target.port)"])
        key = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        self.maxFrameBytes = maxFrameBytes
        self.done = done
        self.opened = opened
    }

    func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
        upgradeRequestHeaders.add(name: "Sec-WebSocket-Key", value: key)
        upgradeRequestHeaders.add(name: "Sec-WebSocket-Version", value: "13")
        upgradeRequestHeaders.add(name: "Sec-WebSocket-Protocol", value: subprotocols.joined(separator: ", "))
        if let credentials { upgradeRequestHeaders.add(name: "Authorization", value: "Basic \(credentials)") }
    }

    func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
        let chosen = upgradeResponse.headers.first(name: "Sec-WebSocket-Protocol")
        if let chosen, !subprotocols.contains(chosen) {
            done.fail(OutboundWebSocketError(description: "chose the subprotocol '\(chosen)', which was not offered"))
            return false
        }
        let proof = Insecure.SHA1.hash(data: Data((key + Self.acceptSuffix).utf8))
        guard upgradeResponse.headers.first(name: "Sec-WebSocket-Accept") == Data(proof).base64EncodedString() else {
            done.fail(OutboundWebSocketError(description: "answered with a wrong Sec-WebSocket-Accept"))
            return false
        }
        return true
    }

    func upgrade(context: ChannelHandlerContext, upgradeResponse: HTTPResponseHead) -> EventLoopFuture<Void> {
        let channel = context.channel
        return channel.eventLoop.makeCompletedFuture {
            guard channel.isActive else { throw OutboundWebSocketError(description: "the connection was closed") }
            let (connection, socket) = CallActor.assumeIsolated { opened(channel) }
            let pipeline = channel.pipeline.syncOperations
            if let requester = try? pipeline.handler(type: Requester.self) { pipeline.removeHandler(requester, promise: nil) }
            try pipeline.addHandlers([
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: maxFrameBytes)), WebSocketHandler(socket),
                ConnectionHandler(connection),
            ])
            CallActor.assumeIsolated { socket.attach(to: connection) }
            done.succeed()
        }
    }
}
