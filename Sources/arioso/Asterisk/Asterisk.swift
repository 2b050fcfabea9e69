import ArgumentParser
import AsteriskImport
import Foundation
import Logging
import Store

/// Stands in for the program `asterisk`: serves what the configuration files of an Asterisk say, or sends a command to a server that does.
struct Asterisk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stand in for the program asterisk.",
        discussion: """
            asterisk [-f] [-C FILE]        serves what FILE and the files in its folder say (-g -q -m -n -v -d -i change nothing)
            asterisk [-C FILE] -rx COMMAND sends a command line to that server
            asterisk -V                    tells the version

            The configuration is converted into a folder that goes with the process. What can't be converted is told once and stops nothing.
            """)

    @Argument(parsing: .captureForPassthrough)
    var words: [String] = []

    func run() async throws {
        let arguments: AsteriskArguments
        do {
            arguments = try AsteriskArguments(words)
        } catch {
            complain("asterisk: \(error)")
            throw ExitCode(1)
        }
        switch arguments.mode {
        case .version: print(ProductVersion.asReference)
        case .help: print(Self.helpMessage())
        case .remote(let command): try send(command, arguments)
        case .serve where arguments.staysInForeground: try await serve(arguments)
        case .serve: try detach(arguments)
        }
    }

    // MARK: - Commands

    /// How long the first command may wait for a server that is just starting.
    private static let startSeconds = 5.0

    private func send(_ command: String?, _ arguments: AsteriskArguments) throws {
        guard let command else {
            complain("asterisk: there is no prompt; give a command with -x")
            throw ExitCode(1)
        }
        let path: String
        do {
            path = try AsteriskInstance.controlSocket(arguments.configurationFile)
        } catch {
            complain("asterisk: \(error)")
            throw ExitCode(1)
        }
        let end = Date() + (command.lowercased().hasPrefix("core waitfullybooted") ? Self.startSeconds : 0)
        while true {
            do {
                let output = try ControlClient.send(command, to: path)
                for line in output.lines { print(line) }
                if output.status != 0 { throw ExitCode(output.status) }
                return
            } catch let error as ControlClient.Unreachable {
                guard Date() < end else {
                    complain("Unable to connect to remote asterisk (does \(path) exist?): \(error)")
                    throw ExitCode(1)
                }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }

    // MARK: - Serving

    private func serve(_ arguments: AsteriskArguments) async throws {
        let (logs, keptLog) = ServerService.prepareProcess()
        for word in arguments.unused { complain("asterisk: \(word) means nothing here") }
        let instance: AsteriskInstance
        do {
            instance = try AsteriskInstance(file: arguments.configurationFile)
            try FileManager.default.createDirectory(atPath: instance.directories.run, withIntermediateDirectories: true)
        } catch {
            complain("asterisk: \(error)")
            throw ExitCode(1)
        }
        defer { instance.remove() }
        var logger = Logger(label: "asterisk")
        logger.logLevel = .notice
        let store = try failing(with: .unavailable) { try Store(folder: instance.folder, logger: logger) }
        let remarks = try failing(with: .dataError) { try instance.load(into: store) }
        for remark in remarks { complain("asterisk: not taken over: \(remark)") }
        let settings = try failing(with: .unavailable) { try store.configuration() }
        logs.use(folder: "\(instance.folder)/logs", consoleLevel: logger.logLevel)
        var service = ServerService(
            logs: logs, keptLog: keptLog, store: store, configuration: settings, logger: logger, seeded: nil,
            controlSocket: instance.controlSocket)
        service.isQuiet = true
        service.beforeReload = { [logger] in
            do {
                _ = try instance.load(into: store)
            } catch {
                logger.error("the configuration files can't be taken over", metadata: ["reason": "\(error)"])
            }
        }
        try await service.runUntilStopped()
    }

    /// Starts the server in a session of its own, and goes on as soon as it serves.
    private func detach(_ arguments: AsteriskArguments) throws {
        do {
            let socket = try AsteriskInstance.controlSocket(arguments.configurationFile)
            guard !ControlClient.isServed(socket) else {
                throw DetachedProcess.Failure(description: "it runs already: \(socket) is served")
            }
            let process = try DetachedProcess(["asterisk", "-f"] + words)
            while (try? ControlClient.send("core waitfullybooted", to: socket))?.succeeded != true {
                if let status = process.exitStatus {
                    throw DetachedProcess.Failure(description: "it ended with status \(status); with -f it tells why")
                }
                Thread.sleep(forTimeInterval: 0.02)
            }
        } catch {
            complain("asterisk: \(error)")
            throw ExitCode(1)
        }
    }
}
