public import CallCore

extension ARIServer {
    /// Bytes that may wait on their way to a program: more audio would only be late.
    private static let mediaOutboxBytes = 16_384

    private static var mediaLimits: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.messageBytes = 65_500
        return limits
    }

    /// Opens the media WebSocket of a channel to a program.
    func connect(_ leg: MediaSocketLeg, to target: WebSocketTarget) async throws {
        try await OutboundWebSocket.open(target, subprotocol: "media", limits: Self.mediaLimits) { socket in
            let adapter = MediaSocket(socket, mostWaiting: Self.mediaOutboxBytes)
            adapter.leg = leg
            leg.connected(adapter)
            return adapter
        }
    }

    /// Lets programs connect to the media WebSockets of channels, at `/media/<connection id>` and below `/asterisk`.
    public func addMediaSockets(_ sockets: MediaSockets) {
        for path in ["/media/", "/asterisk/media/"] {
            addWebSocketRoute(path: path, subprotocol: "media", isSubprotocolRequired: false, limits: Self.mediaLimits) {
                request, socket in
                let adapter = MediaSocket(socket, mostWaiting: Self.mediaOutboxBytes)
                guard let leg = sockets.accept(connectionID: String(request.path.dropFirst(path.count)), adapter) else { return nil }
                adapter.leg = leg
                return adapter
            }
        }
    }
}

/// Ties a WebSocket to the channel whose audio it carries.
@CallActor
private final class MediaSocket: WebSocketDelegate, MediaSocketTransport {
    private let socket: WebSocketConnection
    weak var leg: MediaSocketLeg?

    init(_ socket: WebSocketConnection, mostWaiting bytes: Int) {
        self.socket = socket
        socket.keepsLittleWaiting(bytes)
    }

    func send(text: String) { socket.send(text: text) }
    func send(binary: [UInt8]) { socket.send(binary: binary) }
    var isReady: Bool { socket.isReady }
    func close() { socket.close(.normal) }

    func received(text: String) { leg?.receive(text: text) }
    func received(binary: [UInt8]) { leg?.receive(binary: binary) }
    func closed() { leg?.disconnected() }
}
