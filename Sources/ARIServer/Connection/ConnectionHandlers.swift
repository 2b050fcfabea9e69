import CallCore
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Hands HTTP requests over to a session until a WebSocket takes the connection over.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = ByteBuffer

    private enum Phase {
        case http
        /// The decoder is asked to go; it reads no HTTP any more, so nothing may come.
        case leaving
        /// The decoder goes now and hands over the bytes that came behind the last request.
        case left
    }

    private let session: HTTPSession
    private var phase = Phase.http

    init(_ session: HTTPSession) {
        self.session = session
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .http:
            let part = unwrapInboundIn(data)
            let session = session
            CallActor.assumeIsolated { session.receive(part) }
        case .leaving: context.close(promise: nil)
        case .left: context.fireChannelRead(data)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard phase == .http, let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        let session = session
        CallActor.assumeIsolated { session.fail(HTTPRequestFault(error)) }
    }

    /// Puts a WebSocket behind this handler and takes the HTTP decoder and then this handler away.
    ///
    /// The type of what the decoder hands over changes from requests to bytes when it goes. The loop runs what is scheduled here
    /// directly before the decoder's own removal, so from then on only bytes come.
    func leave(_ pipeline: ChannelPipeline.SynchronousOperations, loop: any EventLoop, for socket: WebSocketConnection) throws {
        phase = .leaving
        let frames = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: socket.limits.messageBytes))
        try pipeline.addHandlers([frames, WebSocketHandler(socket)], position: .after(self))
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        loop.assumeIsolated().execute { self.phase = .left }
        pipeline.removeHandler(context: decoder).assumeIsolated().whenComplete { _ in
            pipeline.removeHandler(self, promise: nil)
        }
    }
}

/// Hands WebSocket frames over.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let socket: WebSocketConnection

    init(_ socket: WebSocketConnection) {
        self.socket = socket
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        let socket = socket
        CallActor.assumeIsolated { socket.receive(frame) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? NIOWebSocketError else { return context.fireErrorCaught(error) }
        let fault =
            switch error {
            case .invalidFrameLength: WebSocketFault(code: .tooBig, reason: "frame is too big")
            default: WebSocketFault(code: .protocolError, reason: "frame can't be read")
            }
        let socket = socket
        CallActor.assumeIsolated { socket.fail(fault) }
    }
}

/// Reports what concerns the connection as a whole; the last in the pipeline.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// What comes here is not for anybody: bytes after a WebSocket was given up.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let connection = connection
        CallActor.assumeIsolated { connection.writabilityChanged() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let connection = connection
        CallActor.assumeIsolated { connection.becameInactive() }
    }

    /// A broken connection or a failed TLS handshake: nothing but closing helps.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
