import Foundation
import Testing

extension Peers {
    @Suite("Access", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct AccessTests {
        @Test("Every operation does for every kind of user what the table in docs/access.md says")
        func rights() async throws {
            let password = "Rw5x-other-Kp8d"
            let users = """
                    - {name: mine, password: \(password), applications: [mine]}
                    - {name: other, password: \(password), applications: [other]}
                    - {name: third, password: \(password), applications: [third]}
                    - {name: readmine, password: \(password), applications: [mine], readOnly: yes}
                    - {name: reader, password: \(password), readOnly: yes}
                    - {name: "off", password: \(password), enabled: no}
                    - {name: away, password: \(password), allowedNetworks: [192.0.2.0/24]}
                """
            let settings = "security: {blockFailedLogins: no}"
            try await ServerProcess.run(
                settings: settings, ari: users, numbers: #"  - {extension: "1003", steps: [Answer, Wait(600)]}"#
            ) { server in
                let arguments = [
                    "-B", Peer.file("Clients/rights.py"), "http://127.0.0.1:\(server.httpPort)/ari",
                    Peer.packageRoot.appendingPathComponent("docs/access.md").path, ServerProcess.user, ServerProcess.password,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus()
                    #expect(status == 0, "\(script.output)\n\(server.process.output)")
                }
            }
        }
    }
}
