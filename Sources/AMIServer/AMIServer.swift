import AMI
import ARIModel
public import CallCore
public import Logging
import NIOCore
import NIOPosix
public import NIOSSL

/// The manager interface: programs log in over TCP or TLS, hear of events, and have actions carried out.
@CallActor
public final class AMIServer {
    /// Connections at one time, and those that have not logged in.
    static let connectionLimit = 1_000
    static let strangerLimit = 50

    public let core: CallCore
    public let loginGuard: LoginGuard
    let environment: AMIEnvironment
    let log: Logger
    /// For connections that come from now on.
    public var tlsContext: NIOSSLContext?
    public private(set) var settings: AMISettings
    private(set) lazy var hub = EventHub(scheduler: core.scheduler)
    private var sessions: [ObjectIdentifier: AMISession] = [:]
    private var listeners: [(wanted: AMIListenerAddress, channel: any NIOCore.Channel)] = []
    private var witness: CallWitness?
    private var records: CallRecords?

    public init(
        core: CallCore, settings: AMISettings, environment: AMIEnvironment, loginGuard: LoginGuard = LoginGuard(service: "AMI"), log: Logger
    ) {
        self.core = core
        self.settings = settings
        self.environment = environment
        self.loginGuard = loginGuard
        self.log = log
        hub.onNeedChanged = { [weak self] in self?.listenOrNot() }
    }

    /// Takes new settings; sessions whose manager is gone, or has another secret or network, end.
    public func apply(_ new: AMISettings) {
        guard new != settings else { return }
        let old = settings
        settings = new
        for session in sessions.values where !session.review(manager(session.manager?.name ?? "")) {
            log.notice("manager's session closed: it may not go on", metadata: ["manager": "\(session.manager?.name ?? "")"])
            session.connection.close()
        }
        witness?.end()
        witness = nil
        if old.tellsCEL != new.tellsCEL || old.tellsCDR != new.tellsCDR { records = nil }
        listenOrNot()
    }

    func manager(_ name: String) -> ManagerLogin? { settings.managers.first { $0.name == name } }

    // MARK: - Listening

    /// Opens what is new in `wanted`, then closes what is not in it any more; connections stay.
    /// - Returns: the ports of `wanted` in its order; nil where the address can't be had, which `onFailure` is told.
    public func listen(
        at wanted: [AMIListenerAddress], onFailure: (AMIListenerAddress, any Error) -> Void
    ) async -> [Int?] {
        for listener in listeners where !wanted.contains(listener.wanted) { try? await listener.channel.close() }
        listeners.removeAll { !wanted.contains($0.wanted) }
        for address in wanted where !listeners.contains(where: { $0.wanted == address }) {
            do { listeners.append((address, try await open(address))) } catch { onFailure(address, error) }
        }
        return wanted.map { address in listeners.first { $0.wanted == address }?.channel.localAddress?.port }
    }

    private func open(_ address: AMIListenerAddress) async throws -> any NIOCore.Channel {
        try await ServerBootstrap(group: CallActor.loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if address.isEncrypted {
                        guard let context = CallActor.assumeIsolated({ self.tlsContext }) else { throw AMIServerError.noCertificate }
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    let connection = AMIConnection(channel)
                    try channel.pipeline.syncOperations.addHandler(AMIConnectionHandler(connection))
                    CallActor.assumeIsolated { self.accept(connection) }
                }
            }
            .bind(host: address.host, port: address.port).get()
    }

    private func accept(_ connection: AMIConnection) {
        let strangers = sessions.values.count { $0.manager == nil }
        guard sessions.count < Self.connectionLimit, strangers < Self.strangerLimit else { return connection.close() }
        let session = AMISession(connection, server: self)
        sessions[ObjectIdentifier(session)] = session
        core.afterThisTurn { session.start() }
    }

    public func shutDown() async {
        for listener in listeners { try? await listener.channel.close() }
        listeners = []
        hub.publish(AMIEvent("Shutdown", .system, [.init("Shutdown", "Cleanly"), .init("Restart", "False")]), timestamp: timestamp)
        hub.flush()
        for session in sessions.values { session.connection.close() }
    }

    // MARK: - Sessions

    func closed(_ session: AMISession) {
        sessions[ObjectIdentifier(session)] = nil
        hub.remove(session)
        guard let manager = session.manager else { return }
        log.info("manager logged off", metadata: ["manager": "\(manager.name)", "address": "\(session.connection.remoteAddress)"])
    }

    func cutOff(_ session: AMISession) {
        log.warning(
            "manager cut off: it does not read",
            metadata: ["manager": "\(session.manager?.name ?? "")", "address": "\(session.connection.remoteAddress)"])
    }

    // MARK: - Events

    var fields: EventFields { EventFields(core: core, variables: settings.channelVariables) }

    var timestamp: String? { settings.timestampsEvents ? Self.seconds(core.scheduler.nowMs) : nil }

    /// Seconds since the epoch with six decimals.
    static func seconds(_ ms: Int64) -> String {
        let rest = String(ms % 1_000)
        return "\(ms / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest + "000"
    }

    func publish(_ event: AMIEvent) { hub.publish(event, timestamp: timestamp) }

    /// Nothing is made of what happens while nobody wants to know.
    private func listenOrNot() {
        guard hub.isNeeded else {
            witness?.end()
            (witness, records) = (nil, nil)
            return
        }
        guard witness == nil else { return }
        let translation = EventTranslation(fields: fields)
        let records = self.records ?? (settings.tellsCEL || settings.tellsCDR ? CallRecords(core: core, settings: settings) : nil)
        self.records = records
        let extensions = ExtensionStates(core: core)
        witness = core.events.witness { [weak self] occurrence in
            guard let self else { return }
            for event in translation.events(occurrence) { self.publish(event) }
            if case .event(.deviceStateChanged(let device)) = occurrence {
                for event in extensions.changed(device.name) { self.publish(event) }
            }
            guard let records else { return }
            for event in records.events(occurrence) { self.publish(event) }
        }
    }
}

/// Where managers connect.
public struct AMIListenerAddress: Sendable, Hashable {
    public var host: String
    /// 0 for any free port.
    public var port: Int
    public var isEncrypted: Bool

    public init(host: String, port: Int, isEncrypted: Bool = false) {
        self.host = host
        self.port = port
        self.isEncrypted = isEncrypted
    }
}

enum AMIServerError: Error { case noCertificate }

/// What actions need of the server as a whole.
@CallActor
public struct AMIEnvironment {
    public var version: String
    public var systemName: @CallActor () -> String
    public var isHTTPEnabled: @CallActor () -> Bool
    /// Carries out a command line such as `core show channels`.
    public var runCommand: @CallActor (String) async -> AMICommandOutput
    /// Takes over what is stored.
    public var reload: @CallActor () async -> Void

    public init(
        version: String, systemName: @escaping @CallActor () -> String, isHTTPEnabled: @escaping @CallActor () -> Bool,
        runCommand: @escaping @CallActor (String) async -> AMICommandOutput, reload: @escaping @CallActor () async -> Void
    ) {
        self.version = version
        self.systemName = systemName
        self.isHTTPEnabled = isHTTPEnabled
        self.runCommand = runCommand
        self.reload = reload
    }
}

/// What a command line printed.
public struct AMICommandOutput: Sendable {
    public var lines: [String]
    public var succeeded: Bool

    public init(lines: [String], succeeded: Bool) {
        self.lines = lines
        self.succeeded = succeeded
    }
}
