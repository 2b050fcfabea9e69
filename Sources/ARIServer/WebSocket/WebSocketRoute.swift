import ARIModel
import CallCore

/// Who asks for a WebSocket, and where.
public struct WebSocketRequest: Sendable {
    public struct End: Sendable, Hashable {
        /// A numeric address.
        public var host: String
        public var port: Int
    }

    public var path: String
    public var local: End
    public var remote: End
    /// Whether the connection speaks TLS.
    public var isEncrypted: Bool
}

/// A path where something other than ARI speaks over WebSocket on the same port, such as SIP.
struct WebSocketRoute {
    /// The whole path, or with a slash at the end everything below it.
    let path: String
    let subprotocol: String
    let isSubprotocolRequired: Bool
    let limits: WebSocketLimits
    /// What a socket that is not accepted gets in its place.
    let refusal: (status: Int, text: String)
    let accept: @CallActor (_ request: WebSocketRequest, _ socket: WebSocketConnection) -> (any WebSocketDelegate)?

    func matches(_ path: some StringProtocol) -> Bool {
        self.path.hasSuffix("/") ? path.hasPrefix(self.path) : path == self.path
    }
}

extension ARIServer {
    /// Lets something else speak over WebSocket at `path`.
    ///
    /// - Parameters:
    ///   - path: The whole path such as `/ws`, or with a slash at the end everything below it.
    ///   - subprotocol: The subprotocol to agree on.
    ///   - isSubprotocolRequired: Whether clients that offer none are refused.
    ///   - refusal: What a client gets whose socket is not accepted.
    ///   - accept: Takes the request and the new socket, which may send at once, and returns who takes its messages; nil refuses.
    public func addWebSocketRoute(
        path: String, subprotocol: String, isSubprotocolRequired: Bool, limits: WebSocketLimits = WebSocketLimits(),
        refusal: (status: Int, text: String) = (404, "Nothing is found at this address."),
        accept: @escaping @CallActor (_ request: WebSocketRequest, _ socket: WebSocketConnection) -> (any WebSocketDelegate)?
    ) {
        webSocketRoutes.append(
            WebSocketRoute(
                path: path, subprotocol: subprotocol, isSubprotocolRequired: isSubprotocolRequired, limits: limits, refusal: refusal,
                accept: accept))
    }

    func upgrade(_ request: HTTPRequest, path: String, route: WebSocketRoute, on connection: Connection) -> HTTPOutcome {
        switch WebSocketHandshake.check(request, subprotocol: route.subprotocol, isRequired: route.isSubprotocolRequired) {
        case .notAnUpgrade: return .answer(upgradeRequired)
        case .refused(let why): return .answer(page(400, why))
        case .accepted(let subprotocol):
            let socket = WebSocketConnection(limits: route.limits)
            guard let delegate = route.accept(connection.webSocketRequest(path), socket) else {
                return .answer(page(route.refusal.status, route.refusal.text))
            }
            socket.delegate = delegate
            doesNotCount(connection)
            return .upgrade(socket, subprotocol: subprotocol)
        }
    }

    var upgradeRequired: HTTPResponse {
        .page(426, "", fields: [.init("Upgrade", "websocket"), .init("Connection", "Upgrade")], serverName: settings.serverName)
    }

    func page(_ status: Int, _ text: String) -> HTTPResponse {
        .page(status, text, serverName: settings.serverName)
    }
}
