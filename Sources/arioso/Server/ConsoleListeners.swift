import CallCore
import Console
import Logging
import NIOSSL
import Store

/// Lets the console listen where the configuration says, and elsewhere when that changes.
@CallActor
final class ConsoleListeners {
    /// What one listener was opened with.
    private struct Wanted: Equatable {
        var host: String
        var port: Int
        /// Of the certificate; nil for plain HTTP.
        var fingerprint: String?
    }

    private struct Listener {
        let wanted: Wanted
        let port: Int?
        let task: Task<Void, Never>
    }

    /// A change may come from the console itself: its answer goes out before its connection ends.
    private static let farewell = Duration.milliseconds(500)

    private let console: ConsoleServer
    private let log: Logger
    private var plain: Listener?
    private var encrypted: Listener?
    private var counting: Task<Void, Never>?
    private var changing: Task<Void, Never>?
    private var isStarted = false

    init(_ console: ConsoleServer, log: Logger) {
        self.console = console
        self.log = log
    }

    /// The ports in use.
    var httpPort: Int? { plain?.port }
    var httpsPort: Int? { encrypted?.port }

    /// Opens the listeners for the first time. A port that can't be had is told in the log; calls do not depend on it.
    func start(_ settings: Configuration.Console, certificate: ServerCertificate?) async {
        isStarted = true
        await change(to: settings, certificate)
        counting = Task { [console] in await console.countCalls() }
    }

    /// Opens and closes what differs from before, a moment later; nothing before ``start(_:certificate:)``.
    func apply(_ settings: Configuration.Console, certificate: ServerCertificate?) {
        guard isStarted else { return }
        let before = changing
        changing = Task { @CallActor in
            await before?.value
            try? await Task.sleep(for: Self.farewell)
            await change(to: settings, certificate)
        }
    }

    private func change(to settings: Configuration.Console, _ certificate: ServerCertificate?) async {
        let isOn = settings.enabled
        plain = await replace(plain, with: isOn ? Wanted(host: settings.host, port: settings.httpPort) : nil, nil)
        let secure = isOn && settings.httpsEnabled ? certificate : nil
        encrypted = await replace(
            encrypted, with: secure.map { Wanted(host: settings.host, port: settings.httpsPort, fingerprint: $0.fingerprint) },
            secure?.configuration)
    }

    private func replace(_ old: Listener?, with wanted: Wanted?, _ tls: TLSConfiguration?) async -> Listener? {
        if let old, old.wanted == wanted, old.port != nil { return old }
        old?.task.cancel()
        await old?.task.value
        guard let wanted else { return nil }
        return await open(wanted, tls)
    }

    private func open(_ wanted: Wanted, _ tls: TLSConfiguration?) async -> Listener {
        var task = Task<Void, Never> {}
        let port = await withCheckedContinuation { continuation in
            let answer = Answer(continuation)
            task = Task { [console, log] in
                do {
                    try await console.run(at: .init(host: wanted.host, port: wanted.port, tls: tls)) { port in
                        Task { @CallActor in answer.give(port) }
                    }
                } catch is CancellationError {
                    // Somebody wanted it to end.
                } catch {
                    log.error("the console can't listen", metadata: ["at": "\(wanted.host):\(wanted.port)", "reason": "\(error)"])
                }
                answer.give(nil)
            }
        }
        return Listener(wanted: wanted, port: port, task: task)
    }

    func stop() async {
        changing?.cancel()
        await changing?.value
        counting?.cancel()
        for listener in [plain, encrypted] { listener?.task.cancel() }
        for listener in [plain, encrypted] { await listener?.task.value }
        (plain, encrypted) = (nil, nil)
    }
}

/// Answers once.
@CallActor
private final class Answer {
    private var continuation: CheckedContinuation<Int?, Never>?

    init(_ continuation: CheckedContinuation<Int?, Never>) { self.continuation = continuation }

    func give(_ port: Int?) {
        continuation?.resume(returning: port)
        continuation = nil
    }
}
