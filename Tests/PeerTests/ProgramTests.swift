import Foundation
import Testing

extension Peers {
    @Suite(
        "Programs that the server connects to", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct ProgramTests {
        @Test("Events over a connection that stands and is opened again, over one for each call, and audio")
        func connections() async throws {
            let port = FreePort.next()
            let settings = """
                webSocketClients:
                  - {name: program, uri: "ws://127.0.0.1:\(port)/events?x=1", user: me, password: secret, reconnectMs: 200}
                  - {name: voice, uri: "ws://127.0.0.1:\(port)/media"}
                """
            let outbound = """
                  outbound:
                    - {name: standing, client: program, applications: [standing], user: \(ServerProcess.user)}
                    - {name: each, client: program, perCall: yes, applications: [each], user: \(ServerProcess.user)}
                """
            let numbers = """
                  - {extension: "1002", steps: [Answer, Stasis(audio), Hangup]}
                  - {extension: "1004", steps: [Stasis(standing), Hangup]}
                  - {extension: "1005", steps: [Stasis(each), Answer, Wait(1), Hangup]}
                """
            try await ServerProcess.run(settings: settings, ari: outbound, numbers: numbers) { server in
                let arguments = [
                    "-B", Peer.file("Clients/program.py"), try ServerProcess.executable().path, "\(server.udpPort)",
                    "http://127.0.0.1:\(server.httpPort)/ari", ServerProcess.user, ServerProcess.password, ServerProcess.phone,
                    ServerProcess.secret, "\(port)", server.folder.path,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus()
                    #expect(status == 0, "\(script.output)\n\(server.process.output)")
                }
            }
        }
    }
}
