import Foundation
import Testing

extension Peers {
    /// One server is the telephone network of the other.
    @Suite("Providers and routes", .serialized, .enabled(if: Peer.areInstalled(.curl), "curl is not installed"))
    struct RoutingTests {
        private static let secret = "Vb6t-line-Rn3k"
        private static let network = """
            dialplan:
              - name: network.conf
                text: |
                  [internal]
                  exten => _49X.,1,Answer()
                   same => n,Wait(1)
                   same => n,Hangup()
                  exten => 4917,1,Hangup(17)
                  exten => _30X.,1,Dial(PJSIP/${EXTEN}@line,10)
            """
        /// The network's one customer, whose calls carry the number that was dialled.
        private static let networkPhones = """
            extensions:
              - {number: line, secret: \(secret)}
              - {number: "6001", secret: \(ServerProcess.secret), qualifySeconds: 0}
            """

        private static func routes(_ network: ServerProcess) -> String {
            """
            providers:
              - {name: dead, registration: none, host: 127.0.0.3, port: 9, qualifySeconds: 1}
              - {name: line, host: 127.0.0.2, port: \(network.udpPort), user: line, secret: \(secret)}
            incomingRoutes:
              - {name: Bot, provider: line, number: "3010", application: nobody-is-here, fallback: "1001"}
              - {name: Rest, destination: "7001", seconds: 1, fallback: "1001"}
            outgoingRoutes:
              - {name: Abroad, pattern: 00X., extensions: ["7001"], providers: [line]}
              - {name: National, pattern: 0X., strip: 1, prepend: "49", providers: [dead, line]}
            """
        }

        private static let phones = """
            extensions:
              - {number: "6001", secret: \(ServerProcess.secret), qualifySeconds: 0, outside: {maxCalls: 1}}
              - {number: "7001", secret: \(ServerProcess.secret), forwarding: {unavailable: "1001"}}
              - {number: "7002", secret: \(ServerProcess.secret), forwarding: {always: "7003"}}
              - {number: "7003", secret: \(ServerProcess.secret), forwarding: {always: "7002"}}
              - {number: "7004", secret: \(ServerProcess.secret), forwarding: {always: "00123"}}
            """

        /// Runs a test with a server and its provider.
        private func withNetwork(_ body: (_ server: ServerProcess, _ network: ServerProcess) async throws -> Void) async throws {
            try await ServerProcess.run(settings: Self.network, host: "127.0.0.2", extensions: Self.networkPhones) { network in
                try await ServerProcess.run(settings: Self.routes(network), extensions: Self.phones) { server in
                    try await server.process.waitForOutput("it should register", withinSeconds: 10) {
                        $0.contains("registered with a provider")
                    }
                    try await body(server, network)
                }
            }
        }

        private func call(_ number: String, at server: ServerProcess, host: String = "127.0.0.1", as user: String = "6001") async throws
            -> (status: Int32, output: String)
        {
            let arguments = [
                "call", number, "--server", "\(host):\(server.udpPort)", "--user", user, "--password", ServerProcess.secret, "--seconds",
                "5",
            ]
            let process = try ChildProcess("call", try ServerProcess.executable(), arguments, folder: server.folder)
            return try await process.use { (try await $0.exitStatus(), $0.output) }
        }

        private func expect(_ text: String, calling number: String, at server: ServerProcess, as user: String = "6001") async throws {
            let (_, output) = try await call(number, at: server, as: user)
            #expect(output.contains(text), "\(number) by \(user): \(output)\n\(server.process.output)")
        }

        @Test("Calls go out through the first provider that is there, changed as the route says, and as far as it allows")
        func outgoing() async throws {
            try await withNetwork { server, _ in
                // The one that doesn't answer is not asked any more.
                try await server.waitUntilOffline("dead")
                for (number, user, expected) in [
                    ("0123", "6001", "answered"), ("017", "6001", "486 Busy Here"), ("00123", "6001", "403 Forbidden"),
                    ("00123", "7001", "404 Not Found"), ("555", "6001", "404 Not Found"),
                ] {
                    try await expect(expected, calling: number, at: server, as: user)
                }
                async let first = call("0123", at: server)
                try await Task.sleep(for: .milliseconds(500))
                let second = try await call("0124", at: server)
                #expect(second.output.contains("403 Forbidden"))
                let status = try await first.status
                #expect(status == 0)
                // The limit counts calls that are there.
                try await expect("answered", calling: "0125", at: server)
            }
        }

        @Test("Calls come in to where the first route leads, and on to its fallback")
        func incoming() async throws {
            try await withNetwork { server, network in
                for number in ["3010", "3099"] {
                    let (status, output) = try await call(number, at: network, host: "127.0.0.2")
                    #expect(status == 0 && output.contains("answered"), "\(number): \(output)\n\(server.process.output)")
                }
            }
        }

        @Test("Forwarding leads on, never in circles, and not where the extension may not call")
        func forwarding() async throws {
            try await withNetwork { server, _ in
                try await expect("answered", calling: "7001", at: server)
                try await expect("ended", calling: "7002", at: server)
                try await expect("403 Forbidden", calling: "7004", at: server, as: "7001")
            }
        }
    }
}

extension ServerProcess {
    /// Waits until ARI shows an endpoint as offline.
    fileprivate func waitUntilOffline(_ name: String) async throws {
        for _ in 0..<200 {
            let answer = try await Curl.send("GET", "/endpoints/PJSIP/\(name)", server: self)
            if answer.body.contains("\"offline\"") { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw PeerFailure(description: "\(name) is never offline")
    }
}
