import Audio
import CallCore
import Foundation
import Media
import Testing

import struct Dialplan.ExpandedText

@testable import SIPServer

@Suite("Calls that come in", .serialized)
struct IncomingCallTests {
    @Test("A call is challenged, answered and ended by the phone", arguments: RegistrationTests.ways)
    func callEndsByPhone(way: RegistrationTests.Way) async throws {
        try await withRig { rig in
            let phone = try RawPhone(way.kind, host: way.host, serverPort: try await rig.port(way.kind, host: way.host))
            let call = try phone.invite("answer")
            let answer = try call.connect()
            #expect(answer.audioPort == 20_000)
            #expect(answer.body.contains("a=sendrecv\r\n"))
            #expect(answer.body.contains("IN \(way.host.contains(":") ? "IP6" : "IP4") \(way.host)\r\n"))
            #expect(answer["server"] == "Arioso/test")
            let stream = try #require(rig.media.ports.first?.streams.last)
            #expect(stream.codec == .pcmu)
            #expect(stream.remote?.port == 40_000)
            #expect(stream.telephoneEventPayloadType == 101)
            let channel = try #require(await rig.channels.first)
            #expect(await channel.protocolID == call.callID)
            #expect(await channel.caller == PartyID(name: "Phone 1", number: "6001"))
            #expect(await channel.variable("SIPDOMAIN")?.string == way.host)
            #expect(try call.exchange("BYE").status == 200)
            #expect(try await eventually { rig.channels.isEmpty })
            #expect(rig.media.ports.first?.isClosed == true)
            #expect(await channel.hangupCause == .unknown)
        }
    }

    @Test("The server ends a call with BYE and its Q.850 cause")
    func callEndsByServer() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer")
            try call.connect()
            try await rig.onFirstChannel { $0.requestHangup(cause: .normalClearing) }
            let bye = try phone.waitRequest("BYE")
            #expect(bye["reason"] == "Q.850;cause=16")
            #expect(bye.target == phone.contact.dropFirst().dropLast())
            try phone.send(phone.response("200 OK", to: bye))
            #expect(try await eventually { rig.server.load.calls == 0 })
        }
    }

    @Test("BYE with a reason gives the channel its cause")
    func takesReasonOfBye() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer")
            try call.connect()
            let channel = try #require(await rig.channels.first)
            #expect(try call.exchange("BYE", headers: ["Reason: SIP;cause=200, Q.850;cause=31;text=\"x\""]).status == 200)
            #expect(try await eventually { rig.channels.isEmpty })
            #expect(await channel.hangupCause == .normalUnspecified)
        }
    }

    @Test(
        "A call that nobody answered is refused with the status of its cause",
        arguments: [(16, 603), (17, 486), (34, 503), (19, 480), (18, 408), (21, 403), (1, 404)])
    func refusesByCause(cause: Int, status: Int) async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("ring")
            _ = try phone.wait("180") { $0.status == 180 }
            try await rig.onFirstChannel { $0.requestHangup(cause: HangupCause(cause)) }
            let final = try phone.waitFinal("INVITE")
            #expect(final.status == status)
            #expect(final["reason"] == "Q.850;cause=\(cause)")
            try call.acknowledge(final)
            #expect(try await eventually { rig.channels.isEmpty && rig.server.load.calls == 0 })
        }
    }

    @Test("An unknown extension is 404, and no channel is made")
    func unknownExtension() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("nowhere")
            let final = try phone.waitFinal("INVITE")
            #expect(final.status == 404)
            try call.acknowledge(final)
            #expect(await rig.events.count("ChannelCreated") == 0)
            #expect(await rig.server.load.calls == 0)
        }
    }

    @Test("Without a codec in common the call is 488, and no channel is made")
    func noCommonCodec() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer", body: phone.sdp(codecs: "97"))
            let final = try phone.waitFinal("INVITE")
            #expect(final.status == 488)
            try call.acknowledge(final)
            #expect(await rig.events.count("ChannelCreated") == 0)
            #expect(!rig.media.ports.contains { !$0.isClosed })
        }
    }

    @Test("Without a port for audio the call is 503, and no channel is made")
    func noPort() async throws {
        try await withRig { rig in
            await rig.fillMedia()
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer")
            let final = try phone.waitFinal("INVITE")
            #expect(final.status == 503)
            try call.acknowledge(final)
            #expect(await rig.events.count("ChannelCreated") == 0)
        }
    }

    @Test("An INVITE without an offer gets ours in the 200, and the ACK answers it")
    func lateOffer() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer", body: "")
            let answer = try phone.waitFinal("INVITE")
            #expect(answer.status == 200)
            #expect(answer.body.contains("m=audio 20000 RTP/AVP 0 8 9 101"))
            try phone.send(
                phone.request(
                    "ACK", answer.contactURI ?? "", to: answer["to"] ?? "", callID: call.callID, cseq: call.cseq,
                    headers: ["Content-Type: application/sdp"], body: phone.sdp(codecs: "8 101")))
            #expect(try await eventually { rig.media.ports.first?.streams.last?.codec == .pcma })
        }
    }

    @Test("Ringing is 180, early audio is 183 with a description, and the answer has the same one")
    func earlyMedia() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("progress")
            let progress = try phone.wait("183") { $0.status == 183 }
            #expect(progress.audioPort == 20_000)
            #expect(try await eventually { rig.media.ports.first?.streams.count == 1 })
            try await rig.onFirstChannel { $0.leg?.indicate(.ringing) }
            #expect(try phone.wait("180") { $0.status == 180 }.body.isEmpty)
            try await rig.onFirstChannel { $0.answer() }
            let answer = try call.connect()
            #expect(answer.body == progress.body)
        }
    }

    @Test("CANCEL ends a ringing call: 200, then 487 with cause 0")
    func cancel() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("ring")
            _ = try phone.wait("180") { $0.status == 180 }
            let channel = try #require(await rig.channels.first)
            try call.cancel()
            var finals: [String: RawMessage] = [:]
            while finals.count < 2 {
                let final = try phone.wait("final response") { ($0.status ?? 0) >= 200 }
                finals[final.method] = final
            }
            #expect(finals["CANCEL"]?.status == 200)
            let refusal = try #require(finals["INVITE"])
            #expect(refusal.status == 487)
            #expect(refusal["reason"] == "Q.850;cause=0")
            try call.acknowledge(refusal)
            #expect(try await eventually { rig.channels.isEmpty })
            #expect(await channel.hangupCause == .interworking)
            #expect(await channel.technologyCause == 487)
        }
    }

    @Test("A CANCEL that crosses the 200 is answered and changes nothing")
    func lateCancel() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer")
            let answer = try phone.waitFinal("INVITE")
            try call.cancel()
            #expect([200, 481].contains(try phone.waitFinal("CANCEL").status))
            try call.acknowledge(answer)
            #expect(try call.exchange("OPTIONS").status == 200)
            #expect(await rig.channels.count == 1)
            #expect(try call.exchange("BYE").status == 200)
        }
    }

    @Test("A phone holds with sendonly, inactive or 0.0.0.0, and comes back", arguments: ["sendonly", "inactive", "zero"])
    func hold(how: String) async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("app")
            try call.connect()
            #expect(try await eventually { rig.events.count("StasisStart") == 1 })
            let held = how == "zero" ? phone.sdp(version: 2, address: "0.0.0.0") : phone.sdp(direction: how, version: 2)
            let answer = try call.reinvite(held)
            #expect(answer.status == 200)
            #expect(answer.body.contains(how == "sendonly" || how == "zero" ? "a=recvonly" : "a=inactive"))
            #expect(try await eventually { rig.media.ports.first?.streams.last?.sends == false })
            #expect(await rig.events.count("ChannelHold") == 1)
            let back = try call.reinvite(phone.sdp(port: 40_002, version: 3))
            #expect(back.body.contains("a=sendrecv"))
            #expect(try await eventually { rig.media.ports.first?.streams.last?.sends == true })
            #expect(rig.media.ports.first?.streams.last?.remote?.port == 40_002)
            #expect(await rig.events.count("ChannelUnhold") == 1)
            #expect(rig.media.ports.count == 1)
            #expect(rig.media.ports.first?.isClosed == false)
        }
    }

    @Test("An offer in mid-call without a codec in common is refused, and the call goes on")
    func refusesOffer() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer")
            try call.connect()
            #expect(try call.reinvite(phone.sdp(codecs: "97", version: 2)).status == 488)
            #expect(try call.exchange("OPTIONS").status == 200)
            #expect(rig.media.ports.first?.streams.count == 1)
        }
    }

    @Test(
        "Digits come by INFO in both of its forms",
        arguments: [
            ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "\"digit\":\"5\",\"duration_ms\":160"),
            ("application/dtmf-relay", "Signal= 10\r\nDuration= 250\r\n", "\"digit\":\"*\",\"duration_ms\":250"),
            ("application/dtmf", "a", "\"digit\":\"A\",\"duration_ms\":100"),
        ])
    func infoDigits(type: String, body: String, event: String) async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("app")
            try call.connect()
            #expect(try await eventually { rig.events.count("StasisStart") == 1 })
            #expect(try call.exchange("INFO", headers: ["Content-Type: \(type)"], body: body).status == 200)
            #expect(await rig.events.count("ChannelDtmfReceived", containing: event) == 1)
        }
    }

    @Test("Digits come in the audio, and audio that stops ends the call")
    func mediaEvents() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            try phone.invite("app").connect()
            #expect(try await eventually { rig.events.count("StasisStart") == 1 })
            await rig.happen(.digit("3", durationMs: 120))
            #expect(await rig.events.count("ChannelDtmfReceived", containing: "\"digit\":\"3\",\"duration_ms\":120") == 1)
            await rig.happen(.rtpTimedOut)
            #expect(try phone.waitRequest("BYE")["reason"] == "Q.850;cause=102")
        }
    }

    @Test("A repeated INVITE gets the same answer and makes no second channel")
    func repeatedInvite() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("ring")
            let first = try phone.wait("180") { $0.status == 180 }
            try call.repeatLast()
            #expect(try phone.wait("180 again") { $0.status == 180 }.toTag == first.toTag)
            #expect(await rig.channels.count == 1)
        }
    }

    @Test("An account that wants INFO gets digits as INFO, one after the other")
    func sendsInfoDigits() async throws {
        try await withRig(testSettings { $0.dtmf = .info }) { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer")
            #expect(try !call.connect().body.contains("telephone-event"))
            try await rig.onFirstChannel { $0.sendDigits("7#", betweenMs: 50, durationMs: 80) }
            for digit in ["7", "#"] {
                let info = try phone.waitRequest("INFO")
                #expect(info["content-type"] == "application/dtmf-relay")
                #expect(info.body == "Signal=\(digit)\r\nDuration=80\r\n")
                try phone.send(phone.response("200 OK", to: info))
            }
            #expect(rig.media.ports.first?.digits.isEmpty == true)
        }
    }

    @Test("Other accounts get digits in the audio")
    func sendsDigitsAsAudio() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            try phone.invite("answer").connect()
            try await rig.onFirstChannel { $0.sendDigits("7") }
            #expect(rig.media.ports.first?.digits.contains { $0.digit == "7" } == true)
        }
    }

    @Test("An unanswered call is sent elsewhere with 302, an answered one is asked to go with REFER")
    func transfers() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let ringing = try phone.invite("ring")
            _ = try phone.wait("180") { $0.status == 180 }
            try await rig.onFirstChannel { #expect($0.leg?.transfer(to: "6002") == true) }
            let moved = try phone.waitFinal("INVITE")
            #expect(moved.status == 302)
            #expect(moved.contactURI == "sip:6002@\(phone.domain)")
            try ringing.acknowledge(moved)
            #expect(try await eventually { rig.channels.isEmpty })
            try phone.invite("answer").connect()
            try await rig.onFirstChannel { #expect($0.leg?.transfer(to: "PJSIP/6002") == true) }
            let refer = try phone.waitRequest("REFER")
            #expect(refer["refer-to"] == "<sip:6002@\(phone.domain)>")
        }
    }

    @Test("An endpoint has no more calls at one time than the limit")
    func limitsCalls() async throws {
        var settings = testSettings()
        settings.limits.callsPerEndpoint = 1
        try await withRig(settings) { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let first = try phone.invite("answer")
            try first.connect()
            let second = try phone.invite("answer")
            let refusal = try phone.waitFinal("INVITE")
            #expect(refusal.status == 503)
            #expect(refusal["retry-after"] != nil)
            try second.acknowledge(refusal)
            #expect(try first.exchange("BYE").status == 200)
            #expect(try await eventually { rig.channels.isEmpty })
            try phone.invite("answer").connect()
        }
    }

    @Test("A caller whose connection breaks before the answer is gone")
    func connectionBreaks() async throws {
        try await withRig { rig in
            let phone = try RawPhone(.tcp, serverPort: try await rig.port(.tcp))
            _ = try phone.invite("ring")
            _ = try phone.wait("180") { $0.status == 180 }
            #expect(await rig.channels.count == 1)
            phone.socket.close()
            #expect(try await eventually { rig.channels.isEmpty })
        }
    }

    @Test("A call that was never challenged leaves nothing behind")
    func strangersLeaveNothing() async throws {
        try await withRig { rig in
            let phone = try RawPhone(user: "nobody", serverPort: try await rig.port(.udp))
            for number in 0..<50 {
                try phone.send(
                    phone.request(
                        "INVITE", "sip:answer@\(phone.domain)", to: "<sip:answer@\(phone.domain)>", callID: "stranger\(number)", cseq: 1,
                        headers: ["Contact: \(phone.contact)", "Content-Type: application/sdp"], body: phone.sdp()))
                #expect(try phone.waitFinal("INVITE").status == 401)
            }
            #expect(await rig.server.load == SIPServerLoad(calls: 0, serverTransactions: 0, clientTransactions: 0, connections: 0))
        }
    }
}

extension Rig {
    /// Does something with the oldest channel.
    func onFirstChannel(_ action: @CallActor (Channel) -> Void) throws {
        action(try #require(channels.first))
    }

    /// Lets the first port tell something.
    func happen(_ event: MediaEvent) { media.ports.first?.events(event) }

    func fillMedia() { media.isFull = true }
}
