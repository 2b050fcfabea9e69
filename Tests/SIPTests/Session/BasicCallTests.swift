import Testing

@testable import SIP

@Suite("Basic calls")
struct BasicCallTests {
    @Test("A call is answered and hung up by either side", arguments: [true, false], [true, false])
    func basicCall(callerHangsUp: Bool, reliable: Bool) {
        let call = SimulatedCall(.init(isReliable: reliable)) { bob, leg in
            bob.on(leg) { $0.ring(at: $1) }
            bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) }
        }
        call.network.run(forMs: 1_000)
        #expect(call.calling.log == ["ringing", "answered answer"])
        #expect(call.called?.log == ["invited offer", "confirmed"])
        #expect(call.network.summary() == ["INVITE", "180 INVITE", "200 INVITE", "ACK"])
        let hangup: (InviteSession, SIPInstant) -> [SessionAction] = { $0.hangup(cause: 16, at: $1) }
        if callerHangsUp { call.alice.on(call.calling, hangup) } else { call.bob.on(call.called!, hangup) }
        call.settle()
        let here = "ended here 16", remote = "ended by remote 16"
        #expect(call.calling.log.suffix(2) == [callerHangsUp ? here : remote, "finished"])
        #expect(call.called?.log.suffix(2) == [callerHangsUp ? remote : here, "finished"])
        #expect(call.network.summary().suffix(2) == ["BYE", "200 BYE"])
        #expect(call.network.messages("BYE").first?.headers["Reason"] == "Q.850;cause=16")
        call.expectNothingRetained()
    }

    @Test("The messages of a call carry what they must")
    func headers() throws {
        let call = SimulatedCall.answered()
        call.network.run(forMs: 100)
        let invite = try #require(call.network.messages("INVITE").first).headers
        #expect(invite["Contact"] == "<sip:10.0.0.1>" && invite["Allow"]?.contains("UPDATE") == true)
        #expect(invite.tokens("Supported") == ["100rel", "timer"] && invite["Session-Expires"] == "1800")
        #expect(invite["Min-SE"] == "90" && invite.contentType == "application/sdp" && invite["Require"] == nil)
        #expect(invite.callID == call.calling.session.callID)
        let success = try #require(call.network.messages("200 INVITE").first).headers
        #expect(success["Contact"] == "<sip:10.0.0.2>" && success.to?.tag == call.called?.session.leg.localTag)
        #expect(success["Session-Expires"] == "1800;refresher=uac" && success["Require"] == "timer")
        let ack = try #require(call.network.messages("ACK").first).headers
        #expect(ack.cseq?.number == invite.cseq?.number && ack.to == success.to)
        #expect(ack.topVia?.branch != invite.topVia?.branch)
    }

    @Test(
        "A refusal reaches the caller with its reasons and causes",
        arguments: [
            (486, nil, 17), (404, nil, 1), (603, nil, 21), (503, nil, 34), (480, 20, 20), (486, 19, 19), (499, nil, 127),
        ] as [(Int, Int?, Int)])
    func refusal(status: Int, q850: Int?, cause: Int) throws {
        let call = SimulatedCall { bob, leg in
            bob.on(leg) { $0.reject(status: status, reasons: q850.map { [.q850($0)] } ?? [], at: $1) }
        }
        call.settle()
        #expect(call.calling.log == ["failed \(status)", "finished"])
        guard case .failed(let failure) = call.calling.events[0] else { return }
        #expect(failure.cause == cause && failure.status == status)
        #expect(call.network.summary() == ["INVITE", "\(status) INVITE", "ACK"])
        call.expectNothingRetained()
    }

    @Test(
        "A hangup before the answer refuses the call with the status of its cause",
        arguments: [
            (17, 486), (16, 603), (nil, 603), (21, 403), (1, 404), (34, 503),
        ] as [(Int?, Int)])
    func refusalByCause(cause: Int?, status: Int) {
        let call = SimulatedCall { bob, leg in bob.on(leg) { $0.hangup(cause: cause, at: $1) } }
        call.settle()
        #expect(call.calling.log == ["failed \(status)", "finished"])
        call.expectNothingRetained()
    }

    @Test("A redirection tells its contacts")
    func redirection() {
        let call = SimulatedCall { bob, leg in
            bob.on(leg) { $0.reject(status: 302, headers: [("Contact", "<sip:carol@10.0.0.3>, <sip:dave@10.0.0.4>")], at: $1) }
        }
        call.settle()
        guard case .failed(let failure) = call.calling.events.first else { return #expect(Bool(false)) }
        #expect(failure.contacts.map(\.uri.description) == ["sip:carol@10.0.0.3", "sip:dave@10.0.0.4"])
    }

    @Test("Early media comes as a preview when provisional responses are not reliable")
    func earlyMedia() {
        let call = SimulatedCall(configure: { _, bob in bob.configuration.reliableProvisionals = .onDemand }) { bob, leg in
            bob.on(leg) { $0.progress(sdp: .init(sdp: "early"), at: $1) }
            bob.network.after(ms: 500) { bob.on(leg) { $0.answer(sdp: .init(sdp: "final"), at: $1) } }
        }
        call.network.run(forMs: 2_000)
        #expect(call.calling.log == ["progress 183 early", "answered final"])
        #expect(!call.network.summary().contains("PRACK"))
    }

    @Test("Nobody there: the INVITE times out", arguments: [false, true])
    func nobody(reliable: Bool) {
        let network = SimulatedNetwork(.init(isReliable: reliable))
        let alice = SimulatedEndpoint("10.0.0.1", on: network)
        let call = alice.call("10.0.0.9")
        network.run(forMs: 60_000)
        #expect(call.log == ["failed 408", "finished"])
        #expect(alice.layer.clientTransactionCount == 0)
    }

    @Test("A call without an offer gets it in the 2xx and answers in the ACK")
    func delayedOffer() {
        let call = SimulatedCall(sdp: nil) { bob, leg in bob.on(leg) { $0.answer(sdp: .init(sdp: "their offer"), at: $1) } }
        call.network.run(forMs: 1_000)
        #expect(call.calling.log == ["offer their offer", "answered -"])
        #expect(call.called?.log == ["invited -", "answer answer to their offer", "confirmed"])
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("A call without an offer whose answer is refused ends with BYE on both sides")
    func delayedOfferRefused() {
        let call = SimulatedCall(
            sdp: nil,
            configure: { alice, _ in
                alice.onEvent = { alice, leg, event in
                    if case .offerReceived(_, let token) = event { alice.on(leg) { $0.refuseOffer(token, at: $1) } }
                }
            }
        ) { bob, leg in bob.on(leg) { $0.answer(sdp: .init(sdp: "their offer"), at: $1) } }
        call.settle()
        #expect(call.calling.log.suffix(2) == ["ended here 16", "finished"])
        #expect(call.called?.log.last == "finished")
        call.expectNothingRetained()
    }

    @Test(
        "An INVITE that asks too much is refused",
        arguments: [
            ("Require", "teleport, 100rel", 420, "Unsupported", "teleport"),
            ("Session-Expires", "30", 422, "Min-SE", "90"),
            ("Content-Encoding", "gzip", 415, "Accept-Encoding", "identity"),
        ])
    func unacceptable(name: String, value: String, status: Int, header: String, expected: String) throws {
        let network = SimulatedNetwork()
        let alice = SimulatedEndpoint("10.0.0.1", on: network)
        alice.configuration.sessionTimers.isEnabled = false
        let bob = SimulatedEndpoint("10.0.0.2", on: network)
        alice.call("10.0.0.2", headers: [(name, value)] + (status == 422 ? [("Supported", "timer")] : []))
        network.run(forMs: 100_000)
        let refusal = try #require(network.messages("\(status) INVITE").first)
        #expect(refusal.headers[header] == expected)
        #expect(bob.calls.first?.log == ["finished"])
        #expect(bob.layer.serverTransactionCount == 0 && bob.liveCalls == 0)
    }

    @Test("A challenge is answered with a new number and branch, and the ACK repeats the credentials")
    func challenge() throws {
        let call = SimulatedCall { bob, leg in
            if leg.session.invite.headers["Authorization"] == nil {
                bob.on(leg) { $0.reject(status: 401, headers: [("WWW-Authenticate", "Digest realm=\"x\"")], at: $1) }
            } else {
                bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) }
            }
        }
        call.network.run(forMs: 1_000)
        #expect(call.calling.log == ["challenged 401", "answered answer"])
        let invites = call.network.messages("INVITE").map(\.headers)
        #expect(invites.count == 2 && invites[1].cseq?.number == (invites[0].cseq?.number ?? 0) + 1)
        #expect(invites[0].topVia?.branch != invites[1].topVia?.branch && invites[0].callID == invites[1].callID)
        #expect(invites[1].to?.tag == nil && invites[1].from == invites[0].from)
        #expect(call.network.messages("ACK").last?.headers["Authorization"] == "Digest me")
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("Challenges without end fail the call after the bound")
    func endlessChallenge() {
        let call = SimulatedCall { bob, leg in bob.on(leg) { $0.reject(status: 407, at: $1) } }
        call.settle()
        #expect(call.calling.log.filter { $0 == "challenged 407" }.count == SessionLimits.retries)
        #expect(call.calling.log.suffix(2) == ["failed 407", "finished"])
        call.expectNothingRetained()
    }

    @Test("An abandoned challenge fails the call")
    func abandoned() {
        let call = SimulatedCall(configure: { alice, _ in
            alice.onEvent = { alice, leg, event in
                if case .challenged(let token, _) = event { alice.on(leg) { $0.abandon(token, at: $1) } }
            }
        }) { bob, leg in bob.on(leg) { $0.reject(status: 401, at: $1) } }
        call.settle()
        #expect(call.calling.log == ["challenged 401", "failed 401", "finished"])
        call.expectNothingRetained()
    }

    @Test("Other requests go through in the dialog, and their answers come back by their numbers")
    func otherRequests() throws {
        let call = SimulatedCall.answered()
        call.network.run(forMs: 100)
        let alice = call.alice, leg = call.calling!
        alice.on(leg) { $0.sendInfo(contentType: "application/dtmf-relay", body: .init(sdp: "Signal=5"), id: 1, at: $1) }
        alice.on(leg) { $0.sendMessage(contentType: "text/plain", body: .init(sdp: "hello"), id: 2, at: $1) }
        alice.on(leg) { $0.refer(to: NameAddr("<sip:carol@10.0.0.3>")!, id: 3, at: $1) }
        alice.on(leg) {
            $0.notify(event: "refer", subscriptionState: "active", contentType: nil, body: [], id: 4, at: $1)
        }
        alice.on(leg) { $0.request(.options, id: 5, at: $1) }
        alice.on(leg) { $0.request(.publish, id: 6, at: $1) }
        alice.on(leg) { $0.request(.other("DANCE"), id: 7, at: $1) }
        call.network.run(forMs: 100)
        #expect(
            Set(leg.log.suffix(7)) == [
                "completed 1 200", "completed 2 200", "completed 3 202", "completed 4 200", "completed 5 200",
                "completed 6 405", "completed 7 501",
            ])
        #expect(call.called?.log.suffix(4) == ["info application/dtmf-relay Signal=5", "message hello", "refer", "notify"])
        #expect(call.network.messages("REFER").first?.headers["Refer-To"] == "<sip:carol@10.0.0.3>")
        #expect(call.network.messages("405 PUBLISH").first?.headers["Allow"]?.contains("PRACK") == true)
        alice.on(leg) { $0.hangup(at: $1) }
        alice.on(leg) { $0.request(.options, id: 8, at: $1) }
        #expect(leg.log.last == "completed 8 481")
        call.settle()
        call.expectNothingRetained()
    }

    @Test("A request out of order is answered 500, one with a strange tag or an unknown extension 481 and 420")
    func strangeRequests() throws {
        let call = SimulatedCall.answered()
        call.network.run(forMs: 100)
        let session = try #require(call.called).session
        var dialog = try #require(call.calling.session.dialog)
        func send(_ change: (inout SIPRequest) -> Void) -> Int? {
            var request = dialog.makeRequest(.info)
            change(&request)
            for case .respond(_, let response) in session.receive(request, .init(number: 77), at: call.network.now) {
                return response.status
            }
            return nil
        }
        #expect(send { _ in } == 200)
        #expect(
            send {
                $0.headers.set("CSeq", "1 INFO"); $0.headers.set("CSeq", "0 INFO")
            } == 500)
        #expect(send { $0.headers.set("From", "<sip:x@y>;tag=other") } == 481)
        #expect(send { $0.headers.add("Require", "teleport") } == 420)
    }
}
