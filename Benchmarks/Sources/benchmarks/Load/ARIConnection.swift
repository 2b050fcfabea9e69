import NIOCore
import NIOHTTP1
import NIOPosix

/// A keep-alive connection to ARI that sends requests without a body, one after another. Confined to its event loop.
final class ARIConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart
    private typealias Job = (method: HTTPMethod, path: String, done: (Int) -> Void)

    private let fields: HTTPHeaders
    private var context: ChannelHandlerContext?
    private var waiting = CircularBuffer<Job>()
    private var current: Job?
    private var status = 0

    init(fields: HTTPHeaders) {
        self.fields = fields
    }

    static func open(port: Int, fields: HTTPHeaders, on loop: any EventLoop) async throws -> NIOLoopBound<ARIConnection> {
        try await ClientBootstrap(group: loop)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { channel in
                let connection = ARIConnection(fields: fields)
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(connection)
                return NIOLoopBound(connection, eventLoop: loop)
            }.get()
    }

    /// Queues a request; `done` gets the status of its response, 0 when the connection is lost.
    func send(_ method: HTTPMethod, _ path: String, _ done: @escaping (Int) -> Void) {
        waiting.append((method, path, done))
        sendNext()
    }

    /// Whether requests can still be sent: the server ends connections that were idle for long.
    var isOpen: Bool { context != nil }

    var load: Int { waiting.count + (current == nil ? 0 : 1) }

    private func sendNext() {
        guard current == nil, let context, let job = waiting.popFirst() else { return }
        current = job
        let head = HTTPRequestHead(version: .http1_1, method: job.method, uri: job.path, headers: fields)
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body: break
        case .end:
            let job = current
            current = nil
            job?.done(status)
            sendNext()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        current?.done(0)
        for job in waiting { job.done(0) }
        current = nil
        waiting.removeAll()
    }

    func close() {
        context?.close(promise: nil)
    }
}
