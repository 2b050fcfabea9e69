import ARIModel
public import CallCore
import Logging

/// A connection that we open to a program, instead of it to us: events of applications out, REST requests in.
public struct OutboundConnection: Sendable, Equatable {
    public var target: WebSocketTarget
    /// Whether each call into one of the applications gets a connection of its own; otherwise one stands all the time.
    public var isPerCall: Bool
    public var applications: [String]
    public var subscribesAll: Bool
    /// The ARI user in whose name requests are carried out.
    public var user: String

    public init(target: WebSocketTarget, isPerCall: Bool, applications: [String], subscribesAll: Bool, user: String) {
        self.target = target
        self.isPerCall = isPerCall
        self.applications = applications
        self.subscribesAll = subscribesAll
        self.user = user
    }
}

/// The connections that we open to programs.
@CallActor
public final class OutboundApplications: CallApplicationOpener {
    private let server: ARIServer
    private let core: CallCore
    private var connections: [OutboundConnection] = []
    private var links: [PersistentLink] = []
    /// Sockets of calls, by the name that the call's application got.
    private var callSockets: [String: EventSocket] = [:]

    /// How long a call's connection stays for last requests.
    private static let farewellMs = 3_000

    public init(server: ARIServer, core: CallCore) {
        self.server = server
        self.core = core
    }

    /// Opens and closes connections so that these are there; those that stay the same go on.
    public func apply(_ new: [OutboundConnection]) {
        connections = new
        let wanted = new.filter { !$0.isPerCall }
        for link in links where !wanted.contains(link.connection) { link.stop() }
        links.removeAll { !wanted.contains($0.connection) }
        for connection in wanted where !links.contains(where: { $0.connection == connection }) {
            let link = PersistentLink(connection, server: server, core: core)
            links.append(link)
            link.start()
        }
    }

    // MARK: A connection for each call

    public func opens(_ application: String) -> Bool { perCall(application) != nil }

    private func perCall(_ application: String) -> OutboundConnection? {
        connections.first { $0.isPerCall && $0.applications.contains(application) }
    }

    public func open(_ application: String, for channel: LiveChannel) async -> String? {
        guard let connection = perCall(application) else { return nil }
        let name = "\(application):\(channel.name)"
        do {
            try await server.openEvents(connection, applications: [name], core: core) { [weak self] socket in
                self?.callSockets[name] = socket
            } closed: { [weak self] socket in
                // The call may have come back meanwhile, with another socket.
                if self?.callSockets[name] === socket { self?.callSockets[name] = nil }
            }
            return name
        } catch {
            server.log.notice("no connection for a call", metadata: ["to": "\(connection.target.name)", "reason": "\(error)"])
            return nil
        }
    }

    public func callLeft(_ application: String) {
        guard let socket = callSockets[application] else { return }
        socket.tell(.applicationUnregistered)
        _ = core.scheduler.schedule(afterMs: Self.farewellMs) { socket.socket.close(.normal) }
    }

    public typealias LiveChannel = CallCore.LiveChannel
}

/// One connection that stands all the time: what breaks is opened again.
@CallActor
private final class PersistentLink {
    let connection: OutboundConnection
    private let server: ARIServer
    private let core: CallCore
    private var socket: EventSocket?
    private var retry: ScheduledAction?
    private var isStopped = false
    /// Whether the present trouble has been told.
    private var hasComplained = false

    init(_ connection: OutboundConnection, server: ARIServer, core: CallCore) {
        self.connection = connection
        self.server = server
        self.core = core
    }

    func start() {
        Task { @CallActor in await connect() }
    }

    private func connect() async {
        guard !isStopped else { return }
        do {
            try await server.openEvents(connection, applications: connection.applications, core: core) { [weak self] socket in
                self?.socket = socket
            } closed: { [weak self] _ in
                self?.socket = nil
                self?.tryAgain()
            }
            hasComplained = false
            if isStopped { stop() }
        } catch {
            if !hasComplained {
                server.log.warning(
                    "no connection to a program; it is tried again",
                    metadata: ["to": "\(connection.target.name)", "reason": "\(error)"])
            }
            hasComplained = true
            tryAgain()
        }
    }

    private func tryAgain() {
        guard !isStopped, retry == nil else { return }
        retry = core.scheduler.schedule(afterMs: max(100, connection.target.reconnectIntervalMs)) { [weak self] in
            self?.retry = nil
            self?.start()
        }
    }

    func stop() {
        isStopped = true
        retry?.cancel()
        retry = nil
        socket?.tell(.applicationUnregistered)
        socket?.socket.close(.normal)
    }
}

extension ARIServer {
    /// Opens a WebSocket for applications and registers them; each is told ApplicationRegistered first.
    fileprivate func openEvents(
        _ connection: OutboundConnection, applications: [String], core: CallCore,
        opened: @escaping @CallActor (EventSocket) -> Void, closed: @escaping @CallActor (EventSocket) -> Void
    ) async throws {
        let limits = eventLimits(for: [])
        try await OutboundWebSocket.open(
            connection.target, subprotocol: "ari", limits: limits,
            onOverflow: { [weak self] address in self?.slowReaderCutOff(applications: applications, remoteAddress: address) },
            opened: { [self] socket in
                let events = EventSocket(applications: applications, identity: .user(connection.user), socket: socket, server: self)
                events.onClosed = closed
                events.tell(.applicationRegistered)
                var delivery = EventDelivery()
                delivery.scope = authenticator.user(named: connection.user)?.scope ?? AccessScope(applications: [])
                for name in applications {
                    _ = core.applications.register(
                        name, subscribeAll: connection.subscribesAll, delivery: delivery, sink: events, nameLimit: .max)
                }
                add(events)
                opened(events)
                return events
            })
    }
}
