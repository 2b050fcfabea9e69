import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Checks a request to open a WebSocket (RFC 6455 section 4.2).
enum WebSocketHandshake {
    enum Outcome: Sendable, Hashable {
        /// The subprotocol goes into the 101 answer.
        case accepted(subprotocol: String?)
        /// The request asks for no upgrade.
        case notAnUpgrade
        case refused(String)
    }

    private static let version = "13"

    /// - Parameter subprotocol: The only subprotocol spoken; a client may also offer none unless `isRequired`.
    static func check(_ request: HTTPRequest, subprotocol: String, isRequired: Bool = false) -> Outcome {
        guard request.asksForUpgrade, request.field("Upgrade", contains: "websocket") else { return .notAnUpgrade }
        let headers = request.head.headers
        let hasOffer = headers.contains(name: "Sec-WebSocket-Protocol")
        if hasOffer || isRequired {
            guard request.field("Sec-WebSocket-Protocol", contains: subprotocol) else { return .refused("no common subprotocol") }
        }
        guard headers["Sec-WebSocket-Key"].count == 1, request.field("Sec-WebSocket-Key") != "" else {
            return .refused("no Sec-WebSocket-Key")
        }
        guard headers["Sec-WebSocket-Version"] == [version] else { return .refused("unknown Sec-WebSocket-Version") }
        return .accepted(subprotocol: hasOffer ? subprotocol : nil)
    }

    /// Makes the key for the answer; NIO's upgrader knows how, the rest of its work is done here.
    static func acceptKey(for request: HTTPRequest, on channel: any Channel) -> EventLoopFuture<String?> {
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        return upgrader.buildUpgradeResponse(channel: channel, upgradeRequest: request.head, initialResponseHeaders: HTTPHeaders())
            .map { $0.first(name: "Sec-WebSocket-Accept") }
    }

    /// Writes the 101 answer: nothing but what the handshake needs.
    static func answer(acceptKey: String, subprotocol: String?) -> String {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(acceptKey)\r\n"
            + (subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? "") + "\r\n"
    }
}
