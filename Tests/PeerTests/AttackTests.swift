import Foundation
import Testing

extension Peers {
    @Suite("What goes wrong on purpose", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct AttackTests {
        @Test("Scanners of SIP find nobody, and who guesses a password is blocked before it is right; others are not")
        func scanners() async throws {
            try await ServerProcess.run(settings: "security: {neverBlock: []}") { server in
                let arguments = [
                    "-B", Peer.file("Clients/scan_sip.py"), "\(server.udpPort)", ServerProcess.phone, ServerProcess.secret,
                    server.folder.path,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus()
                    #expect(status == 0, "\(script.output)")
                }
                #expect(server.process.output.contains("service=SIP user=\(ServerProcess.phone) [arioso] address blocked"))
                try await Curl.require(200, "GET", "/asterisk/info", server: server)
            }
        }

        @Test("Killed at random moments during 200 saves, nothing that was saved is lost, and nothing is there by half")
        func crashes() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("arioso-crash-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let (data, yaml) = (folder.appendingPathComponent("data").path, folder.appendingPathComponent("crash.yaml"))
            try Data(
                """
                sip: {listeners: [{transport: udp, host: 127.0.0.1, port: 0}]}
                http: {host: 127.0.0.1, httpPort: 0, httpsEnabled: no}
                console: {host: 127.0.0.1, httpPort: 0, httpsEnabled: no}
                """.utf8
            ).write(to: yaml)
            let executable = try ServerProcess.executable()
            try await ChildProcess("apply", executable, ["apply", yaml.path, "--data", data], folder: folder).use { apply in
                let status = try await apply.exitStatus()
                try #require(status == 0, "\(apply.output)")
            }
            let arguments = ["-B", Peer.file("Clients/crash_saves.py"), executable.path, data, "200", "7"]
            try await ChildProcess(.python, arguments, folder: folder).use { script in
                let status = try await script.exitStatus(withinSeconds: 240)
                #expect(status == 0, "\(script.output)")
                print(script.output)
            }
        }
    }
}
