import Testing

@testable import SIP

@Suite("Cancelling and hanging up in races")
struct CancelTests {
    private typealias Leg = SimulatedEndpoint.Call

    private func ring(_ bob: SimulatedEndpoint, _ leg: Leg) { bob.on(leg) { $0.ring(at: $1) } }

    @Test("A ringing call is cancelled: 487 on the wire, an end with the reason on both sides")
    func cancel() {
        let call = SimulatedCall(bobInvited: ring)
        call.network.run(forMs: 1_000)
        call.alice.on(call.calling) {
            $0.hangup(cause: 26, reasons: [.sip(200, text: "Call completed elsewhere")], at: $1)
        }
        call.settle()
        #expect(call.calling.log == ["ringing", "ended here 26", "finished"])
        #expect(call.called?.log == ["invited offer", "ended by remote 26 487", "finished"])
        #expect(call.network.summary() == ["INVITE", "180 INVITE", "CANCEL", "200 CANCEL", "487 INVITE", "ACK"])
        guard case .ended(let end) = call.called?.events[1] else { return #expect(Bool(false)) }
        #expect(end.reasons == [.sip(200, text: "Call completed elsewhere"), .q850(26)])
        call.expectNothingRetained()
    }

    @Test("A hangup before any response waits with CANCEL until one comes")
    func cancelBeforeResponse() {
        let call = SimulatedCall(.init(delayMs: 50...50), bobInvited: ring)
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.settle()
        #expect(call.calling.log == ["ended here 16", "finished"])
        #expect(call.network.summary(from: "10.0.0.1") == ["INVITE", "CANCEL", "ACK"])
        #expect(call.called?.log.last == "finished")
        call.expectNothingRetained()
    }

    @Test("A CANCEL that crosses the 200 is followed by ACK and BYE")
    func cancelCrossesAnswer() {
        let call = SimulatedCall(.init(delayMs: 50...50)) { bob, leg in
            bob.on(leg) { $0.ring(at: $1) }
            bob.network.after(ms: 300) { bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) } }
        }
        call.network.after(ms: 320) { call.alice.on(call.calling) { $0.hangup(at: $1) } }
        call.settle()
        #expect(call.calling.log == ["ringing", "ended here 16", "finished"])
        #expect(call.called?.log == ["invited offer", "confirmed", "ended by remote 16", "finished"])
        #expect(call.network.summary(from: "10.0.0.1") == ["INVITE", "CANCEL", "ACK", "BYE"])
        call.expectNothingRetained()
    }

    @Test("A callee who hangs up before the ACK waits with BYE until it comes")
    func byeWaitsForACK() {
        let call = SimulatedCall(.init(delayMs: 50...50)) { bob, leg in
            bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) }
            bob.on(leg) { $0.hangup(cause: 16, at: $1) }
        }
        call.settle()
        #expect(call.network.summary() == ["INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"])
        #expect(call.calling.log == ["answered answer", "ended by remote 16", "finished"])
        #expect(call.called?.log == ["invited offer", "ended here 16", "finished"])
        call.expectNothingRetained()
    }

    @Test("Without an ACK the 200 is repeated from T1 to T2 and the call ended with BYE after 64*T1")
    func noACK() {
        let call = SimulatedCall.answered()
        call.network.passes = { message, _ in SimulatedNetwork.summary(of: message) != "ACK" }
        call.settle()
        let times = call.network.wire.filter { SimulatedNetwork.summary(of: SimulatedNetwork.parse($0.bytes)) == "200 INVITE" }
            .map { $0.atMs - 5 }
        #expect(times == [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
        #expect(call.network.messages("ACK").count == times.count)
        #expect(call.called?.log == ["invited offer", "ended here 18 408", "finished"])
        #expect(call.calling.log.suffix(2) == ["ended by remote 16", "finished"])
        call.expectNothingRetained()
    }

    @Test("A 200 that is lost is repeated, and each repetition is acknowledged")
    func lostAnswers() {
        let call = SimulatedCall.answered()
        var lost = 0
        call.network.passes = { message, _ in
            guard SimulatedNetwork.summary(of: message) == "200 INVITE", lost < 2 else { return true }
            lost += 1
            return false
        }
        call.network.run(forMs: 20_000)
        #expect(call.calling.log == ["answered answer"] && call.called?.log.last == "confirmed")
        #expect(call.network.messages("ACK").count == 1)
    }

    @Test("Both sides hang up at once")
    func crossingByes() {
        let call = SimulatedCall.answered(.init(delayMs: 50...50))
        call.network.run(forMs: 500)
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.bob.on(call.called!) { $0.hangup(at: $1) }
        call.settle()
        #expect(call.network.summary().suffix(4) == ["BYE", "BYE", "200 BYE", "200 BYE"])
        #expect(call.calling.log.suffix(2) == ["ended here 16", "finished"])
        #expect(call.called?.log.suffix(2) == ["ended here 16", "finished"])
        call.expectNothingRetained()
    }

    @Test("A caller's BYE in an early dialog ends the call with 487")
    func earlyBye() throws {
        let call = SimulatedCall(bobInvited: ring)
        call.network.run(forMs: 100)
        var dialog = try #require(call.calling.session.dialog)
        let bye = dialog.makeRequest(.bye)
        let actions = try #require(call.called).session.receive(bye, .init(number: 9), at: call.network.now)
        let statuses = actions.compactMap { if case .respond(_, let response) = $0 { response.status } else { nil } }
        #expect(statuses == [200, 487])
    }

    @Test("A far end that forgot the call answers 481: the call is over here")
    func forgotten() {
        let call = SimulatedCall.answered()
        call.network.run(forMs: 100)
        call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: "more"), at: $1) }
        call.network.passes = { message, from in from != "10.0.0.2" }
        call.settle()
        #expect(call.calling.log.suffix(2) == ["ended here 18 408", "finished"])
    }

    @Test("An INVITE that expires is refused 487")
    func expires() {
        let network = SimulatedNetwork()
        let alice = SimulatedEndpoint("10.0.0.1", on: network)
        let bob = SimulatedEndpoint("10.0.0.2", on: network)
        let call = alice.call("10.0.0.2", headers: [("Expires", "20")])
        network.run(forMs: 19_000)
        #expect(bob.calls.first?.log == ["invited offer"])
        network.run(forMs: 100_000)
        #expect(bob.calls.first?.log == ["invited offer", "ended by remote 16 487", "finished"])
        #expect(call.log.suffix(2) == ["failed 487", "finished"])
    }

    @Test("A call that rings long repeats its 180 each minute")
    func keepsRinging() {
        let call = SimulatedCall(bobInvited: ring)
        call.network.run(forMs: 185_000)
        #expect(call.calling.log.filter { $0 == "ringing" }.count == 4)
    }
}
