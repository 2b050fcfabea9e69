import Foundation

/// The server under test: a child process with a throw-away data folder, on free ports of the loopback interface.
final class ReleaseServer: Sendable {
    /// The numbers that phones can call.
    enum Number: String {
        /// `Answer, Wait(60)`
        case wait = "1000"
        /// `Stasis(bench)`
        case stasis = "1001"
        /// `Answer, Echo`
        case echo = "1002"
        /// `Answer, Wait(600)`
        case longWait = "1003"
        /// `Answer, Stasis(bench)`
        case held = "1004"
        /// Sets variables round and round.
        case round = "1005"
    }

    static let application = "bench"
    static let user = "bench"
    static let password = "bench-loopback-only"
    /// As many that the limit of calls at one time of each (200) is far away.
    static let phones = (201...208).map(String.init)
    /// Below the range from which the system gives ports to the phones.
    private static let rtpPorts = "16000-29999"
    private static let readyLimitS = 30.0

    let sipPort: Int
    let httpPort: Int
    let amiPort: Int
    private let folder: URL
    private let process: ChildProcess

    var usage: ProcessUsage { process.usage }
    var recordings: URL { folder.appending(path: "data/recordings") }

    /// Configures and starts a server, and waits until it answers.
    ///
    /// - Parameters:
    ///   - countingAllocationsIn: the file for the count of allocations; nil leaves the server as it is.
    ///   - keepsHistory: whether calls are kept in the call history.
    init(_ installation: Installation, countingAllocationsIn file: URL? = nil, keepsHistory: Bool = true) async throws {
        sipPort = try FreePort.find(SOCK_DGRAM)
        httpPort = try FreePort.find(SOCK_STREAM)
        amiPort = try FreePort.find(SOCK_STREAM)
        folder = FileManager.default.temporaryDirectory.appending(path: "arioso-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let settings = folder.appending(path: "bench.yaml")
        let log = folder.appending(path: "server.log")
        let data = folder.appending(path: "data").path
        do {
            try Self.settings(sipPort: sipPort, httpPort: httpPort, amiPort: amiPort, keepsHistory: keepsHistory).write(
                to: settings, atomically: true, encoding: .utf8)
            let apply = try ChildProcess(installation.server, ["apply", settings.path, "--data", data], log: log)
            guard apply.wait() == 0 else { throw BenchmarkError("arioso apply failed: \(Self.end(of: log))") }
            var environment: [String: String] = [:]
            if let file {
                environment = ["LD_PRELOAD": installation.allocationCounter.path, "ARIOSO_ALLOCATION_COUNT": file.path]
            }
            process = try ChildProcess(installation.server, ["serve", "--data", data], environment: environment, log: log)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
        do {
            try await waitUntilReady(log)
        } catch {
            stop()
            throw error
        }
    }

    private func waitUntilReady(_ log: URL) async throws {
        let deadline = Date(timeIntervalSinceNow: Self.readyLimitS)
        let ping = RESTLoad(port: httpPort, path: "/ari/asterisk/ping", connections: 1)
        while process.isRunning, Date() < deadline {
            if (try? await ping.run(forMs: 0)) != nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw BenchmarkError("the server does not answer: \(Self.end(of: log))")
    }

    private static func end(of log: URL) -> String {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    /// Ends the server and removes its folder.
    func stop() {
        process.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs `work` with a server of its own.
    static func with<T>(
        _ installation: Installation, countingAllocationsIn file: URL? = nil, keepsHistory: Bool = true,
        _ work: (ReleaseServer) async throws -> T
    ) async throws -> T {
        let server = try await ReleaseServer(installation, countingAllocationsIn: file, keepsHistory: keepsHistory)
        defer { server.stop() }
        return try await work(server)
    }

    private static func settings(sipPort: Int, httpPort: Int, amiPort: Int, keepsHistory: Bool) -> String {
        """
        sip:
          listeners:
            - {transport: udp, host: 127.0.0.1, port: \(sipPort)}
        rtp:
          ports: \(rtpPorts)
        http:
          host: 127.0.0.1
          httpPort: \(httpPort)
          httpsEnabled: no
        console: {enabled: no}
        history: {enabled: \(keepsHistory ? "yes" : "no")}
        ari:
          enabled: yes
          users:
            - {name: \(user), password: \(password)}
        ami:
          enabled: yes
          port: \(amiPort)
          managers:
            - {name: \(user), secret: \(password), read: [all]}
        extensions:
          \(phones.map { "- {number: \"\($0)\", secret: \(password), codecs: [ulaw, opus]}" }.joined(separator: "\n  "))
        dialplanApplications:
          - {extension: "\(Number.wait.rawValue)", steps: ["Answer()", "Wait(60)"]}
          - {extension: "\(Number.stasis.rawValue)", steps: ["Stasis(\(application))"]}
          - {extension: "\(Number.echo.rawValue)", steps: ["Answer()", "Echo()"]}
          - {extension: "\(Number.longWait.rawValue)", steps: ["Answer()", "Wait(600)"]}
          - {extension: "\(Number.held.rawValue)", steps: ["Answer()", "Stasis(\(application))"]}
          - {extension: "\(Number.round.rawValue)", steps: ["Wait(0)", "Set(A=1)", "Set(B=2)", "Set(C=3)", "Set(D=4)", "Goto(1)"]}

        """
    }
}
