import Foundation
import Testing

/// Says where the programs and folders of the tests are.
enum Peer: String {
    case sipp, curl, baresip, wscat, go, chromium, pulseaudio, turnserver
    case firefox = "firefox-esr"
    /// The Python of the tests' own environment, with the modules that the tests need.
    case python

    /// Returns the program's path; nil when it is not installed.
    var executable: URL? {
        if self == .python {
            let environment = Self.packageRoot.appendingPathComponent(".build/venv")
            // Written when all modules are there.
            let isComplete = FileManager.default.fileExists(atPath: environment.appendingPathComponent("installed.txt").path)
            return isComplete ? environment.appendingPathComponent("bin/python") : nil
        }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map(String.init)
        return folders.map { URL(fileURLWithPath: $0).appendingPathComponent(rawValue) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// Tells whether all of these are installed, and prints those that are not, for a silent skip looks like success.
    static func areInstalled(_ peers: Peer...) -> Bool {
        let missing = peers.filter { $0.executable == nil }.map(\.rawValue)
        if !missing.isEmpty { print("SKIPPED: not installed: \(missing.joined(separator: ", ")). Run Scripts/install-packages all.") }
        return missing.isEmpty
    }

    /// The installed ones of the clients that can listen to events.
    static var webSocketClients: [Peer] { [.wscat, .python].filter { $0.executable != nil } }

    /// Tells whether there is a client that can listen to events, and prints when there is none.
    static func canListen() -> Bool {
        if webSocketClients.isEmpty { print("SKIPPED: no WebSocket client (Debian: node-ws). Run Scripts/install-packages all.") }
        return !webSocketClients.isEmpty
    }

    /// The folder of the package. A build may reach this file through a link.
    static let packageRoot = testFolder.deletingLastPathComponent().deletingLastPathComponent()

    /// Returns the path of a file that lies beside the tests, such as `Scenarios/callee-answers.xml`.
    static func file(_ path: String) -> String { testFolder.appendingPathComponent(path).path }

    private static let testFolder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent()
}

/// Tells what went wrong in a process, with all that it said.
struct PeerFailure: Error, CustomStringConvertible {
    let description: String
}
