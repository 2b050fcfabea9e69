import Audio
import Foundation
import Store

/// A server of its own for the demonstration: a child process of this program, in a temporary data folder, on free ports.
final class DemoServer: Sendable {
    struct Ports {
        let sip: Int
        let http: Int
        let rtp: Int
    }

    private static let readyLimitS = 20.0
    private static let stopLimitS = 5.0
    private static let rtpPorts = 20

    let folder: URL
    let ports: Ports
    let configuration: Configuration
    private let process: Process
    private let log: URL

    /// Makes the data folder with the configuration of `serve --quickstart`, bound to 127.0.0.1.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "arioso-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        log = folder.appending(path: "server.log")
        ports = Ports(
            sip: try FreePort.find(.datagram), http: try FreePort.find(.stream), rtp: try FreePort.find(.datagram, run: Self.rtpPorts))
        var generator = SystemRandomNumberGenerator()
        var configuration = Configuration.quickstart { Secret.random(using: &generator) }
        configuration.sip.listeners = [.init(.udp, host: "127.0.0.1", port: ports.sip), .init(.tcp, host: "127.0.0.1", port: ports.sip)]
        configuration.rtp.ports = ports.rtp...ports.rtp + Self.rtpPorts - 1
        configuration.http.host = "127.0.0.1"
        configuration.http.httpPort = ports.http
        configuration.http.httpsEnabled = false
        configuration.console.enabled = false
        self.configuration = configuration
        process = Process()
    }

    /// Starts the server, and gives a client once it answers.
    func start() async throws -> ARIClient {
        try await apply()
        try launch()
        guard let user = configuration.ari.users.first else { throw DemoError("the configuration has no ARI user") }
        let client = ARIClient(server: .init(port: ports.http, user: user.name, password: user.password), tell: say)
        let deadline = Date(timeIntervalSinceNow: Self.readyLimitS)
        while Date.now < deadline {
            guard process.isRunning else { throw DemoError("the server ended at once:\n\(lastLines)") }
            if await client.answers() { return client }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw DemoError("the server does not answer at \(client.base) after \(Int(Self.readyLimitS)) seconds:\n\(lastLines)")
    }

    /// Sets the configuration as a person would: with a YAML file and `arioso apply`.
    private func apply() async throws {
        let yaml = folder.appending(path: "demo.yaml")
        try ConfigurationFile.export(configuration).write(to: yaml, atomically: true, encoding: .utf8)
        let apply = Process()
        apply.executableURL = Self.executable
        apply.arguments = ["apply", yaml.path, "--data", data]
        apply.standardOutput = FileHandle.nullDevice
        try apply.run()
        apply.waitUntilExit()
        guard apply.terminationStatus == 0 else { throw DemoError("arioso apply ended with \(apply.terminationStatus)") }
    }

    private func launch() throws {
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.executableURL = Self.executable
        process.arguments = ["serve", "--data", data]
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    private var data: String { folder.appending(path: "data").path }

    private static var executable: URL { URL(filePath: "/proc/self/exe").resolvingSymlinksInPath() }

    private var lastLines: String {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(10).joined(separator: "\n")
    }

    /// Finds the file that a sound's name means in the configured folders, and decodes it.
    func soundFile(_ name: String) throws -> (path: String, audio: PCMAudio) {
        for folder in configuration.sounds {
            let root = folder.hasPrefix("/") ? folder : "\(data)/\(folder)"
            for format in SoundFormat.allCases {
                let path = "\(root)/\(configuration.defaultLanguage)/\(name).\(format.fileExtension)"
                guard let bytes = FileManager.default.contents(atPath: path) else { continue }
                return (path, try SoundFile.decode(bytes: [UInt8](bytes), format: format))
            }
        }
        throw DemoError("there is no sound \(name) in \(configuration.sounds.joined(separator: ", ")); install asterisk-core-sounds-en")
    }

    // MARK: - The end

    /// Stops the server: politely, and after a while by force.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        let deadline = Date(timeIntervalSinceNow: Self.stopLimitS)
        while process.isRunning, Date.now < deadline { usleep(20_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Stops the server and removes its folder.
    func remove() {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }
}
