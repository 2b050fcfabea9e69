import Foundation
import Testing

extension Peers {
    @Suite("Managers", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct ManagerTests {
        private static let settings = """
            security: {blockFailedLogins: no}
            ami:
              enabled: yes
              port: 0
              timestampEvents: yes
              tlsEnabled: yes
              tlsPort: 0
              cel: yes
              cdr: yes
              managers:
                - {name: boss, secret: Vn3k-manager-Qw8z, read: [all], write: [all]}
                - {name: reader, secret: Tz6m-reader-Lp2x, read: [call], write: [reporting]}
            """
        private static let numbers = """
              - {extension: "1002", steps: [Answer, Echo]}
              - {extension: "1004", steps: [Answer, "Set(A=1)", "UserEvent(Door,State: open)", StartMusicOnHold, Wait(1), StopMusicOnHold, "Dial(Local/1002@internal,20)"]}
              - {extension: "1006", steps: [Answer, "Set(B=2)", "Wait(30)"]}
              - {extension: "1007", steps: ["Wait(0.3)", "Hangup(19)"]}
              - {extension: "1005", steps: ["ChanSpy(PJSIP,q)"]}
              - {extension: "1003", steps: ["Dial(Local/1002@internal)"]}
            """

        @Test("They log in, hear of calls in order, and call, send elsewhere and hang up; who does wrong harms nobody")
        func managers() async throws {
            try await ServerProcess.run(settings: Self.settings, numbers: Self.numbers) { server in
                let arguments = [
                    "-B", Peer.file("Clients/managers.py"), "\(try server.port(after: " ami="))", "\(server.httpPort)",
                    "\(server.udpPort)", try ServerProcess.executable().path, "boss", "Vn3k-manager-Qw8z", "reader", "Tz6m-reader-Lp2x",
                    "\(ServerProcess.user):\(ServerProcess.password)", ServerProcess.phone, ServerProcess.secret,
                    "\(try server.port(after: "ami-tls="))",
                    Peer.packageRoot.appendingPathComponent("docs/ami.md").path,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus()
                    #expect(status == 0 && script.output.contains("all done"), "\(script.output)")
                }
            }
        }
    }
}
