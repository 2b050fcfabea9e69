import CallCore
import Console
import Logging
import NIOSSL
import Store

/// Lets the console listen where the configuration says, and elsewhere when that changes.
@CallActor
final class ConsoleListeners {
    private let console: ConsoleServer
    private let log: Logger
    private var tasks: [Task<Void, Never>] = []
    private var present: (settings: Configuration.Console, fingerprint: String)?
    /// The ports in use.
    private(set) var httpPort: Int?
    private(set) var httpsPort: Int?

    init(_ console: ConsoleServer, log: Logger) {
        self.console = console
        self.log = log
    }

    /// Opens and closes what differs from before. A port that can't be had is told in the log; calls do not depend on it.
    func apply(_ settings: Configuration.Console, certificate: ServerCertificate?) async {
        let fingerprint = certificate?.fingerprint ?? ""
        if let present, present.settings == settings, present.fingerprint == fingerprint { return }
        present = (settings, fingerprint)
        await stop()
        guard settings.enabled else { return }
        httpPort = await open(.init(host: settings.host, port: settings.httpPort))
        if settings.httpsEnabled, let certificate {
            httpsPort = await open(.init(host: settings.host, port: settings.httpsPort, tls: certificate.configuration))
        }
        tasks.append(Task { [console] in await console.countCalls() })
    }

    /// - Returns: the real port; nil when it can't be had.
    private func open(_ address: ConsoleServer.Address) async -> Int? {
        await withCheckedContinuation { continuation in
            let answer = Answer(continuation)
            tasks.append(
                Task { [console, log] in
                    do {
                        try await console.run(at: address) { port in Task { @CallActor in answer.give(port) } }
                    } catch {
                        log.error("the console can't listen", metadata: ["at": "\(address.host):\(address.port)", "reason": "\(error)"])
                    }
                    answer.give(nil)
                })
        }
    }

    func stop() async {
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        tasks = []
        (httpPort, httpsPort) = (nil, nil)
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
