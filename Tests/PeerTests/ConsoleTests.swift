import Foundation
import Testing

extension Peers {
    @Suite(
        "The console in a browser", .serialized,
        .enabled(if: Peer.areInstalled(.chromium, .python), "chromium or the tests' Python is not installed"))
    struct ConsoleTests {
        @Test("From the first visit to a heard Hello World, what a person does wrong, and what other pages try")
        func walk() async throws {
            let chromium = try #require(Peer.chromium.executable)
            try await ServerProcess.run(console: "{host: 127.0.0.1, httpPort: 0, httpsEnabled: no}") { server in
                let port = try server.port(after: "console=")
                let code = try #require(server.process.output.firstMatch(of: /code=([A-Z0-9]+-[A-Z0-9]+)/)?.1)
                let arguments = [
                    "-B", Peer.file("Clients/console.py"), chromium.path, "http://127.0.0.1:\(port)", String(code),
                    try ServerProcess.executable().path, "\(server.udpPort)", "http://127.0.0.1:\(server.httpPort)/ari", server.soundPath,
                    server.folder.path,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus()
                    try server.keepScreenshots()
                    #expect(status == 0, "\(script.output)\n\(server.process.output)")
                }
            }
        }
    }
}
