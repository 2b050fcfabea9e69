import Foundation
import Media
import SIP
import Testing

@testable import SIPServer

@Suite("Connections", .serialized)
struct ConnectionTests {
    private func options(_ phone: RawPhone, _ callID: String) -> String {
        phone.request("OPTIONS", "sip:127.0.0.1", to: "<sip:127.0.0.1>", callID: callID, cseq: 1)
    }

    @Test("A ping gets its pong (RFC 5626)")
    func pong() async throws {
        try await withRig { rig in
            let socket = try RawSocket.open(.tcp, host: "127.0.0.1", port: try await rig.port(.tcp))
            try socket.send("\r\n\r\n")
            #expect(socket.receiveBytes(withinMs: 2_000) == [13, 10])
        }
    }

    @Test("Messages may come in pieces and several at once")
    func framing() async throws {
        try await withRig { rig in
            let phone = try RawPhone(.tcp, serverPort: try await rig.port(.tcp))
            let text = (0..<200).map { options(phone, "m\($0)") }.joined()
            for piece in Array(text.utf8).chunks(of: 3_001) { try phone.socket.send(piece) }
            var seen: [String] = []
            while seen.count < 200, let response = phone.socket.receive(withinMs: 3_000) { seen.append(response["call-id"] ?? "") }
            #expect(seen == (0..<200).map { "m\($0)" })
        }
    }

    @Test("A stream that lost its framing is refused and closed")
    func closesBrokenStream() async throws {
        try await withRig { rig in
            let phone = try RawPhone(.tcp, serverPort: try await rig.port(.tcp))
            try phone.send(options(phone, "x").replacingOccurrences(of: "Content-Length: 0\r\n", with: ""))
            #expect(phone.socket.receive()?.status == 400)
            #expect(phone.socket.receiveBytes(withinMs: 2_000) == nil)
            #expect(try await eventually { rig.server.load.connections == 0 })
        }
    }

    @Test("A head without end is cut off at the limit")
    func boundsHead() async throws {
        try await withRig { rig in
            let socket = try RawSocket.open(.tcp, host: "127.0.0.1", port: try await rig.port(.tcp))
            let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000)
            // The server may close in the midst.
            for _ in 0..<10 { try? socket.send(piece) }
            #expect(try await eventually { rig.server.load.connections == 0 })
        }
    }

    @Test("Connections past the limit are closed at once")
    func limitsConnections() async throws {
        var settings = testSettings()
        settings.limits.connections = 2
        try await withRig(settings) { rig in
            let port = try await rig.port(.tcp)
            let kept = try (0..<2).map { _ in try RawSocket.open(.tcp, host: "127.0.0.1", port: port) }
            #expect(try await eventually { rig.server.load.connections == 2 })
            let refused = try RawSocket.open(.tcp, host: "127.0.0.1", port: port)
            #expect(refused.receiveBytes(withinMs: 2_000) == nil)
            for socket in kept {
                try socket.send("\r\n\r\n")
                #expect(socket.receiveBytes(withinMs: 2_000) == [13, 10])
            }
        }
    }

    @Test("A silent stranger is closed, a registered phone stays")
    func closesIdle() async throws {
        var settings = testSettings()
        settings.limits.strangerIdleSeconds = 0
        try await withRig(settings) { rig in
            let port = try await rig.port(.tcp)
            let phone = try RawPhone(.tcp, serverPort: port)
            #expect(try phone.register().status == 200)
            let stranger = try RawSocket.open(.tcp, host: "127.0.0.1", port: port)
            #expect(try await eventually { rig.server.load.connections == 2 })
            await rig.server.closeIdleConnections()
            #expect(stranger.receiveBytes(withinMs: 2_000) == nil)
            #expect(await rig.server.load.connections == 1)
        }
    }

    @Test("Requests to a TCP phone use the connection it opened")
    func reusesConnection() async throws {
        try await withRig { rig in
            let phone = try RawPhone(.tcp, user: "6002", secret: "secret6002", serverPort: try await rig.port(.tcp))
            // The contact is an address that nobody can reach, as of a phone behind an address translator.
            #expect(try phone.register(contact: "<sip:6002@192.0.2.1:5060;transport=tcp>").status == 200)
            try await rig.originate("PJSIP/6002")
            let invite = try phone.waitRequest("INVITE")
            #expect(invite.target == "sip:6002@192.0.2.1:5060;transport=tcp")
            #expect(invite["via"]?.hasPrefix("SIP/2.0/TCP 127.0.0.1:\(phone.serverPort);") == true)
            #expect(await rig.server.load.connections == 1)
        }
    }

    @Test("Listeners at all addresses share a port, and tell each phone the address that it reaches")
    func wildcards() async throws {
        let free = try RawSocket.freePort()
        var settings = testSettings()
        settings.listeners = [
            SIPListenerAddress(.udp, host: "0.0.0.0", port: free), SIPListenerAddress(.udp, host: "::", port: free),
            SIPListenerAddress(.tcp, host: "0.0.0.0", port: free), SIPListenerAddress(.tcp, host: "::", port: free),
        ]
        try await withRig(settings) { rig in
            for way in RegistrationTests.ways {
                let phone = try RawPhone(way.kind, host: way.host, serverPort: free)
                let answer = try phone.invite("answer").connect()
                #expect(answer.contactURI == "sip:\(phone.domain)\(way.kind == .tcp ? ";transport=tcp" : "")")
                #expect(answer.body.contains(" \(way.host)\r\n"))
            }
            #expect(await rig.channels.count == 4)
        }
    }

    @Test("A port that is taken is an error that says so, and the others are open")
    func takenPort() async throws {
        let taken = try RawSocket.open(.udp, host: "127.0.0.1", port: 9)
        try await withRig { rig in
            var settings = testSettings()
            settings.listeners.insert(SIPListenerAddress(.udp, host: "127.0.0.1", port: taken.port), at: 0)
            settings.listeners.append(SIPListenerAddress(.udp, host: "127.0.0.2", port: 0))
            await #expect(throws: SIPServerError.self) { try await rig.server.apply(settings) }
            #expect(await rig.server.addresses.contains { $0.host == "127.0.0.2" })
        }
    }

    @Test("The advertised address is for those outside the local networks", arguments: [true, false])
    func advertises(isLocal: Bool) async throws {
        var settings = testSettings()
        settings.advertisedAddress = "203.0.113.7"
        if !isLocal { settings.localNetworks = [] }
        try await withRig(settings) { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let answer = try phone.invite("answer").connect()
            let shown = isLocal ? "127.0.0.1" : "203.0.113.7"
            #expect(answer.contactURI == "sip:\(shown):\(phone.serverPort)")
            #expect(answer.body.contains("c=IN IP4 \(shown)\r\n"))
        }
    }

    @Test(arguments: [true, false])
    func `Audio is received where the settings want it, and the far end is told so unless another address is advertised`(
        isAdvertised: Bool
    ) async throws {
        var settings = testSettings()
        settings.mediaAddress = "127.0.0.2"
        if isAdvertised { (settings.advertisedAddress, settings.localNetworks) = ("203.0.113.7", []) }
        try await withRig(settings) { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let answer = try phone.invite("answer").connect()
            #expect(answer.body.contains("c=IN IP4 \(isAdvertised ? "203.0.113.7" : "127.0.0.2")\r\n"))
            #expect(rig.media.ports.last?.localAddress.host == "127.0.0.2")
        }
    }
}

extension Array {
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
