import Testing

@testable import SIP

@Suite("Session timers")
struct SessionTimerTests {
    private func headers(_ fields: [(name: String, value: String)]) -> SIPHeaders { SIPHeaders(fields) }

    @Test(
        "The answering side agrees on an interval and a refresher",
        arguments: [
            // Supported by the caller, its Session-Expires and Min-SE; the interval, who refreshes
            (true, "600", nil, 600, false), (true, "600;refresher=uas", nil, 600, true), (true, "600;refresher=uac", nil, 600, false),
            (true, nil, nil, 1_800, false), (true, nil, "2000", 2_000, false), (true, "3600", nil, 1_800, false),
            (true, "3600", "3600", 3_600, false), (false, "600", nil, 600, true), (false, "600;refresher=uac", nil, 600, true),
            (true, "99999999999", nil, 1_800, false), (true, " 600 ; refresher = UAS ", nil, 600, true),
        ] as [(Bool, String?, String?, Int, Bool)])
    func answer(supported: Bool, expires: String?, minimum: String?, intervalS: Int, weRefresh: Bool) {
        var fields = headers(supported ? [("Supported", "path,  Timer")] : [])
        if let expires { fields.add("Session-Expires", expires) }
        if let minimum { fields.add("Min-SE", minimum) }
        let answer = SessionTimerTerms.answer(fields, policy: SessionTimerPolicy(), current: nil)
        #expect(answer == .agree(SessionTimerTerms(intervalS: intervalS, weRefresh: weRefresh), requires: !weRefresh))
    }

    @Test("No timer when neither side asks, and 422 for too short an interval, at the bound and below it")
    func bounds() {
        let policy = SessionTimerPolicy()
        #expect(SessionTimerTerms.answer(headers([]), policy: policy, current: nil) == .none)
        func ask(_ seconds: Int) -> SessionTimerTerms.Answer {
            SessionTimerTerms.answer(
                headers([("Supported", "timer"), ("Session-Expires", String(seconds))]), policy: policy, current: nil)
        }
        #expect(ask(89) == .tooSmall(minimumS: 90))
        #expect(ask(90) == .agree(SessionTimerTerms(intervalS: 90, weRefresh: false), requires: true))
        #expect(SessionTimerTerms(intervalS: 90, weRefresh: true).expiryMs == 60_000)
        #expect(SessionTimerTerms(intervalS: 1_800, weRefresh: true).expiryMs == 1_768_000)
        #expect(SessionTimerTerms(intervalS: 1_800, weRefresh: true).refreshMs == 900_000)
    }

    @Test("The refresher keeps the call with UPDATE, or re-INVITE where UPDATE is unknown", arguments: [true, false])
    func refresh(allowsUpdate: Bool) {
        let call = SimulatedCall.answered()
        call.network.run(forMs: 1_000)
        if !allowsUpdate { call.calling.session.peer.noteUpdateRefused() }
        call.network.run(forMs: 4 * 3_600_000)
        let refreshes = call.network.messages(allowsUpdate ? "UPDATE" : "INVITE").dropFirst(allowsUpdate ? 0 : 1)
        #expect(refreshes.count == 16)
        #expect(refreshes.allSatisfy { $0.headers["Session-Expires"] == "1800;refresher=uac" })
        #expect(call.calling.session.phase == .established && call.called?.session.phase == .established)
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("A call whose far end vanished ends: for the refresher by timeout, for the other by expiry")
    func vanished() {
        let call = SimulatedCall.answered()
        call.network.run(forMs: 1_000)
        call.network.passes = { _, _ in false }
        call.network.run(forMs: 2_000_000)
        #expect(call.calling.log.suffix(2) == ["ended here 18 408", "finished"])
        #expect(call.called?.log.suffix(2) == ["ended here 18 408", "finished"])
        #expect(call.network.wire.contains { $0.from == "10.0.0.2" && $0.atMs >= 1_768_000 })
        call.expectNothingRetained()
    }

    @Test("A 422 is answered with the interval that the far end wants")
    func tooSmall() {
        let call = SimulatedCall.answered(configure: { alice, bob in
            alice.configuration.sessionTimers = SessionTimerPolicy(intervalS: 100)
            bob.configuration.sessionTimers = SessionTimerPolicy(intervalS: 400, minimumS: 300)
        })
        call.network.run(forMs: 1_000)
        #expect(call.calling.log == ["answered answer"])
        let invites = call.network.messages("INVITE").map(\.headers)
        #expect(invites.map { $0["Session-Expires"] } == ["100", "300"] && invites.map { $0["Min-SE"] } == ["90", "300"])
        #expect(call.network.messages("422 INVITE").first?.headers["Min-SE"] == "300")
        #expect(call.calling.session.terms == SessionTimerTerms(intervalS: 300, weRefresh: true))
        #expect(call.bob.calls.last?.session.terms == SessionTimerTerms(intervalS: 300, weRefresh: false))
    }

    @Test("Without session timers on one side there are none", arguments: [true, false])
    func disabled(atCaller: Bool) {
        let call = SimulatedCall.answered(configure: { alice, bob in
            (atCaller ? alice : bob).configuration.sessionTimers.isEnabled = false
        })
        call.network.run(forMs: 1_000)
        #expect(call.calling.session.terms == nil && call.called?.session.terms == nil)
        #expect(call.network.messages("200 INVITE").first?.headers["Session-Expires"] == nil)
    }
}
