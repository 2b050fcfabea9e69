import Foundation
import Testing

/// The server's own executable, running on loopback with ports that the system chose and a folder of its own.
struct ServerProcess {
    static let user = "peer"
    static let password = "Qm7w-peer-Zt4x"
    static let phone = "6001"
    static let secret = "Hx9v-phone-Lb2k"
    private static let readySeconds = 30.0

    /// The temporary folder for the server's data and for the files of the peers.
    let folder: URL
    let udpPort: Int
    let tcpPort: Int
    let tlsPort: Int
    let httpPort: Int
    let process: ChildProcess

    /// The sound `hello-world` without its suffix.
    var soundPath: String { folder.appendingPathComponent("sounds/en/hello-world").path }

    /// Starts a server, runs `body` with it, stops it in any case, and prints its log when `body` failed.
    ///
    /// 1000 enters the application `hello-world`; 1001 answers, waits a second and hangs up.
    ///
    /// - Parameters:
    ///   - settings: further sections of the configuration.
    ///   - ari: further lines of the section `ari`.
    ///   - numbers: further dialplan applications.
    ///   - console: the section `console`.
    ///   - host: where SIP and HTTP are served.
    ///   - extensions: the section `extensions`, with its key; nil for one phone.
    ///   - rtp: further settings of the section `rtp`, each after a comma.
    static func run(
        settings: String = "", ari: String = "", numbers: String = "", console: String = "{enabled: no}", host: String = "127.0.0.1",
        extensions: String? = nil, rtp: String = "", _ body: (ServerProcess) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("arioso-peers-\(UUID().uuidString)")
        let sounds = folder.appendingPathComponent("sounds/en")
        try FileManager.default.createDirectory(at: sounds, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Sweep.wav().write(to: sounds.appendingPathComponent("hello-world.wav"))
        let executable = try executable()
        let data = folder.appendingPathComponent("data").path
        let yaml = folder.appendingPathComponent("peers.yaml")
        let sections = [
            configuration(host, sounds: folder.appendingPathComponent("sounds").path, ari, console, rtp), extensions ?? phones,
            Self.numbers,
            numbers,
            settings,
        ]
        try Data(sections.joined(separator: "\n").utf8).write(to: yaml)
        let apply = try ChildProcess("apply", executable, ["apply", yaml.path, "--data", data], folder: folder)
        try await apply.use { apply in
            let status = try await apply.exitStatus()
            try #require(status == 0, "\(apply.output)")
        }
        try await ChildProcess("arioso", executable, ["serve", "--data", data], folder: folder).use { process in
            try await process.waitForOutput("it should be ready", withinSeconds: readySeconds) { $0.contains("Arioso is ready.") }
            try await body(ServerProcess(folder: folder, process: process, host: host))
        }
    }

    private init(folder: URL, process: ChildProcess, host: String) throws {
        self.folder = folder
        self.process = process
        let log = process.output
        udpPort = try Self.port(after: "udp:\(host):", in: log)
        tcpPort = try Self.port(after: "tcp:\(host):", in: log)
        tlsPort = try Self.port(after: "tls:\(host):", in: log)
        httpPort = try Self.port(after: "http=", in: log)
    }

    /// The port that the server's log names behind a label.
    func port(after label: String) throws -> Int { try Self.port(after: label, in: process.output) }

    private static func port(after label: String, in log: String) throws -> Int {
        guard let range = log.range(of: label), let port = Int(log[range.upperBound...].prefix { $0.isNumber }), port > 0 else {
            throw PeerFailure(description: "The server does not say its port (\(label)…):\n\(log)")
        }
        return port
    }

    /// Finds the server: the one that `ARIOSO_SERVER` names, the one built with these tests, or the package's debug build.
    static func executable() throws -> URL {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var candidates = [
            tests.deletingLastPathComponent().appendingPathComponent("arioso"),
            Peer.packageRoot.appendingPathComponent(".build/debug/arioso"),
        ]
        if let named = ProcessInfo.processInfo.environment["ARIOSO_SERVER"] { candidates = [URL(fileURLWithPath: named)] }
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            throw PeerFailure(description: "No server in \(candidates.map(\.path)). Run swift build, or set ARIOSO_SERVER to its path.")
        }
        return found
    }

    private static let phones = """
        extensions:
          - {number: "\(phone)", secret: \(secret), codecs: [ulaw, opus], qualifySeconds: 0}
        """
    private static let numbers = """
        dialplanApplications:
          - {extension: "1000", steps: [Answer, Stasis(hello-world), Hangup]}
          - {extension: "1001", steps: [Answer, Wait(1), Hangup]}
        """

    private static func configuration(_ host: String, sounds: String, _ ari: String, _ console: String, _ rtp: String) -> String {
        """
        sip:
          listeners:
            - {transport: udp, host: \(host), port: 0}
            - {transport: tcp, host: \(host), port: 0}
            - {transport: tls, host: \(host), port: 0}
        rtp: {ports: 24000-25999\(rtp)}
        http: {host: 127.0.0.1, httpPort: 0, httpsEnabled: no}
        console: \(console)
        ari:
          enabled: yes
          users:
            - {name: \(user), password: \(password)}
        \(ari)
        sounds: ["\(sounds)"]
        """
    }
}
