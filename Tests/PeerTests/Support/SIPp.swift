import Foundation
import Testing

/// SIPp with a scenario of `Scenarios`.
enum SIPp {
    enum Transport: String, CaseIterable, CustomTestStringConvertible {
        case udp, tcp

        /// One socket for all calls.
        var option: String { self == .udp ? "u1" : "t1" }
        var testDescription: String { rawValue.uppercased() }
    }

    private static let seconds = 30

    /// Calls a number as the phone of the server's configuration; the status is 0 when all calls succeeded.
    static func call(
        _ number: String, _ scenario: String, over transport: Transport = .udp, calls: Int = 1, server: ServerProcess,
        password: String = ServerProcess.secret
    ) throws -> ChildProcess {
        let port = transport == .udp ? server.udpPort : server.tcpPort
        return try start(
            scenario, transport, calls, server,
            ["-s", number, "-au", ServerProcess.phone, "-ap", password, "-r", "5", "127.0.0.1:\(port)"])
    }

    /// Waits for calls at a port, and returns when it listens there.
    static func listen(
        _ scenario: String, at port: Int, over transport: Transport, calls: Int, server: ServerProcess
    ) async throws -> ChildProcess {
        let sipp = try start(scenario, transport, calls, server, ["-p", "\(port)"])
        do {
            try await eventually("SIPp should listen", details: { sipp.output }) { FreePort.isUsed(port) }
        } catch {
            await sipp.stop()
            throw error
        }
        return sipp
    }

    private static func start(
        _ scenario: String, _ transport: Transport, _ calls: Int, _ server: ServerProcess, _ arguments: [String]
    ) throws -> ChildProcess {
        let common = [
            "-sf", Peer.file("Scenarios/\(scenario).xml"), "-t", transport.option, "-m", "\(calls)", "-i", "127.0.0.1",
            "-mp", "\(FreePort.next())", "-timeout", "\(seconds)", "-timeout_error", "-nostdin",
            "-trace_msg", "-message_file", messages(server), "-trace_err", "-error_file", errors(server),
        ]
        return try ChildProcess(.sipp, common + arguments, folder: server.folder)
    }

    /// Returns what SIPp said and all messages it sent and received.
    static func report(_ sipp: ChildProcess, server: ServerProcess) -> String {
        [errors(server), messages(server)].reduce(sipp.output) { $0 + "\n" + ((try? String(contentsOfFile: $1, encoding: .utf8)) ?? "") }
    }

    private static func messages(_ server: ServerProcess) -> String { server.folder.appendingPathComponent("sipp-messages.log").path }
    private static func errors(_ server: ServerProcess) -> String { server.folder.appendingPathComponent("sipp-errors.log").path }
}
