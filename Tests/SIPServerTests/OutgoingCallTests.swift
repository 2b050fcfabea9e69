import Audio
import CallCore
import Dialplan
import Foundation
import Media
import Testing

import enum ARIModel.ChannelState

@testable import SIPServer

@Suite("Calls that go out", .serialized)
struct OutgoingCallTests {
    /// Registers a phone and calls it.
    private func ring(_ rig: Rig, _ kind: RawSocket.Kind = .udp, timeoutMs: Int? = nil) async throws -> (
        phone: RawPhone, invite: RawMessage
    ) {
        let phone = try RawPhone(kind, user: "6002", secret: "secret6002", serverPort: try await rig.port(kind))
        #expect(try phone.register().status == 200)
        try await rig.originate("PJSIP/6002", timeoutMs: timeoutMs)
        return (phone, try phone.waitRequest("INVITE"))
    }

    private func answer(_ phone: RawPhone, _ invite: RawMessage, sdp: String? = nil) throws -> RawMessage {
        try phone.send(
            phone.response(
                "200 OK", to: invite, tag: "callee", headers: ["Contact: \(phone.contact)", "Content-Type: application/sdp"],
                body: sdp ?? phone.sdp()))
        return try phone.waitRequest("ACK")
    }

    @Test("A registered phone rings, answers and is hung up", arguments: RawSocket.Kind.allCases)
    func answered(kind: RawSocket.Kind) async throws {
        try await withRig { rig in
            let (phone, invite) = try await ring(rig, kind)
            #expect(invite.target == phone.contact.dropFirst().dropLast())
            #expect(invite["from"]?.hasPrefix("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=") == true)
            #expect(invite.body.contains("m=audio 20000 RTP/AVP 0 8 9 101"))
            let channel = try #require(await rig.channels.first)
            #expect(await channel.protocolID == invite["call-id"])
            #expect(await channel.caller == PartyID(name: "Phone 2", number: "6002"))
            try phone.send(phone.response("180 Ringing", to: invite, tag: "callee", headers: ["Contact: \(phone.contact)"]))
            #expect(try await eventually { channel.state == .ringing })
            let ack = try answer(phone, invite)
            #expect(ack.toTag == "callee")
            #expect(try await eventually { channel.state == .up })
            #expect(rig.media.ports.first?.streams.last?.codec == .pcmu)
            try await rig.onFirstChannel { $0.requestHangup(cause: .normalClearing) }
            let bye = try phone.waitRequest("BYE")
            #expect(bye["reason"] == "Q.850;cause=16")
            try phone.send(phone.response("200 OK", to: bye))
            #expect(try await eventually { rig.channels.isEmpty })
        }
    }

    @Test(
        "The From is the connected party",
        arguments: [
            (PartyID(name: "Jo \"X\"", number: "77"), "\"Jo \\\"X\\\"\" <sip:77@127.0.0.1>;tag="),
            (PartyID(name: "", number: "77"), "<sip:77@127.0.0.1>;tag="),
            (PartyID(name: "Jo", number: "77", presentation: .prohibited), "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="),
        ])
    func identity(party: PartyID, from: String) async throws {
        try await withRig { rig in
            let phone = try RawPhone(user: "6002", secret: "secret6002", serverPort: try await rig.port(.udp))
            #expect(try phone.register().status == 200)
            try await rig.dial("6002", connected: party)
            let invite = try phone.waitRequest("INVITE")
            #expect(invite["from"]?.hasPrefix(from) == true, "\(invite)")
            #expect(invite["privacy"] == (party.presentation == .prohibited ? "id" : nil))
        }
    }

    @Test(
        "A refusal ends the channel with its cause and status",
        arguments: [
            ("486 Busy Here", 17), ("603 Decline", 21), ("480 Gone", 19), ("404 Not Found", 1), ("503 Down", 34), ("302 Moved", 23),
        ])
    func refused(answer: String, cause: Int) async throws {
        try await withRig { rig in
            let (phone, invite) = try await ring(rig)
            let channel = try #require(await rig.channels.first)
            try phone.send(phone.response(answer, to: invite, tag: "callee"))
            #expect(try phone.waitRequest("ACK").toTag == "callee")
            #expect(try await eventually { rig.channels.isEmpty })
            #expect(await channel.hangupCause.number == cause)
            #expect(await channel.technologyCause == Int(answer.prefix(3)))
        }
    }

    @Test("A call that rings too long is cancelled with its cause")
    func timesOut() async throws {
        try await withRig { rig in
            let (phone, invite) = try await ring(rig, timeoutMs: 300)
            try phone.send(phone.response("180 Ringing", to: invite, tag: "callee"))
            let cancel = try phone.waitRequest("CANCEL")
            #expect(cancel["reason"] == "Q.850;cause=19")
            #expect(cancel["cseq"]?.split(separator: " ").first == invite["cseq"]?.split(separator: " ").first)
            try phone.send(phone.response("200 OK", to: cancel, tag: "callee"))
            try phone.send(phone.response("487 Request Terminated", to: invite, tag: "callee"))
            _ = try phone.waitRequest("ACK")
            #expect(try await eventually { rig.channels.isEmpty })
        }
    }

    @Test("All devices of an account ring; the others stop when one answers")
    func forks() async throws {
        try await withRig { rig in
            let port = try await rig.port(.udp)
            let phones = try (0..<3).map { _ in try RawPhone(user: "6002", secret: "secret6002", serverPort: port) }
            for phone in phones { #expect(try phone.register().status == 200) }
            try await rig.originate("PJSIP/6002")
            let invites = try phones.map { try $0.waitRequest("INVITE") }
            for (phone, invite) in zip(phones, invites) {
                try phone.send(phone.response("180 Ringing", to: invite, tag: "t\(phone.socket.port)"))
            }
            // One that refuses does not end the call.
            try phones[2].send(phones[2].response("486 Busy Here", to: invites[2], tag: "t\(phones[2].socket.port)"))
            _ = try phones[2].waitRequest("ACK")
            try phones[1].send(
                phones[1].response(
                    "200 OK", to: invites[1], tag: "t\(phones[1].socket.port)",
                    headers: ["Contact: \(phones[1].contact)", "Content-Type: application/sdp"], body: phones[1].sdp(port: 41_000)))
            _ = try phones[1].waitRequest("ACK")
            let cancel = try phones[0].waitRequest("CANCEL")
            #expect(cancel.all("reason").contains("SIP;cause=200;text=\"Call completed elsewhere\""))
            #expect(cancel.all("reason").contains("Q.850;cause=26"))
            #expect(try await eventually { rig.channels.first?.state == .up })
            #expect(rig.media.ports.first?.streams.last?.remote?.port == 41_000)
            #expect(rig.media.ports.count == 1)
        }
    }

    @Test("When all devices refuse, the one that says most decides")
    func forksFail() async throws {
        try await withRig { rig in
            let port = try await rig.port(.udp)
            let phones = try (0..<2).map { _ in try RawPhone(user: "6002", secret: "secret6002", serverPort: port) }
            for phone in phones { #expect(try phone.register().status == 200) }
            try await rig.originate("PJSIP/6002")
            let channel = try #require(await rig.channels.first)
            let invites = try phones.map { try $0.waitRequest("INVITE") }
            try phones[0].send(phones[0].response("486 Busy Here", to: invites[0], tag: "a"))
            try phones[1].send(phones[1].response("503 Service Unavailable", to: invites[1], tag: "b"))
            #expect(try await eventually { rig.channels.isEmpty })
            #expect(await channel.hangupCause == .userBusy)
            #expect(await channel.technologyCause == 486)
        }
    }

    @Test("A phone's challenge is answered with the account's secret")
    func answersChallenge() async throws {
        try await withRig { rig in
            let (phone, invite) = try await ring(rig)
            let challenge = "WWW-Authenticate: Digest realm=\"phone\",nonce=\"n1\",algorithm=MD5,qop=\"auth\""
            try phone.send(phone.response("401 Unauthorized", to: invite, tag: "callee", headers: [challenge]))
            _ = try phone.waitRequest("ACK")
            let again = try phone.waitRequest("INVITE")
            #expect(again["authorization"]?.contains("username=\"6002\",realm=\"phone\",nonce=\"n1\"") == true)
            #expect(again["call-id"] == invite["call-id"])
            _ = try answer(phone, again)
            #expect(try await eventually { rig.channels.first?.state == .up })
        }
    }

    @Test("An address from a dial string never gets an answer to its challenge")
    func keepsSecretFromStrangers() async throws {
        try await withRig { rig in
            let stranger = try RawPhone(user: "trap", serverPort: try await rig.port(.udp))
            try await rig.originate("PJSIP/6002/sip:trap@127.0.0.1:\(stranger.socket.port)")
            let invite = try stranger.waitRequest("INVITE")
            let channel = try #require(await rig.channels.first)
            let challenge = "WWW-Authenticate: Digest realm=\"phone\",nonce=\"n1\",algorithm=MD5,qop=\"auth\""
            try stranger.send(stranger.response("401 Unauthorized", to: invite, tag: "callee", headers: [challenge]))
            #expect(try await eventually { rig.channels.isEmpty })
            #expect(await channel.hangupCause == .callRejected)
        }
    }

    @Test("Early audio starts with the 183, and an answer without a description goes on with it")
    func earlyMedia() async throws {
        try await withRig { rig in
            let (phone, invite) = try await ring(rig)
            let headers = ["Contact: \(phone.contact)", "Content-Type: application/sdp"]
            try phone.send(phone.response("183 Session Progress", to: invite, tag: "callee", headers: headers, body: phone.sdp()))
            #expect(try await eventually { rig.media.ports.first?.streams.count == 1 })
            #expect(await rig.events.count("Dial", containing: "\"dialstatus\":\"PROGRESS\"") == 1)
            try phone.send(phone.response("200 OK", to: invite, tag: "callee", headers: ["Contact: \(phone.contact)"]))
            _ = try phone.waitRequest("ACK")
            #expect(try await eventually { rig.channels.first?.state == .up })
        }
    }

    @Test("An answer without a codec in common ends the call")
    func unusableAnswer() async throws {
        try await withRig { rig in
            let (phone, invite) = try await ring(rig)
            let channel = try #require(await rig.channels.first)
            _ = try answer(phone, invite, sdp: phone.sdp(codecs: "97"))
            _ = try phone.waitRequest("BYE")
            #expect(await channel.hangupCause == .bearerCapabilityNotAvailable)
        }
    }

    @Test("Only wanted formats are offered")
    func formats() async throws {
        try await withRig { rig in
            let phone = try RawPhone(user: "6002", secret: "secret6002", serverPort: try await rig.port(.udp))
            #expect(try phone.register().status == 200)
            try await rig.originate("PJSIP/6002", formats: ["slin", "alaw"])
            #expect(try phone.waitRequest("INVITE").body.contains("m=audio 20000 RTP/AVP 8 101\r\n"))
        }
    }

    @Test(
        "What can't be called is refused at once",
        arguments: [
            ("PJSIP/6002", DialRefusal.notRegistered("6002")), ("PJSIP/7777", .unknownDestination("7777")),
            ("PJSIP/", .unknownDestination("")),
            ("PJSIP/sip:@@", .unknownDestination("sip:@@")), ("PJSIP/sips:a@b", .unknownDestination("sips:a@b")),
        ])
    func refusals(endpoint: String, refusal: DialRefusal) async throws {
        try await withRig { rig in
            await #expect(throws: refusal) { try await rig.originate(endpoint) }
            #expect(rig.media.ports.isEmpty)
        }
    }

    @Test("A TCP phone whose port is closed is a failed call")
    func unreachable() async throws {
        try await withRig { rig in
            try await rig.originate("PJSIP/sip:a@127.0.0.1:1;transport=tcp")
            #expect(try await eventually { rig.channels.isEmpty })
        }
    }

    @Test(
        "Destinations that the system refuses to send to do not close the listener",
        arguments: ["255.255.255.255", "240.0.0.1", "224.0.0.1"])
    func survivesBadDestinations(host: String) async throws {
        try await withRig { rig in
            let port = try await rig.port(.udp)
            try await rig.originate("PJSIP/sip:a@\(host):5060")
            try await Task.sleep(for: .milliseconds(50))
            #expect(try RawPhone(serverPort: port).register().status == 200)
        }
    }
}

extension Rig {
    func originate(_ endpoint: String, timeoutMs: Int? = nil, formats: [String] = []) throws {
        var request = OriginateRequest(endpoint: endpoint, target: .dialplan(DialplanLocation(context: "phones", extension: "silent")))
        request.timeoutMs = timeoutMs
        request.outbound.formats = formats
        _ = try core.originate(request)
    }

    /// Dials like Dial() does, for the party that the phone sees.
    func dial(_ destination: String, connected: PartyID) throws {
        let channel = try server.technology.makeChannel(for: destination, request: OutboundRequest())
        channel.connected = connected
        #expect(channel.leg?.call() == true)
    }
}
