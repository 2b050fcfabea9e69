import Foundation
import TestPhone
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
                    #expect(states(monitor.output) == ["UNAVAILABLE", "NOT_INUSE", "BUSY", "NOT_INUSE", "UNAVAILABLE"])
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

        @Test(
            "The script of the manual page shows who is available, busy and away, and nothing is told twice",
            .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
        func manualPage() async throws {
            let numbers = ["202", "243", "252"]
            let list = numbers.map { "\n  - {number: \"\($0)\", secret: \(ServerProcess.secret)}" }.joined()
            try await ServerProcess.run(
                numbers: #"  - {extension: "1002", steps: [Answer, Echo]}"#, extensions: "extensions:" + list
            ) { server in
                let uri =
                    "ws://\(ServerProcess.user):\(ServerProcess.password)@127.0.0.1:\(server.httpPort)/asterisk/ari/events"
                    + "?app=auto-receptionist&subscribeAll=true"
                try await ChildProcess(.python, [Peer.file("Clients/presence_page.py"), uri], folder: server.folder).use { script in
                    try await script.waitForOutput("it should start empty") { $0.contains("table: .") }
                    var phones: [String: TestPhone] = [:]
                    for number in numbers { phones[number] = try await phone(number, server) }
                    for number in numbers { try await phones[number]?.register() }
                    try await script.waitForOutput("all should be available") {
                        shown($0).last == numbers.map { "\($0) Available" }
                    }
                    try await phones["243"]?.unregister()
                    try await Curl.require(
                        200, "POST", "/channels",
                        ["endpoint": "PJSIP/252", "extension": "1002", "context": "internal", "channelId": "of-252"], server: server)
                    let picture = ["202 Available", "243 Unavailable", "252 Busy"]
                    try await script.waitForOutput("it should look like the page's picture") { shown($0).last == picture }
                    try await Task.sleep(for: .seconds(1))
                    try await Curl.require(204, "DELETE", "/channels/of-252", server: server)
                    try await script.waitForOutput("252 should be available again") { shown($0).last?.last == "252 Available" }
                    let busy = shown(script.output).filter { $0.last == "252 Busy" }
                    #expect(busy == [picture], "\(script.output)")
                    for phone in phones.values { try await phone.close() }
                }
            }
        }

        private func phone(_ number: String, _ server: ServerProcess) async throws -> TestPhone {
            var settings = PhoneSettings(
                user: number, password: ServerProcess.secret, server: .init(host: "127.0.0.1", port: server.udpPort))
            settings.incoming = .answer(afterMs: 300)
            return try await TestPhone.start(settings)
        }

        /// The rows of each table that the script has drawn.
        private func shown(_ output: String) -> [[String]] {
            output.matches(of: /table: (.*)\./).map { $0.1.split(separator: ", ").map(String.init) }
        }

        private func states(_ output: String) -> [String] {
            output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        }
    }
}
