import Foundation
import Synchronization

/// A program that is started, measured and ended here.
final class ChildProcess: Sendable {
    private static let stopLimitS = 10.0
    private static let running = Mutex<[ObjectIdentifier: ChildProcess]>([:])

    private let process = Process()
    let input = Pipe()
    let output = Pipe()

    /// Starts a program; its output goes to the file `log`, or else to `output`.
    init(_ program: URL, _ arguments: [String], environment: [String: String] = [:], log: URL? = nil) throws {
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        if let log {
            try Data().write(to: log)
            let file = try FileHandle(forWritingTo: log)
            process.standardOutput = file
            process.standardError = file
        } else {
            process.standardOutput = output
        }
        try process.run()
        Self.running.withLock { $0[ObjectIdentifier(self)] = self }
    }

    var isRunning: Bool { process.isRunning }
    var usage: ProcessUsage { ProcessUsage(pid: process.processIdentifier) }

    /// Waits for a program that ends by itself, and gives its status.
    func wait() -> CInt {
        process.waitUntilExit()
        forget()
        return process.terminationStatus
    }

    /// Asks the program to end; kills it when it does not.
    func stop() {
        defer { forget() }
        guard process.isRunning else { return }
        // A child without a handler of its own inherits that this program ignores the signal; it is told by its input's end.
        try? input.fileHandleForWriting.close()
        process.terminate()
        let deadline = Date(timeIntervalSinceNow: Self.stopLimitS)
        while process.isRunning, Date() < deadline { usleep(20_000) }
        guard process.isRunning else { return }
        progress("process \(process.processIdentifier) does not end when asked to; it is killed")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private func forget() {
        Self.running.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(self)) }
    }

    /// Ends all that still run, for when this program is told to stop.
    static func stopAll() {
        for child in running.withLock({ Array($0.values) }) { child.stop() }
    }
}
