import ARIModel
import CallCore
import SIP
import Testing

@testable import SIPServer

@Suite("Messages outside of calls", .serialized)
struct MessageTests {
    /// A registered phone, which has answered nothing yet.
    private func phone(_ rig: Rig, _ kind: RawSocket.Kind = .udp, user: String = "6001") async throws -> RawPhone {
        let phone = try RawPhone(kind, user: user, secret: "secret\(user)", serverPort: try await rig.port(kind))
        #expect(try phone.register().status == 200)
        return phone
    }

    private func send(_ text: String, from phone: RawPhone) throws -> RawMessage {
        let target = "sip:anybody@\(phone.domain)"
        func ask(_ cseq: Int, _ more: [String]) throws -> RawMessage {
            try phone.send(
                phone.request(
                    "MESSAGE", target, to: "<\(target)>", callID: "m\(text.count)", cseq: cseq,
                    headers: ["Content-Type: text/plain"] + more, body: text))
            return try phone.waitFinal("MESSAGE")
        }
        let challenge = try ask(1, [])
        #expect(challenge.status == 401)
        return try ask(2, [try phone.authorization(challenge, "MESSAGE", target)])
    }

    @Test("A text from a phone is told to who listens to the phone; without a listener the phone learns that nobody got it")
    func incoming() async throws {
        try await withRig { rig in
            let phone = try await phone(rig)
            #expect(try send("hällo", from: phone).status == 202)
            let event = try #require(await rig.events.all.first { $0.type == "TextMessageReceived" })
            let message = try JSONParser.parse(Array(event.text.utf8))["message"]?.object
            #expect(message?["body"] == "hällo" && message?["from"]?.string == "<sip:6001@127.0.0.1>")
            #expect(message?["to"]?.string == "pjsip:anybody@127.0.0.1")
            #expect(message?["variables"]?["To"]?.string == "<sip:anybody@127.0.0.1>" && message?["variables"]?["Content-Length"] == "6")
            #expect(message?["variables"]?["PJSIP_ENDPOINT"] == "Phone 1")
            await rig.stopListening()
            #expect(try send("nobody", from: phone).status == 404)
        }
    }

    @Test(
        "A text reaches a registered phone with its sender and fields, and only fields that may be set",
        arguments: [RawSocket.Kind.udp, .tcp])
    func outgoing(kind: RawSocket.Kind) async throws {
        try await withRig { rig in
            let phone = try await phone(rig, kind)
            let variables = [NamedValue("X-Order", "12\r\nEvil: 1"), NamedValue("Via", "nonsense"), NamedValue("bad name", "x")]
            let message = OutgoingMessage(from: "\"Boss\" <sip:boss@example.org>", body: "Café\r\nopen", variables: variables)
            #expect(await rig.core.send(message, technology: "pjsip", resource: "6001"))
            let got = try phone.waitRequest("MESSAGE")
            #expect(got.body == "Café\r\nopen" && got["content-type"] == "text/plain")
            #expect(got["from"]?.hasPrefix("\"Boss\" <sip:boss@example.org>;tag=") == true)
            #expect(got["x-order"] == "12 Evil: 1" && got.all("via").count == 1 && got["bad name"] == nil)
            try phone.send(phone.response("200 OK", to: got, tag: "t"))
            #expect(await rig.core.send(OutgoingMessage(from: nil, body: ""), technology: "PJSIP", resource: "6001"))
            let anonymous = try phone.waitRequest("MESSAGE")
            #expect(anonymous["from"]?.contains("sip:anonymous@anonymous.invalid") == true && anonymous.body.isEmpty)
            for (technology, resource) in [("PJSIP", "6002"), ("PJSIP", "nobody"), ("Local", "1"), ("nothing", "6001"), ("PJSIP", "")] {
                #expect(await !rig.core.send(OutgoingMessage(from: "a", body: "x"), technology: technology, resource: resource))
            }
        }
    }

    @Test("A phone is sent elsewhere, also to somebody at this server")
    func refer() async throws {
        try await withRig { rig in
            let phone = try await phone(rig)
            for (isToSelf, place) in [(false, "sip:echo@example.org"), (true, "sip:echo@127.0.0.1:\(try await rig.port(.udp))")] {
                let referral = EndpointReferral(from: "boss", referTo: "sip:echo@example.org", isToSelf: isToSelf, displayName: "Echo")
                #expect(await rig.core.refer(referral, technology: "PJSIP", resource: "6001"))
                let got = try phone.waitRequest("REFER")
                #expect(got["refer-to"] == "\"Echo\" <\(place)>" || got["refer-to"] == "Echo <\(place)>")
                #expect(got["referred-by"]?.contains("sip:boss@127.0.0.1") == true)
                try phone.send(phone.response("202 Accepted", to: got, tag: "t"))
            }
        }
    }

    @Test("Phones of a mailbox are told how many messages wait, when they register and when it changes")
    func messageWaiting() async throws {
        try await withRig(testSettings { if $0.name == "6001" { $0.mailbox = "6001" } }) { rig in
            #expect(await rig.core.mailboxes.set(Mailbox(name: "6001@default", oldMessages: 3, newMessages: 2)))
            let phone = try await phone(rig)
            func told() throws -> RawMessage {
                let got = try phone.waitRequest("NOTIFY")
                try phone.send(phone.response("200 OK", to: got, tag: "t"))
                #expect(got["event"] == "message-summary" && got["content-type"] == "application/simple-message-summary")
                return got
            }
            #expect(try told().body.contains("Messages-Waiting: yes\r\n"))
            #expect(await rig.core.mailboxes.set(Mailbox(name: "other@default", oldMessages: 0, newMessages: 9)))
            #expect(await rig.core.mailboxes.set(Mailbox(name: "6001@default", oldMessages: 5, newMessages: 0)))
            let second = try told()
            #expect(second.body.contains("Messages-Waiting: no\r\n") && second.body.contains("Voice-Message: 0/5 (0/0)\r\n"))
            #expect(await rig.core.mailboxes.remove("6001@default"))
            #expect(try told().body.contains("Voice-Message: 0/0 (0/0)\r\n"))
        }
    }
}
