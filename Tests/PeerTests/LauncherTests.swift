import Foundation
import Testing

extension Peers {
    @Suite("The program asterisk", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct LauncherTests {
        @Test("Automation starts two of it from configuration files, asks them, makes calls, and stops them")
        func launcher() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("arioso-launcher-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let asterisk = Peer.packageRoot.appendingPathComponent("libexec/asterisk").path
            let arguments = ["-B", Peer.file("Clients/launcher.py"), asterisk, try ServerProcess.executable().path, folder.path]
            try await ChildProcess(.python, arguments, folder: folder).use { script in
                let status = try await script.exitStatus()
                #expect(status == 0 && script.output.contains("all done"), "\(script.output)")
            }
        }
    }
}
