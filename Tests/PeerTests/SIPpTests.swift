import Foundation
import Testing

extension Peers {
    @Suite("SIPp", .serialized, .enabled(if: Peer.areInstalled(.sipp), "SIPp is not installed (Debian: sip-tester)"))
    struct SIPpTests {
        @Test("Calls that a phone makes with digest succeed", arguments: SIPp.Transport.allCases, ["caller-hangs-up", "caller-waits"])
        func callsIn(over transport: SIPp.Transport, scenario: String) async throws {
            try await ServerProcess.run { server in
                try await SIPp.call("1001", scenario, over: transport, calls: 10, server: server).use { sipp in
                    let status = try await sipp.exitStatus()
                    #expect(status == 0, "\(SIPp.report(sipp, server: server))")
                }
            }
        }

        @Test("A wrong password gets no call")
        func refusesWrongPassword() async throws {
            try await ServerProcess.run { server in
                let sipp = try SIPp.call("1001", "caller-is-refused", server: server, password: "wrong")
                try await sipp.use { sipp in
                    let status = try await sipp.exitStatus()
                    #expect(status == 0, "\(SIPp.report(sipp, server: server))")
                }
            }
        }

        @Test("Twenty calls in a row to a phone succeed", .enabled(if: Peer.areInstalled(.curl)), arguments: SIPp.Transport.allCases)
        func callsOut(over transport: SIPp.Transport) async throws {
            let calls = 20
            try await ServerProcess.run { server in
                let port = FreePort.next()
                let sipp = try await SIPp.listen("callee-answers", at: port, over: transport, calls: calls, server: server)
                try await sipp.use { sipp in
                    let endpoint = "PJSIP/\(ServerProcess.phone)/sip:phone@127.0.0.1:\(port);transport=\(transport.rawValue)"
                    for _ in 0..<calls {
                        let call = ["endpoint": endpoint, "context": "internal", "extension": "1001", "priority": "1"]
                        try await Curl.require(200, "POST", "/channels", call, server: server)
                    }
                    let status = try await sipp.exitStatus()
                    #expect(status == 0, "\(SIPp.report(sipp, server: server))")
                }
            }
        }
    }
}
