import Foundation
import TestPhone
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

        @Test("They hear of a phone that puts its call on hold, and of a provider that takes the registration and then does not")
        func holdAndRegistry() async throws {
            let line = "extensions:\n  - {number: line, secret: \(ServerProcess.secret)}"
            try await ServerProcess.run(host: "127.0.0.2", extensions: line) { network in
                try await ServerProcess.run(settings: Self.settings, numbers: Self.numbers) { server in
                    let arguments = [
                        "-B", Peer.file("Clients/manager_events.py"), "\(try server.port(after: " ami="))", "boss", "Vn3k-manager-Qw8z",
                    ]
                    try await ChildProcess(.python, arguments, folder: server.folder).use { manager in
                        try await manager.waitForOutput("the manager should be in") { $0.contains("FullyBooted") }
                        try await holdAndTakeBack(server)
                        try await manager.waitForOutput("the hold should be told") { $0.contains(#""Unhold""#) }
                        let told = events(manager.output, ["Hold", "Unhold"])
                        #expect(told.map { $0["Event"] } == ["Hold", "Unhold"])
                        #expect(told.allSatisfy { $0["Channel"]?.hasPrefix("PJSIP/\(ServerProcess.phone)-") == true }, "\(told)")
                        try await registers(server, with: network, secret: ServerProcess.secret)
                        try await manager.waitForOutput("the registration should be told") { $0.contains(#""Status": "Registered""#) }
                        try await registers(server, with: network, secret: "no-such-Secret-7")
                        try await manager.waitForOutput("the refusal should be told") { $0.contains(#""Status": "Rejected""#) }
                        let registry = events(manager.output, ["Registry"])
                        let isThat = registry.allSatisfy {
                            $0["ChannelType"] == "pjsip" && $0["Username"]?.contains("line") == true
                                && $0["Domain"]?.contains("127.0.0.2") == true
                        }
                        #expect(isThat, "\(registry)")
                    }
                }
            }
        }

        private func holdAndTakeBack(_ server: ServerProcess) async throws {
            let settings = PhoneSettings(
                user: ServerProcess.phone, password: ServerProcess.secret, server: .init(host: "127.0.0.1", port: server.udpPort))
            let phone = try await TestPhone.start(settings)
            let call = try await phone.call("1002")
            try await call.answered()
            try await call.hold()
            try await call.unhold()
            try await call.hangUp()
            try await phone.close()
        }

        private func registers(_ server: ServerProcess, with network: ServerProcess, secret: String) async throws {
            let file = server.folder.appendingPathComponent("provider.yaml")
            let provider = "{name: line, host: 127.0.0.2, port: \(network.udpPort), user: line, secret: \(secret)}"
            try Data("providers:\n  - \(provider)\n".utf8).write(to: file)
            let arguments = ["apply", file.path, "--data", server.folder.appendingPathComponent("data").path]
            try await ChildProcess("apply", try ServerProcess.executable(), arguments, folder: server.folder).use { apply in
                let status = try await apply.exitStatus()
                #expect(status == 0, "\(apply.output)")
            }
        }

        private func events(_ output: String, _ names: Set<String>) -> [[String: String]] {
            output.split(separator: "\n").compactMap { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
                .filter { names.contains($0["Event"] ?? "") }
        }
    }
}
