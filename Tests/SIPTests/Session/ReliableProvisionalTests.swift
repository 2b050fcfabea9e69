import Testing

@testable import SIP

@Suite("Reliable provisional responses")
struct ReliableProvisionalTests {
    @Test("Early media is answered reliably, and the 200 repeats no description")
    func earlyMedia() {
        let call = SimulatedCall { bob, leg in
            bob.on(leg) { $0.ring(at: $1) }
            bob.on(leg) { $0.progress(sdp: .init(sdp: "early"), at: $1) }
            bob.network.after(ms: 500) { bob.on(leg) { $0.answer(sdp: .init(sdp: "early"), at: $1) } }
        }
        call.network.run(forMs: 2_000)
        #expect(call.calling.log == ["ringing", "progress 183 early", "answered early"])
        #expect(
            call.network.summary() == [
                "INVITE", "180 INVITE", "183 INVITE", "PRACK", "200 PRACK", "200 INVITE", "ACK",
            ])
        #expect(call.network.messages("200 INVITE").first?.body.isEmpty == true)
        #expect(call.network.messages("180 INVITE").first?.headers["RSeq"] == nil)
        call.bob.on(call.called!) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("An answer waits for the PRACK of a description, and other provisional responses queue")
    func answerWaits() {
        let call = SimulatedCall(.init(delayMs: 50...50)) { bob, leg in
            bob.on(leg) { $0.progress(sdp: .init(sdp: "early"), at: $1) }
            bob.on(leg) { $0.ring(at: $1) }
            bob.on(leg) { $0.answer(sdp: .init(sdp: "early"), at: $1) }
        }
        call.network.run(forMs: 2_000)
        #expect(call.network.summary() == ["INVITE", "183 INVITE", "PRACK", "200 PRACK", "200 INVITE", "ACK"])
        #expect(call.calling.log == ["progress 183 early", "answered early"])
    }

    @Test("When the caller requires it, each provisional response is reliable, one after the other")
    func required() {
        let call = SimulatedCall(
            .init(delayMs: 50...50), configure: { alice, _ in alice.configuration.reliableProvisionals = .required }
        ) { bob, leg in
            bob.on(leg) { $0.ring(at: $1) }
            bob.on(leg) { $0.progress(status: 182, sdp: nil, at: $1) }
        }
        call.network.run(forMs: 2_000)
        #expect(call.calling.log == ["ringing", "progress 182 -"])
        #expect(call.network.summary() == ["INVITE", "180 INVITE", "PRACK", "200 PRACK", "182 INVITE", "PRACK", "200 PRACK"])
        let numbers = call.network.wire.compactMap { SimulatedNetwork.parse($0.bytes).headers["RSeq"].flatMap { Int($0) } }
        #expect(numbers.count == 2 && numbers[1] == numbers[0] + 1)
    }

    @Test("Without PRACK the response is repeated with doubling intervals, and the call refused after 64*T1")
    func noPRACK() {
        let call = SimulatedCall { bob, leg in bob.on(leg) { $0.progress(sdp: .init(sdp: "early"), at: $1) } }
        call.network.passes = { message, _ in SimulatedNetwork.summary(of: message) != "PRACK" }
        call.settle()
        let times = call.network.wire.filter { SimulatedNetwork.summary(of: SimulatedNetwork.parse($0.bytes)) == "183 INVITE" }
            .map { $0.atMs - 5 }
        #expect(times == [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500])
        #expect(call.called?.log == ["invited offer", "ended here 102 504", "finished"])
        #expect(call.calling.log == ["progress 183 early", "failed 504", "finished"])
        call.expectNothingRetained()
    }

    @Test("A PRACK that matches nothing is answered 481", arguments: ["1 1 INVITE", "x", "99999999999 1 INVITE", ""])
    func strangePRACK(rack: String) throws {
        let call = SimulatedCall { bob, leg in bob.on(leg) { $0.progress(sdp: .init(sdp: "early"), at: $1) } }
        call.network.passes = { message, _ in SimulatedNetwork.summary(of: message) != "PRACK" }
        call.network.run(forMs: 100)
        var dialog = try #require(call.calling.session.dialog)
        var prack = dialog.makeRequest(.prack)
        prack.headers.add("RAck", rack)
        let actions = try #require(call.called).session.receive(prack, .init(number: 9), at: call.network.now)
        guard case .respond(_, let response) = actions.first else { return #expect(Bool(false)) }
        #expect(response.status == 481)
    }

    @Test("A call without an offer gets it early and answers in the PRACK")
    func offerInProvisional() {
        let call = SimulatedCall(sdp: nil) { bob, leg in
            bob.on(leg) { $0.progress(sdp: .init(sdp: "early offer"), at: $1) }
            bob.network.after(ms: 500) { bob.on(leg) { $0.answer(sdp: nil, at: $1) } }
        }
        call.network.run(forMs: 2_000)
        #expect(call.calling.log == ["progress 183 -", "offer early offer", "answered -"])
        #expect(call.called?.log == ["invited -", "answer answer to early offer", "confirmed"])
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("An early offer that is refused cancels the call")
    func earlyOfferRefused() {
        let call = SimulatedCall(
            sdp: nil,
            configure: { alice, _ in
                alice.onEvent = { alice, leg, event in
                    if case .offerReceived(_, let token) = event { alice.on(leg) { $0.refuseOffer(token, at: $1) } }
                }
            }
        ) { bob, leg in bob.on(leg) { $0.progress(sdp: .init(sdp: "early offer"), at: $1) } }
        call.settle()
        #expect(call.network.summary().contains("CANCEL") && call.calling.log.last == "finished")
        call.expectNothingRetained()
    }

    @Test("Before the answer an UPDATE changes what was agreed, by either side", arguments: [true, false])
    func earlyUpdate(byCaller: Bool) {
        let call = SimulatedCall { bob, leg in bob.on(leg) { $0.progress(sdp: .init(sdp: "early"), at: $1) } }
        call.network.run(forMs: 500)
        let update: (InviteSession, SIPInstant) -> [SessionAction] = { $0.update(sdp: .init(sdp: "other"), at: $1) }
        if byCaller { call.alice.on(call.calling, update) } else { call.bob.on(call.called!, update) }
        call.network.run(forMs: 500)
        #expect((byCaller ? call.calling.log : call.called!.log).last == "answer answer to other")
        #expect((byCaller ? call.called!.log : call.calling.log).last == "offer other")
        call.bob.on(call.called!) { $0.answer(sdp: .init(sdp: "early"), at: $1) }
        call.network.run(forMs: 500)
        #expect(call.calling.log.last == "answered early" && call.called?.log.last == "confirmed")
        call.bob.on(call.called!) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("A UPDATE with an offer before the first answer is refused for later")
    func updateTooEarly() throws {
        let call = SimulatedCall { bob, leg in bob.on(leg) { $0.ring(at: $1) } }
        call.network.run(forMs: 100)
        var dialog = try #require(call.calling.session.dialog)
        var update = dialog.makeRequest(.update)
        update.body = Array("early".utf8)
        let actions = try #require(call.called).session.receive(update, .init(number: 9), at: call.network.now)
        guard case .respond(_, let response) = actions.first else { return #expect(Bool(false)) }
        #expect(response.status == 500 && response.headers["Retry-After"] != nil)
    }
}
