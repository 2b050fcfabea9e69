import CallCore
import NIOCore
import NIOPosix
import NIOSSL
import SIP

/// All listeners and connections: sends over flows, and finds or opens flows to where requests go.
@CallActor
final class SIPTransports {
    /// Milliseconds between two looks for idle connections.
    static let idleCheckMs = 5_000
    /// Milliseconds until a listener that the system closed is opened again.
    static let reopenMs: Int64 = 1_000

    private(set) var udp: [UDPListener] = []
    /// Over TCP, and over TLS.
    private(set) var tcp: [TCPListener] = []
    /// The certificate for connections over TLS that are made from now on.
    var tlsContext: NIOSSLContext?
    private lazy var clientTLS = try? NIOSSLContext(configuration: .makeClientConfiguration())
    var connections = FlowTable()
    private var limits: SIPServerLimits
    var localAddresses = LocalAddresses()
    let resolver = HostResolver()
    private let log: SIPLog
    private weak var receiver: (any TransportReceiver)?
    private var nextID: UInt64 = 1
    private var unflushed: [TCPConnection] = []
    private var isStopped = false
    private var opening: Set<SIPListenerAddress> = []

    init(limits: SIPServerLimits, log: SIPLog) {
        self.limits = limits
        self.log = log
    }

    func setReceiver(_ receiver: any TransportReceiver) {
        self.receiver = receiver
    }

    func apply(_ limits: SIPServerLimits) {
        self.limits = limits
        localAddresses.forget()
    }

    /// The addresses that are listened at, with their real ports.
    var addresses: [SIPTransportAddress] { udp.map(\.local) + tcp.map(\.local) }

    var connectionCount: Int { connections.count }

    private func takeID() -> UInt64 {
        defer { nextID &+= 1 }
        return nextID
    }

    // MARK: - Listening

    /// Opens what is new in `wanted` and closes what is not in it any more; the rest stays untouched.
    /// - Throws: the first failure to bind; what could be opened stays open.
    func listen(at wanted: [SIPListenerAddress]) async throws {
        guard let receiver else { return }
        isStopped = false
        for listener in udp where !wanted.contains(listener.address) { listener.close() }
        for listener in tcp where !wanted.contains(listener.address) { listener.close() }
        udp.removeAll { !wanted.contains($0.address) }
        tcp.removeAll { !wanted.contains($0.address) }
        var failure: (any Error)?
        for address in wanted where opening.insert(address).inserted {
            defer { opening.remove(address) }
            do {
                try await open(address, receiver)
            } catch {
                failure = failure ?? SIPServerError.cannotListen(address, reason: "\(error)")
            }
        }
        if let failure { throw failure }
    }

    private func open(_ address: SIPListenerAddress, _ receiver: any TransportReceiver) async throws {
        switch address.transport {
        case .udp:
            guard !udp.contains(where: { $0.address == address }) else { return }
            let listener = UDPListener(address, id: takeID(), limits: limits.message, receiver: receiver)
            try await listener.open()
            listener.onFailure = { [weak self, weak listener] in
                if let self, let listener { self.reopen(listener) }
            }
            udp.append(listener)
        case .tcp, .tls:
            guard !tcp.contains(where: { $0.address == address }) else { return }
            let listener = TCPListener(address, id: takeID())
            let transport = address.transport
            try await listener.open(tlsContext: { [weak self] in self?.tlsContext }) { [weak self] channel in
                self?.accept(channel, transport)
            }
            tcp.append(listener)
        case .ws, .wss:
            throw TransportError.unsupportedTransport(address.transport.viaToken)
        }
    }

    /// Opens a listener again that the system closed, as long as it is wanted.
    private func reopen(_ listener: UDPListener) {
        guard !isStopped, udp.contains(where: { $0 === listener }) else { return }
        log.error("the system closed a listener; it is opened again", "\(listener.local)")
        CallActor.loop.scheduleTask(in: .milliseconds(Self.reopenMs)) { [weak self, weak listener] in
            Task { @CallActor in
                guard let self, let listener, self.udp.contains(where: { $0 === listener }) else { return }
                do { try await listener.open() } catch { self.reopen(listener) }
            }
        }
    }

    /// Closes everything. What was sent before is still on its way.
    func stop() {
        isStopped = true
        flush()
        for listener in udp { listener.close() }
        for listener in tcp { listener.close() }
        (udp, tcp) = ([], [])
        for connection in connections.all { connection.close() }
    }

    // MARK: - Connections

    private func accept(_ channel: any NIOCore.Channel, _ transport: SIPTransportKind) {
        guard !isStopped, let receiver, connections.count < limits.connections, let local = channel.localAddress,
            let remote = channel.remoteAddress, let localHost = local.ipAddress, let localPort = local.port,
            let remoteHost = remote.ipAddress, let remotePort = remote.port
        else { return channel.close(promise: nil) }
        let flow = SIPFlow(
            id: takeID(), transport: transport, localHost: localHost, localPort: localPort, remoteHost: remoteHost, remotePort: remotePort)
        add(TCPConnection(flow: flow, limits: limits, isTrusted: false, receiver: receiver)).attach(channel)
    }

    private func add(_ connection: TCPConnection) -> TCPConnection {
        connections.insert(connection)
        connection.onWrite = { [weak self] in self?.flushSoon($0) }
        connection.onClose = { [weak self] in self?.closed($0) }
        return connection
    }

    private func closed(_ connection: any SIPConnection) {
        connections.remove(connection)
        let id = connection.flow.id
        // Not in the midst of whatever closed it.
        CallActor.loop.execute { [weak self] in
            CallActor.assumeIsolated { self?.receiver?.flowFailed(id) }
        }
    }

    /// Takes a WebSocket of a browser; nil when there are too many connections.
    func accept(_ socket: any SIPWebSocket, local: SIPTransportAddress, remote: SIPTransportAddress) -> WebSocketFlow? {
        guard !isStopped, let receiver, connections.count < limits.connections else { return nil }
        let connection = WebSocketFlow(
            flow: SIPFlow(id: takeID(), local: local, remote: remote), socket: socket, limits: limits.message, receiver: receiver)
        connections.insert(connection)
        connection.onClose = { [weak self] in self?.closed($0) }
        return connection
    }

    /// Opens a connection; what is sent over it meanwhile waits.
    ///
    /// - Parameter name: the host name that a certificate must have; nil for a numeric address.
    func connect(to remote: SIPTransportAddress, name: String? = nil) -> Result<SIPFlow, TransportError> {
        guard let receiver, connections.count < limits.connections,
            let address = try? SocketAddress(ipAddress: remote.host, port: remote.port)
        else { return .failure(.noListener("\(remote)")) }
        let isIPv6 = NumericAddress.isIPv6(remote.host)
        let door = tcp.first { $0.local.transport == remote.transport && NumericAddress.isIPv6($0.local.host) == isIPv6 }
        let host = localAddresses.address(toward: remote.host, at: .now()) ?? (isIPv6 ? "::" : "0.0.0.0")
        let port = door?.local.port ?? remote.transport.defaultPort
        let flow = SIPFlow(
            id: takeID(), transport: remote.transport, localHost: host, localPort: port, remoteHost: remote.host, remotePort: remote.port)
        let connection = add(TCPConnection(flow: flow, limits: limits, isTrusted: true, receiver: receiver))
        ClientBootstrap(group: CallActor.loop)
            .connectTimeout(.seconds(Int64(limits.connectSeconds)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { [clientTLS] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard remote.transport == .tls else { return }
                    guard let clientTLS else { throw TransportError.noCertificate }
                    try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: clientTLS, serverHostname: name))
                }
            }
            .connect(to: address)
            .whenComplete { [log] result in
                CallActor.assumeIsolated {
                    switch result {
                    case .success(let channel): connection.attach(channel)
                    case .failure(let error):
                        log.warning("can't connect", "\(remote): \(error)")
                        connection.close()
                    }
                }
            }
        return .success(flow)
    }

    /// Keeps a connection open for longer: somebody has authenticated on it.
    func trust(_ flow: SIPFlow) {
        connections[flow.id]?.isTrusted = true
    }

    /// Closes connections that were silent for too long.
    func closeIdle() {
        let now = NIODeadline.now()
        for connection in connections.all {
            let seconds = connection.isTrusted ? limits.connectionIdleSeconds : limits.strangerIdleSeconds
            if connection.heardAt + .seconds(Int64(seconds)) < now { connection.close() } else { connection.checkAlive(at: now) }
        }
    }

    // MARK: - Sending

    /// Sends a message over a flow, or where it leads to by now.
    /// - Returns: false when it can't be sent.
    @discardableResult
    func send(_ bytes: [UInt8], over flow: SIPFlow) -> Bool {
        switch flow.transport {
        case .udp:
            guard let listener = listener(for: flow) else { return false }
            let error = listener.send(bytes, to: flow.remote)
            if error != 0 { log.debug("can't send", "\(flow): error \(error)") }
            return error == 0
        case .tcp, .tls:
            if let connection = connections[flow.id] ?? connections.connection(to: flow.remote) {
                connection.send(bytes)
                return true
            }
            return sendResponse(bytes)
        case .ws, .wss:
            // Nobody can connect to a browser: when its connection is gone, so is the way.
            connections[flow.id]?.send(bytes)
            return connections[flow.id] != nil
        }
    }

    func listener(for flow: SIPFlow) -> UDPListener? {
        udp.first { $0.id == flow.id } ?? udp.first { NumericAddress.isIPv6($0.local.host) == NumericAddress.isIPv6(flow.remote.host) }
    }

    /// Sends a response whose connection is gone over a new one to the address in its Via (RFC 3261 section 18.2.2).
    private func sendResponse(_ bytes: [UInt8]) -> Bool {
        guard case .message(.response(let response)) = SIPParser.parse(datagram: bytes), let via = response.headers.topVia else {
            return false
        }
        let kind = SIPTransportKind(token: via.transport) == .tls ? SIPTransportKind.tls : .tcp
        let remote = SIPTransportAddress(
            transport: kind, host: via.received ?? via.host, port: via.port ?? kind.defaultPort)
        guard case .success(let flow) = connections.connection(to: remote).map({ .success($0.flow) }) ?? connect(to: remote) else {
            return false
        }
        connections[flow.id]?.send(bytes)
        return true
    }

    /// Has a connection flushed once everything of this turn of the loop is done, so that many messages make one packet.
    private func flushSoon(_ connection: TCPConnection) {
        unflushed.append(connection)
        guard unflushed.count == 1 else { return }
        CallActor.loop.execute { [weak self] in
            CallActor.assumeIsolated { self?.flush() }
        }
    }

    private func flush() {
        let written = unflushed
        unflushed.removeAll(keepingCapacity: true)
        for connection in written { connection.flush() }
    }
}
