import CallCore
import Foundation
import NIOCore
import SIP
import Testing

@testable import SIPServer

/// SIP over WebSocket (RFC 7118), and what browsers' libraries need of outbound and GRUU.
@Suite("SIP over WebSocket", .serialized)
struct WebSocketTests {
    /// Audio such as a browser offers.
    private static let offer =
        (["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 0.0.0.0", "a=rtcp-mux"]
        + MediaSecurityTests.ice + [""]).joined(separator: "\r\n")

    private var settings: SIPSettings { testSettings { $0.authenticates = false } }

    @Test("A browser registers, is asked by OPTIONS, and is gone with its connection")
    func registers() async throws {
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            let answer = try await browser.register()
            #expect(answer["require"] == "outbound")
            #expect(answer["contact"]?.contains("pub-gruu=\"sip:6001@127.0.0.1;gr=urn:uuid:\(browser.instance)\"") == true)
            #expect(await rig.server.isRegistered("6001"))
            await browser.flow?.closed()
            #expect(try await eventually { !rig.server.isRegistered("6001") })
        }
    }

    @Test("Keep-alives are answered, broken messages refused or ignored, and the connection stays")
    func keepAlive() async throws {
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            await browser.say("\r\n\r\n")
            #expect(await browser.received == ["\r\n"])
            await browser.flow?.received(binary: [0, 1, 2, 255])
            await browser.say("")
            await browser.say("INVITE sip:1@x SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n\r\n")
            #expect(await !browser.isClosed)
            try await browser.register()
        }
    }

    @Test("A binary message carries a request as well as text does")
    func binary() async throws {
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            let lines = [
                "OPTIONS sip:127.0.0.1 SIP/2.0", "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1", "Max-Forwards: 70",
                "From: <sip:6001@127.0.0.1>;tag=1", "To: <sip:127.0.0.1>", "Call-ID: binary", "CSeq: 1 OPTIONS", "", "",
            ]
            await browser.flow?.received(binary: Array(lines.joined(separator: "\r\n").utf8))
            let answer = try await browser.response("OPTIONS")
            #expect(answer.status == 200)
            #expect(answer["via"]?.contains("received=127.0.0.1") == true)
        }
    }

    @Test(
        "Requests of a call go over the connection that the browser came back on, found by its address or by its GRUU",
        arguments: [true, false])
    func comesBack(usesGRUU: Bool) async throws {
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            try await browser.register()
            let contact = usesGRUU ? "<sip:6001@127.0.0.1;gr=urn:uuid:\(browser.instance)>" : await browser.contact
            await browser.ask(
                "INVITE", "sip:answer@127.0.0.1", to: "<sip:answer@127.0.0.1>", callID: "back", ["Contact: \(contact)"], body: Self.offer)
            let answer = try await browser.response("INVITE")
            #expect(answer.status == 200)
            #expect(answer.contactURI?.contains("transport=ws") == true)
            await browser.acknowledge(answer)
            let former = await browser.flow
            await browser.open(rig)
            try await browser.register()
            await former?.closed()
            try await rig.onFirstChannel { $0.requestHangup(cause: .normalClearing) }
            let bye = try await browser.request("BYE")
            #expect(bye["call-id"] == "back")
        }
    }

    @Test("A connection is asked for signs of life, and closed when it gives none")
    func signsOfLife() async throws {
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            let opened = NIODeadline.now()
            func wait(_ seconds: Int64) async { await browser.flow?.checkAlive(at: opened + .seconds(seconds)) }
            await wait(20)
            #expect(await browser.pings == 0)
            await wait(26)
            await wait(40)
            #expect(await browser.pings == 1)
            await wait(70)
            #expect(await browser.pings == 2)
            #expect(await !browser.isClosed)
            await wait(80)
            #expect(await browser.isClosed)
        }
    }

    @Test("A device with two connections is called over the one that it refreshed last, over the other when that is gone")
    func severalFlows() async throws {
        try await withRig(settings) { rig in
            let first = try await WebSocketPhone(rig, user: "6001")
            let second = try await WebSocketPhone(rig, user: "6001", instance: first.instance)
            let other = try await WebSocketPhone(rig, user: "6001")
            try await first.register(flow: 1)
            try await second.register(flow: 2)
            try await other.register()
            try await rig.originate("PJSIP/6001")
            _ = try await second.request("INVITE")
            _ = try await other.request("INVITE")
            #expect(await !first.received.contains { $0.hasPrefix("INVITE") })
            await second.flow?.closed()
            try await rig.originate("PJSIP/6001")
            _ = try await first.request("INVITE")
        }
    }

    @Test("The advertised address is a browser's candidate, unless it is in a local network", arguments: [true, false])
    func advertised(isLocal: Bool) async throws {
        var settings = settings
        settings.advertisedAddress = "203.0.113.7"
        if !isLocal { settings.localNetworks = [] }
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            await browser.ask(
                "INVITE", "sip:answer@127.0.0.1", to: "<sip:answer@127.0.0.1>", callID: "outside",
                ["Contact: \(await browser.contact)"], body: Self.offer)
            let answer = try await browser.response("INVITE")
            #expect(answer.body.contains(#/a=candidate:\S+ 1 udp \d+ 203\.0\.113\.7 \d+ typ /#) == !isLocal, "\(answer.body)")
        }
    }

    @Test("Another extension can't take over a call by registering its address")
    func noTakeOver() async throws {
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            try await browser.register()
            await browser.ask(
                "INVITE", "sip:answer@127.0.0.1", to: "<sip:answer@127.0.0.1>", callID: "mine", ["Contact: \(await browser.contact)"],
                body: Self.offer)
            await browser.acknowledge(try await browser.response("INVITE"))
            let thief = try await WebSocketPhone(rig, user: "6002")
            await thief.ask(
                "REGISTER", "sip:127.0.0.1", to: "<sip:6002@127.0.0.1>", callID: "thief", ["Contact: \(await browser.contact);expires=300"])
            #expect(try await thief.response("REGISTER").status == 200)
            await browser.flow?.closed()
            try await rig.onFirstChannel { $0.requestHangup(cause: .normalClearing) }
            try await Task.sleep(for: .milliseconds(300))
            #expect(await !thief.received.contains { $0.hasPrefix("BYE") })
        }
    }

    @Test("Softphones learn of STUN and TURN servers when they register, desk phones do not")
    func servers() async throws {
        var settings = settings
        settings.iceServers = #"[{"urls":"turn:turn.example.com"}]"#
        try await withRig(settings) { rig in
            let browser = try await WebSocketPhone(rig, user: "6001")
            #expect(try await browser.register()["arioso-ice-servers"] == settings.iceServers)
            let phone = try RawPhone(user: "6002", secret: "", serverPort: try await rig.port(.udp))
            #expect(try phone.register()["arioso-ice-servers"] == nil)
        }
    }

    @Test("A connection beyond the limit is not taken")
    func limit() async throws {
        var settings = settings
        settings.limits.connections = 1
        try await withRig(settings) { rig in
            let first = try await WebSocketPhone(rig, user: "6001"), second = try await WebSocketPhone(rig, user: "6002")
            #expect(await first.flow != nil)
            #expect(await second.flow == nil)
        }
    }
}
