import Foundation
import TestPhone
import Testing

extension Peers {
    @Suite("Settings change during calls", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct LiveChangesTests {
        private static let calls = 100

        @Test("With 100 calls every setting changes: none is dropped, no packet is lost, and the program stays connected")
        func nothingIsLost() async throws {
            try await ServerProcess.run(
                numbers: #"  - {extension: "1002", steps: [Answer, Echo]}"#, console: "{host: 127.0.0.1, httpPort: 0, httpsEnabled: no}"
            ) { server in
                let phone = try await phone(server)
                var calls: [PhoneCall] = []
                for _ in 0..<Self.calls { calls.append(try await phone.call("1002")) }
                for call in calls { try await call.answered() }
                let before = try await packetsUnderway(phone)
                try await changeEverySetting(server)
                #expect(try await packetsUnderway(phone) == before)
                let counters = try await phone.counters
                #expect(counters.callsActive == Self.calls && counters.callsFailed == 0)
                for call in calls { try await call.hangUp() }
                try await phone.close()
            }
        }

        private func phone(_ server: ServerProcess) async throws -> TestPhone {
            var settings = PhoneSettings(
                user: ServerProcess.phone, password: ServerProcess.secret, server: .init(host: "127.0.0.1", port: server.udpPort))
            settings.source = .tone(440)
            return try await TestPhone.start(settings)
        }

        /// The fewest packets that were sent and have not come back, over a while: a lost one counts for ever.
        private func packetsUnderway(_ phone: TestPhone) async throws -> Int {
            var fewest = Int.max
            for _ in 0..<200 {
                let media = try await phone.counters.media
                fewest = min(fewest, media.packetsSent - media.packetsReceived)
                try await Task.sleep(for: .milliseconds(7))
            }
            return fewest
        }

        private func changeEverySetting(_ server: ServerProcess) async throws {
            let code = try #require(server.process.output.firstMatch(of: /code=([A-Z0-9]+-[A-Z0-9]+)/)?.1)
            let arguments = [
                Peer.file("Clients/every_setting.py"), "http://127.0.0.1:\(try server.port(after: "console="))", String(code),
                server.folder.path, "2",
            ]
            try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                try await script.waitForOutput("ARI should be switched off and on") { $0.contains("switched") }
                try await EventListener.run(client: .python, server: server) { listener in
                    let status = try await script.exitStatus()
                    #expect(status == 0, "\(script.output)")
                    #expect(listener.process.isRunning)
                }
            }
        }
    }
}
