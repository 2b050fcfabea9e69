import ARIModel
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A tiny ARI client: one request per connection, and a WebSocket for events.
struct ARIClient: Sendable {
    private static let requestLimitS: Int64 = 10
    private static let bodyLimit = 1 << 20

    /// Where the server is, and who asks.
    struct Server: Sendable {
        var host = "127.0.0.1"
        var port: Int
        /// Above the paths of operations, such as `/ari`.
        var prefix = "/ari"
        var user: String
        var password: String
        /// Nil without TLS.
        var tls: NIOSSLContext?
    }

    let server: Server
    /// Told each request with its response, and each event.
    var tell: @Sendable (_ who: String, _ what: String) -> Void = { _, _ in }

    var base: String { "\(server.tls == nil ? "http" : "https")://\(hostPort)" }
    private var hostPort: String { (server.host.contains(":") ? "[\(server.host)]" : server.host) + ":\(server.port)" }

    private func fields() -> HTTPHeaders {
        let credentials = Data("\(server.user):\(server.password)".utf8).base64EncodedString()
        return ["Host": hostPort, "Authorization": "Basic \(credentials)"]
    }

    /// Whether the server answers at all.
    func answers() async -> Bool {
        (try? await exchange("GET", "/asterisk/ping")) != nil
    }

    /// Sends a request, prints it with its response, and gives the body.
    ///
    /// - Throws: another status than the one expected, or no response.
    func request(_ method: String, _ path: String, expecting status: Int) async throws -> JSONValue? {
        let (told, body) = try await exchange(method, path)
        tell("request", "\(method) \(server.prefix)\(path) -> \(told)")
        guard told == status else {
            throw ARIClientError("\(method) \(path) gave \(told), not \(status): \(String(decoding: body.prefix(500), as: UTF8.self))")
        }
        return body.isEmpty ? nil : try JSONParser.parse(body)
    }

    private func exchange(_ method: String, _ path: String) async throws -> (status: Int, body: [UInt8]) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: (status: Int, body: [UInt8]).self)
        var fields = fields()
        fields.add(name: "Connection", value: "close")
        fields.add(name: "Content-Length", value: "0")
        let head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: server.prefix + path, headers: fields)
        let alarm = loop.scheduleTask(in: .seconds(Self.requestLimitS)) {
            promise.fail(ARIClientError("no response to \(method) \(path) within \(Self.requestLimitS) seconds"))
        }
        defer { alarm.cancel() }
        let connecting = ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try addTLS(to: channel)
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(ResponseReader(promise, limit: Self.bodyLimit))
                }
            }
            .connect(host: server.host, port: server.port)
        connecting.whenFailure { promise.fail($0) }
        connecting.whenSuccess { channel in
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        }
        return try await promise.futureResult.get()
    }

    // MARK: - Events

    private func addTLS(to channel: any NIOCore.Channel) throws {
        guard let context = server.tls else { return }
        // A numeric address is no name that a certificate is asked for.
        let isNumeric = (try? SocketAddress(ipAddress: server.host, port: 0)) != nil
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: isNumeric ? nil : server.host))
    }

    /// Opens the WebSocket of an application's events.
    func openEvents(application: String, subscribeAll: Bool = false) async throws -> ARIEvents {
        let name = application.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? application
        let path = "\(server.prefix)/events?app=\(name)" + (subscribeAll ? "&subscribeAll=true" : "")
        let fields = fields()
        let reader = EventReader(tell: tell)
        let upgrader = NIOTypedWebSocketClientUpgrader<(any NIOCore.Channel)?> { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 64, maxAccumulatedFrameSize: Self.bodyLimit),
                    WebSocketReader(reader),
                ])
                return channel
            }
        }
        let upgrade: EventLoopFuture<(any NIOCore.Channel)?> = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: server.host, port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try addTLS(to: channel)
                    let configuration = NIOTypedHTTPClientUpgradeConfiguration(
                        upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: fields),
                        upgraders: [upgrader],
                        notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(nil) })
                    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                        configuration: .init(upgradeConfiguration: configuration))
                }
            }
        guard let channel = try await upgrade.get() else { throw ARIClientError("the server refused the WebSocket \(path)") }
        return ARIEvents(channel: channel, events: reader.events)
    }
}

/// Gathers one response.
private final class ResponseReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<(status: Int, body: [UInt8])>
    private let limit: Int
    private var status = 0
    private var body: [UInt8] = []

    init(_ promise: EventLoopPromise<(status: Int, body: [UInt8])>, limit: Int) {
        self.promise = promise
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let part):
            body += part.readableBytesView
            if body.count > limit { context.close(promise: nil) }
        case .end:
            promise.succeed((status, body))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ARIClientError("the server closed the connection before its response was complete"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}

/// Why something came to nothing between the client and the server.
struct ARIClientError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
