import Foundation
import Testing

extension Peers {
    @Suite("The presence monitor", .serialized)
    struct MonitorTests {
        private func arguments(_ server: ServerProcess, password: String = ServerProcess.password) -> [String] {
            ["monitor", "http://127.0.0.1:\(server.httpPort)", "--user", ServerProcess.user, "--password", password]
        }

        @Test("It starts with what is known, and tells each change of an extension that registers, calls and goes")
        func follows() async throws {
            try await ServerProcess.run { server in
                let executable = try ServerProcess.executable()
                try await ChildProcess("monitor", executable, arguments(server), folder: server.folder).use { monitor in
                    try await monitor.waitForOutput("it should know the extension", withinSeconds: 10) { $0.contains("UNAVAILABLE") }
                    let call = [
                        "call", "1001", "--server", "127.0.0.1:\(server.udpPort)", "--user", ServerProcess.phone, "--password",
                        ServerProcess.secret, "--register",
                    ]
                    try await ChildProcess("call", executable, call, folder: server.folder).use { _ = try await $0.exitStatus() }
                    try await monitor.waitForOutput("it should go again", withinSeconds: 10) { states($0).count >= 5 }
                    #expect(states(monitor.output) == ["UNAVAILABLE", "NOT_INUSE", "INUSE", "NOT_INUSE", "UNAVAILABLE"])
                }
            }
        }

        @Test("Who may not log in is told so")
        func refused() async throws {
            try await ServerProcess.run { server in
                let arguments = arguments(server, password: "wrong")
                try await ChildProcess("monitor", try ServerProcess.executable(), arguments, folder: server.folder).use { monitor in
                    let status = try await monitor.exitStatus()
                    #expect(status == 69 && monitor.output.contains("401"))
                }
            }
        }

        private func states(_ output: String) -> [String] {
            output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        }
    }
}
