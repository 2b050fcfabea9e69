import ARIModel
public import CallCore
public import Logging
public import NIOCore
import NIOHTTP1
import NIOPosix
public import NIOSSL

/// The door for ARI clients: REST over HTTP, events and REST over WebSocket, on the control loop.
///
/// One server may listen on several addresses, with and without TLS. Settings, users and the certificate may change at any time
/// without ending a connection.
@CallActor
public final class ARIServer {
    /// What is in force now; a change applies to the next request.
    public var settings: ARISettings {
        didSet { if !settings.isEnabled { closeEventSockets(.goingAway) } }
    }
    /// What TLS listeners offer to new connections.
    public var tlsContext: NIOSSLContext?
    /// False while the server is not ready to serve; requests get 503 then.
    public var isReady = true

    /// Watches over failed log-ins.
    public let loginGuard: LoginGuard
    public let asteriskID: String
    let sessions: any EventSessions
    let authenticator: Authenticator
    let routes: RouteTree
    let log: Logger
    let scheduler: any CallScheduler
    private var date = HTTPDate()
    private var sockets: [ObjectIdentifier: EventSocket] = [:]
    private var connections: [ObjectIdentifier: Connection] = [:]
    /// Those that have become something else than ARI, which bounds them by itself.
    private var otherwiseUsed: Set<ObjectIdentifier> = []
    private var listeners: [(wanted: HTTPListenerAddress, channel: any NIOCore.Channel)] = []
    var webSocketRoutes: [WebSocketRoute] = []
    var pageFolders: [PageFolder] = []
    /// Event sockets that were cut off because the client did not read.
    public private(set) var slowReaderCount = 0

    public init(
        settings: ARISettings, users: any ARIUserDirectory, handlers: ARIHandlers, sessions: any EventSessions,
        scheduler: any CallScheduler, asteriskID: String, loginGuard: LoginGuard = LoginGuard(service: "ARI"), log: Logger
    ) {
        self.settings = settings
        self.sessions = sessions
        self.scheduler = scheduler
        self.asteriskID = asteriskID
        self.loginGuard = loginGuard
        self.log = log
        authenticator = Authenticator(users: users)
        routes = RouteTree(handlers: handlers)
    }

    /// The present time as events carry it.
    var timestamp: Timestamp {
        Timestamp(epochMs: scheduler.nowMs, utcOffsetSeconds: Int32(clamping: scheduler.utcOffsetSeconds))
    }

    var httpDate: String { date.string(epochMs: scheduler.nowMs) }

    /// Connections now open.
    public var connectionCount: Int { connections.count }
    /// The applications of each open event socket.
    public var eventSocketApplications: [[String]] { sockets.values.map(\.applications) }

    // MARK: Listening

    /// Opens what is new in `wanted`, then closes what is not in it any more. Connections stay, whatever they came through.
    ///
    /// - Returns: the ports of `wanted` in its order; nil where the address can't be had, which `onFailure` is told.
    public func listen(
        at wanted: [HTTPListenerAddress], onFailure: (HTTPListenerAddress, any Error) -> Void
    ) async -> [Int?] {
        let new = wanted.filter { address in !listeners.contains { $0.wanted == address } }
        var waiting: [HTTPListenerAddress] = []
        for address in new {
            do { try await listen(address) } catch { waiting.append(address) }
        }
        for listener in listeners where !wanted.contains(listener.wanted) { try? await listener.channel.close() }
        listeners.removeAll { !wanted.contains($0.wanted) }
        // Their port may have been that of one that was closed only now.
        for address in waiting {
            do { try await listen(address) } catch { onFailure(address, error) }
        }
        return wanted.map { address in listeners.first { $0.wanted == address }?.channel.localAddress?.port }
    }

    /// Listens on an address.
    ///
    /// - Parameters:
    ///   - port: 0 for any free port.
    ///   - isEncrypted: Whether connections speak TLS with ``tlsContext``; those that come while there is none are closed.
    /// - Returns: The address really bound.
    /// - Throws: What the system says when the address can't be bound.
    @discardableResult
    public func listen(host: String, port: Int, isEncrypted: Bool = false) async throws -> SocketAddress {
        let channel = try await ServerBootstrap(group: CallActor.loop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tlsContext = CallActor.assumeIsolated { self.tlsContext }
                    if isEncrypted {
                        guard let tlsContext else { throw ARIServerError.noCertificate }
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tlsContext))
                    }
                    let (connection, session) = CallActor.assumeIsolated { self.accept(channel, isEncrypted: isEncrypted) }
                    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: HTTPRequest.decoderLimits)
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(decoder), HTTPHandler(session), ConnectionHandler(connection))
                }
            }
            .bind(host: host, port: port).get()
        listeners.append((HTTPListenerAddress(host: host, port: port, isEncrypted: isEncrypted), channel))
        guard let address = channel.localAddress else { throw ARIServerError.noAddress }
        return address
    }

    private func listen(_ address: HTTPListenerAddress) async throws {
        try await listen(host: address.host, port: address.port, isEncrypted: address.isEncrypted)
    }

    private func accept(_ channel: any NIOCore.Channel, isEncrypted: Bool) -> (Connection, HTTPSession) {
        let connection = Connection(channel: channel, isEncrypted: isEncrypted) { [weak self] connection in
            self?.connections[ObjectIdentifier(connection)] = nil
            self?.otherwiseUsed.remove(ObjectIdentifier(connection))
        }
        let isFull = connections.count - otherwiseUsed.count >= settings.sessionLimit
        connections[ObjectIdentifier(connection)] = connection
        let session = HTTPSession(connection: connection, taker: isFull ? OverflowTaker(self) : self)
        connection.role = session
        return (connection, session)
    }

    /// Leaves a connection out of the limit on those of ARI.
    func doesNotCount(_ connection: Connection) { otherwiseUsed.insert(ObjectIdentifier(connection)) }

    /// Stops listening, tells event sockets with code 1001, and ends all connections.
    public func shutDown() async {
        for listener in listeners { try? await listener.channel.close() }
        listeners = []
        closeEventSockets(.goingAway)
        for connection in connections.values where !(connection.role is WebSocketConnection) { connection.close() }
    }

    // MARK: Event sockets

    func add(_ socket: EventSocket) {
        sockets[ObjectIdentifier(socket)] = socket
        tell("event socket opened", socket)
    }

    private func tell(_ text: String, _ socket: EventSocket) {
        log.info(
            "\(text)",
            metadata: [
                "applications": "\(socket.applications.joined(separator: ","))", "user": "\(socket.identity.name)",
                "address": "\(socket.socket.remoteAddress)",
            ])
    }

    func eventSocketClosed(_ socket: EventSocket) {
        sockets[ObjectIdentifier(socket)] = nil
        sessions.unregister(applications: socket.applications, sink: socket)
        tell("event socket closed", socket)
    }

    /// Looks whether those who have event sockets open may still have them, after users changed: the sockets of others are closed, and
    /// what a user may hear of changes in those that stay.
    public func reviewEventSockets() {
        for socket in sockets.values {
            let user = user(of: socket.identity)
            let address = socket.socket.remoteAddress
            do throws(ARIError) {
                guard let user else { throw ARIError(401, "") }
                try user.authorize(.request(method: "GET", address: address))
                try user.authorize(.events(socket.applications))
                sessions.restrict(applications: socket.applications, of: socket, to: user.scope)
            } catch {
                log.notice(
                    "event socket closed: its user may not have it any more",
                    metadata: ["applications": "\(socket.applications)", "address": "\(address)"])
                socket.socket.close(.policyViolation)
            }
        }
    }

    /// Who is behind an event socket now; nil when the log-in is worth nothing any more.
    func user(of identity: EventSocket.Identity) -> ARIUser? {
        switch identity {
        case .user(let name): authenticator.user(named: name)
        case .login(let login): authenticator.user(of: login)
        }
    }

    /// Closes the event sockets of all clients, which may come back.
    public func closeEventSockets() { closeEventSockets(.goingAway) }

    private func closeEventSockets(_ code: WebSocketCloseCode) {
        for socket in sockets.values { socket.socket.close(code) }
    }

    func slowReaderCutOff(applications: [String], remoteAddress: String) {
        slowReaderCount += 1
        log.warning(
            "event socket cut off: its client does not read",
            metadata: ["applications": "\(applications)", "address": "\(remoteAddress)", "count": "\(slowReaderCount)"])
    }
}

/// Where HTTP is served.
public struct HTTPListenerAddress: Sendable, Hashable {
    public var host: String
    /// 0 for any free port.
    public var port: Int
    /// Whether connections speak TLS.
    public var isEncrypted: Bool

    public init(host: String, port: Int, isEncrypted: Bool = false) {
        self.host = host
        self.port = port
        self.isEncrypted = isEncrypted
    }
}

/// Why a listener failed.
public enum ARIServerError: Error, Sendable {
    /// A TLS connection came, but the server has no certificate.
    case noCertificate
    /// The listening socket has no address.
    case noAddress
}

/// Answers the requests of connections beyond the limit with 503.
@CallActor
final class OverflowTaker: HTTPRequestTaker {
    private let server: ARIServer

    init(_ server: ARIServer) {
        self.server = server
    }

    var settings: ARISettings { server.settings }
    var httpDate: String { server.httpDate }

    func take(_ request: HTTPRequest, from connection: Connection) -> HTTPOutcome { .answer(refusal) }
    func answer(_ fault: HTTPRequestFault, to request: HTTPRequest?) -> HTTPResponse { refusal }

    private var refusal: HTTPResponse {
        .page(503, "Too many connections", serverName: settings.serverName, closes: true)
    }
}
