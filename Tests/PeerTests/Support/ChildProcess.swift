import Foundation
import Testing

/// A started program whose output goes to a file. Whoever starts one must stop it.
final class ChildProcess: Sendable {
    private static let stopSeconds = 10.0

    let name: String
    private let process: Process
    private let outputFile: URL

    /// Starts a program in `folder`, where its output is kept unless another folder is named. Its input stays open and empty.
    init(_ name: String, _ executable: URL, _ arguments: [String], folder: URL, outputFolder: URL? = nil) throws {
        self.name = name
        outputFile = (outputFolder ?? folder).appendingPathComponent("\(name)-\(UUID().uuidString.prefix(8)).log")
        _ = FileManager.default.createFile(atPath: outputFile.path, contents: nil)
        let output = try FileHandle(forWritingTo: outputFile)
        process = Process()
        process.executableURL = executable
        process.arguments = arguments
        // A node that is not Debian's own does not look where Debian has the modules of wscat.
        process.environment = ProcessInfo.processInfo.environment.merging(["NODE_PATH": "/usr/share/nodejs"]) { old, _ in old }
        process.currentDirectoryURL = folder
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = output
        try Self.withoutBlockedSignals { try process.run() }
    }

    /// The threads of the tests block signals, and a child inherits that: it could not be asked to stop.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t(), before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    /// Starts an installed peer.
    convenience init(_ peer: Peer, _ arguments: [String], folder: URL, outputFolder: URL? = nil) throws {
        try self.init(peer.rawValue, try #require(peer.executable), arguments, folder: folder, outputFolder: outputFolder)
    }

    var isRunning: Bool { process.isRunning }

    /// All that the program has printed.
    var output: String { (try? Data(contentsOf: outputFile)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Waits until the output satisfies a condition; throws with the output when it does not in time or the program ended.
    func waitForOutput(_ what: String, withinSeconds limit: Double = 40, _ isThere: (String) -> Bool) async throws {
        try await eventually("\(name): \(what)", withinSeconds: limit, details: { self.output }) {
            if isThere(self.output) { return true }
            guard self.process.isRunning || isThere(self.output) else {
                throw PeerFailure(description: "\(self.name) ended before: \(what)\n\(self.output)")
            }
            return false
        }
    }

    var identifier: Int32 { process.processIdentifier }

    /// Waits for the end and returns the status; throws with the output when it does not come in time.
    func exitStatus(withinSeconds limit: Double = 90) async throws -> Int32 {
        try await eventually("\(name) should end", withinSeconds: limit, details: { self.output }) { !self.process.isRunning }
        return process.terminationStatus
    }

    /// Stops the program by its process id, with force when it does not obey, and waits for its end.
    func stop() async {
        guard process.isRunning else { return }
        process.terminate()
        do {
            try await eventually("stop", withinSeconds: Self.stopSeconds) { !self.process.isRunning }
        } catch {
            Issue.record("\(name) does not stop when asked to; it said:\n\(output)")
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    /// Runs `body` with the program and stops it in any case.
    func use<Value>(_ body: (ChildProcess) async throws -> Value) async throws -> Value {
        do {
            let value = try await body(self)
            await stop()
            return value
        } catch {
            await stop()
            print("---- \(name) said:\n\(output)")
            throw error
        }
    }
}

private let pollMs = 20

/// Waits until a condition holds; throws when it does not in time.
func eventually(
    _ what: String, withinSeconds limit: Double = 40, details: () -> String = { "" }, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(limit)
    while true {
        if try await condition() { return }
        guard ContinuousClock.now < end else {
            throw PeerFailure(description: "Not within \(limit) seconds: \(what)\n\(details())")
        }
        try await Task.sleep(for: .milliseconds(pollMs))
    }
}
