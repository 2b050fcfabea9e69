import Foundation
import Testing

extension Peers {
    @Suite("Descriptions for tools", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct DescribedAnswersTests {
        @Test(
            "Requests made up from the descriptions of ARI and of the admin interface get no error of the server, and no undescribed answer"
        )
        func answers() async throws {
            try await ServerProcess.run(console: "{host: 127.0.0.1, httpPort: 0, httpsEnabled: no}") { server in
                let port = try server.port(after: "console=")
                let code = try #require(server.process.output.firstMatch(of: /code=([A-Z0-9]+-[A-Z0-9]+)/)?.1)
                let arguments = [
                    "-B", Peer.file("Clients/described_answers.py"), "http://127.0.0.1:\(port)", String(code),
                    "http://127.0.0.1:\(server.httpPort)/ari", "\(ServerProcess.user):\(ServerProcess.password)", server.folder.path,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus()
                    #expect(status == 0, "\(script.output)")
                }
                #expect(server.process.isRunning)
            }
        }
    }
}
