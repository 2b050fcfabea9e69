import Audio
import TestPhone
import Testing

@Suite("One phone runs many calls")
struct ManyCallsTests {
    @Test("Counted calls send canned packets and count what comes, without recording")
    func counted() async throws {
        var settings = PhoneSettings(user: "load")
        settings.media = .counted
        var answering = settings
        answering.incoming = .answer(afterMs: 0)
        let caller = try await TestPhone.start(settings)
        // Calls with the same two ports cannot be told apart, so each called phone takes one call.
        var phones: [TestPhone] = []
        var calls: [PhoneCall] = []
        for _ in 0..<20 {
            let phone = try await TestPhone.start(answering, on: caller.eventLoop)
            phones.append(phone)
            calls.append(try await caller.call(phone.uri))
        }
        for call in calls { try await call.answered() }
        try await Task.sleep(for: .milliseconds(400))
        for call in calls { try await call.hangUp() }
        for call in calls {
            let counters = try await call.counters
            #expect(counters.packetsSent > 0)
            #expect(counters.packetsReceived > 0)
            #expect(try await call.heard.samples.isEmpty)
        }
        let totals = try await caller.counters
        #expect(totals.callsMade == 20)
        #expect(totals.callsAnswered == 20)
        #expect(totals.callsEnded == 20)
        #expect(totals.callsActive == 0)
        for phone in phones { try await phone.close() }
        try await caller.close()
    }

    @Test("Silent calls send nothing")
    func silent() async throws {
        var settings = PhoneSettings(user: "load")
        settings.media = .silent
        let caller = try await TestPhone.start(settings)
        settings.incoming = .answer(afterMs: 0)
        let called = try await TestPhone.start(settings)
        var calls: [PhoneCall] = []
        for _ in 0..<50 { calls.append(try await caller.call(called.uri)) }
        for call in calls { try await call.answered() }
        for call in calls { #expect(try await call.counters.packetsSent == 0) }
        #expect(try await called.counters.callsActive == 50)
        try await caller.close()
        #expect(try await called.counters.callsActive == 0)
        try await called.close()
    }
}
