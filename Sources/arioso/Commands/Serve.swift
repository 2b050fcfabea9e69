import ArgumentParser
import CLinuxIO
import CallCore
import Foundation
import Logging
import ServiceLifecycle
import Store
import UnixSignals

/// Runs the server until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server.")

    @OptionGroup var data: DataOption

    @Flag(help: "In an empty data folder, set up two phones, one ARI user and the number 1000 of Hello World.")
    var quickstart = false

    func run() async throws {
        let (logs, keptLog) = ServerService.prepareProcess()
        var logger = Logger(label: "arioso")
        let store = try failing(with: .unavailable) { try Store(folder: data.folder, logger: logger) }
        let seeded = quickstart && store.isNew ? try failing(with: .unavailable) { try seed(store) } : nil
        let settings = try failing(with: .unavailable) { try store.configuration() }
        logger.logLevel = Logger.Level(rawValue: settings.log.level.rawValue) ?? .info
        logs.use(folder: "\(store.folder)/logs", consoleLevel: logger.logLevel)
        let service = ServerService(
            logs: logs, keptLog: keptLog, store: store, configuration: settings, logger: logger, seeded: seeded,
            controlSocket: "\(store.folder)/\(Control.socketName)")
        try await service.runUntilStopped()
    }

    /// Stores the configuration for a first try.
    /// - Returns: it, with the password of the ARI user, of which only a hash is stored.
    private func seed(_ store: Store) throws -> Configuration {
        var generator = SystemRandomNumberGenerator()
        let configuration = Configuration.quickstart { Secret.random(using: &generator) }
        try store.replace(with: configuration)
        return configuration
    }
}

/// The server as a service: starts, says where it is, and ends its calls when asked to stop.
struct ServerService: Service {
    let logs: LogFiles
    let keptLog: KeptLog
    let store: Store
    let configuration: Configuration
    let logger: Logger
    /// What a quickstart has just stored, with its secrets.
    let seeded: Configuration?
    /// Where command lines are taken.
    let controlSocket: String
    /// What is done before the stored configuration is looked at again; nil for nothing.
    /// Says nothing of how to begin.
    var isQuiet = false
    var beforeReload: (@Sendable () async -> Void)?

    func run() async throws {
        let server = try await AriosoServer(store: store, configuration: configuration, logger: logger, logs: logs, keptLog: keptLog)
        await server.control.stopsProcess()
        if let beforeReload { await server.reloads(after: beforeReload) }
        let socket = await ControlSocket(path: controlSocket, commands: server.control)
        try await socket.open()
        do {
            try await server.start()
        } catch {
            await socket.close()
            throw error
        }
        let reach = await server.reach
        logger.info(
            "ready",
            metadata: [
                "sip": "\(reach.sip.joined(separator: " "))", "http": "\(reach.httpPort.map(String.init) ?? "off")",
                "https": "\(reach.httpsPort.map(String.init) ?? "off")", "ari": "\(configuration.ari.enabled ? "on" : "off")",
                "audiosocket": "\(reach.audioSocketPort.map(String.init) ?? "off")",
                "ami": "\(reach.amiPort.map(String.init) ?? "off")", "ami-tls": "\(reach.amiTLSPort.map(String.init) ?? "off")",
                "console": "\(reach.consolePort.map(String.init) ?? "off")",
                "console-https": "\(reach.consoleTLSPort.map(String.init) ?? "off")",
            ])
        guard !isQuiet else {
            try? await gracefulShutdown()
            return try await stop(server, socket)
        }
        let welcome = Welcome(
            configuration: seeded ?? configuration, reach: reach, folder: store.folder, showsSecrets: seeded != nil,
            setupCode: await server.setupCode)
        FileHandle.standardOutput.write(Data("\(welcome.text)\n".utf8))
        try? await gracefulShutdown()
        try await stop(server, socket)
    }

    private func stop(_ server: AriosoServer, _ socket: ControlSocket) async throws {
        logger.info("stopping")
        await server.stop()
        await socket.close()
        try store.close()
    }
}

extension ServerService {
    /// Does what a process that serves does once, before anything else.
    static func prepareProcess() -> (logs: LogFiles, keptLog: KeptLog) {
        arioso_keep_heap()
        let logs = LogFiles()
        let keptLog = KeptLog()
        LoggingSystem.bootstrap { TeeLogHandler(label: $0, files: logs, kept: keptLog) }
        return (logs, keptLog)
    }

    /// Runs the service until a signal, or a command, asks it to end.
    func runUntilStopped() async throws {
        var quiet = logger
        quiet.logLevel = .warning
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: self, failureTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        do {
            try await group.run()
        } catch {
            complain("arioso: \(error)")
            throw ExitCode.unavailable
        }
    }
}
