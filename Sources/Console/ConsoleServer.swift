public import CallCore
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
public import NIOSSL
import Store

/// The web console and the admin interface, on an event loop of its own away from calls.
public final class ConsoleServer: Sendable {
    /// Where to listen.
    public struct Address: Sendable {
        public var host: String
        /// 0 for any free port.
        public var port: Int
        /// Nil for plain HTTP.
        public var tls: TLSConfiguration?

        public init(host: String, port: Int, tls: TLSConfiguration? = nil) {
            self.host = host
            self.port = port
            self.tls = tls
        }
    }

    /// Failed log-ins at the console.
    public let loginGuard: LoginGuard
    private let router: AdminRouter
    private let setup: SetupCode
    private let history = CallRate()
    private let core: CallCore
    private let log: Logger

    /// - Throws: `StoreError` when the database can't be read.
    public init(_ environment: ConsoleEnvironment, loginGuard: LoginGuard) throws {
        self.loginGuard = loginGuard
        core = environment.core
        log = environment.log
        setup = SetupCode(isNeeded: try environment.store.administratorPassword() == nil)
        let blocking = Blocking()
        let sessions = AdminSessions()
        let clock: @Sendable () -> Int64 = { WallClock.nowMs }
        let account = AccountOperations(
            store: environment.store, sessions: sessions, setup: setup, loginGuard: loginGuard, clock: clock, blocking: blocking,
            log: environment.log)
        let settings = SettingsOperations(environment: environment, blocking: blocking)
        let live = LiveOperations(
            environment: environment, loginGuards: environment.loginGuards + [loginGuard], blocking: blocking, history: history)
        let calls = HistoryOperations(database: environment.history, blocking: Blocking())
        let recordings = RecordingOperations(core: environment.core, blocking: Blocking())
        let sounds = SoundOperations(
            core: environment.core, own: OwnSounds(folder: environment.soundsFolder), recordByPhone: environment.recordByPhone,
            blocking: Blocking())
        let operations =
            account.all + settings.all + live.all + calls.all + LogOperations(database: environment.history, blocking: Blocking()).all
            + recordings.all + sounds.all
            + CertificateOperations(environment: environment, blocking: Blocking()).all + ExplorerOperations(environment: environment).all
        let description = AdminOperation(.get, "/openapi.json", "Describes this interface.", access: .anybody) { _ in
            .json(AdminAPIDescription.document(operations, version: await environment.report().version))
        }
        router = AdminRouter(
            operations: operations + [description], files: StaticFiles(), sessions: sessions, store: environment.store,
            blocking: blocking, clock: clock)
    }

    /// The code with which the administrator's password is set on the first visit; nil once that is done.
    public var setupCode: String? { setup.text }

    /// Listens until the task is cancelled.
    ///
    /// - Parameter opened: gets the real port.
    /// - Throws: what the system says when the address can't be bound.
    public func run(at address: Address, opened: @escaping @Sendable (Int) -> Void) async throws {
        var quiet = log
        // What it calls errors are connections that end with it.
        quiet.logLevel = .critical
        var router = router
        router.isEncrypted = address.tls != nil
        let application = Application(
            router: router.build(), server: try address.tls.map { try .tls(tlsConfiguration: $0) } ?? .http1(),
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: "Arioso"),
            onServerRunning: { channel in opened(channel.localAddress?.port ?? address.port) }, logger: quiet)
        try await application.run()
    }

    /// Counts calls for the chart of calls per minute, until the task is cancelled.
    public func countCalls() async {
        while !Task.isCancelled {
            await note()
            try? await Task.sleep(for: .seconds(10))
        }
    }

    @CallActor private func note() { history.note(made: core.channels.made, nowMs: core.scheduler.nowMs) }
}
