import Audio
import TestPhone
import Testing

@Suite("Two phones call each other over UDP")
struct PhoneToPhoneTests {
    /// Starts two phones, calls from one to the other, and closes them after `body`.
    private func talk(
        caller: PhoneSettings = PhoneSettings(user: "alice"), called: PhoneSettings = PhoneSettings(user: "bob"),
        _ body: (_ alice: TestPhone, _ bob: TestPhone, _ call: PhoneCall) async throws -> Void
    ) async throws {
        let alice = try await TestPhone.start(caller)
        let bob = try await TestPhone.start(called)
        let call = try await alice.call(bob.uri)
        do {
            try await body(alice, bob, call)
        } catch {
            try await alice.close()
            try await bob.close()
            throw error
        }
        try await alice.close()
        try await bob.close()
    }

    private func settings(_ user: String, _ change: (inout PhoneSettings) -> Void) -> PhoneSettings {
        var settings = PhoneSettings(user: user)
        change(&settings)
        return settings
    }

    @Test("Each hears the tone of the other", arguments: [AudioCodec.pcmu, .pcma, .g722])
    func tones(codec: AudioCodec) async throws {
        let caller = settings("alice") {
            $0.codecs = [codec]; $0.source = .tone(440)
        }
        let called = settings("bob") {
            $0.codecs = VoiceCodecs.all; $0.source = .tone(1_000)
        }
        try await talk(caller: caller, called: called) { _, bob, call in
            let incoming = try await bob.nextCall()
            #expect(incoming.number == "alice")
            try await call.ringing()
            try await incoming.answer()
            try await call.answered()
            try await Task.sleep(for: .milliseconds(700))
            try await call.hangUp()
            #expect(try await incoming.ended().byRemote)
            #expect(Tone.pitch(of: try await incoming.heard) == 440)
            #expect(Tone.pitch(of: try await call.heard) == 1_000)
            let arrivals = try await incoming.arrivals
            #expect(arrivals.count >= 20)
            #expect(arrivals.first?.marker == true)
            #expect(zip(arrivals, arrivals.dropFirst()).allSatisfy { $1.timestamp &- $0.timestamp == 160 })
        }
    }

    @Test("Keys that one presses reach the other")
    func digits() async throws {
        try await talk { _, bob, call in
            let incoming = try await bob.nextCall()
            try await incoming.answer()
            try await call.answered()
            try await call.sendDigits("19*#D", durationMs: 60, gapMs: 40)
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await incoming.digits == "19*#D")
            await #expect(throws: PhoneError.self) { try await call.sendDigits("1x") }
        }
    }

    @Test("On hold only the holding side sends, and afterwards both do")
    func hold() async throws {
        try await talk { _, bob, call in
            let incoming = try await bob.nextCall()
            try await incoming.answer()
            try await call.answered()
            try await call.hold()
            #expect(try await incoming.isHeldByRemote)
            let sent = try await incoming.counters.packetsSent
            let received = try await incoming.counters.packetsReceived
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await incoming.counters.packetsSent == sent)
            #expect(try await incoming.counters.packetsReceived > received)
            try await call.unhold()
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await incoming.counters.packetsSent > sent)
        }
    }

    @Test("A refusal tells its status and cause", arguments: [(486, 17), (404, 1), (603, 21)])
    func refusal(status: Int, cause: Int) async throws {
        try await talk(called: settings("bob") { $0.incoming = .reject(status: status) }) { alice, _, call in
            do {
                try await call.answered()
                Issue.record("a refused call is not answered")
            } catch PhoneError.callFailed(_, let told, _, let toldCause) {
                #expect(told == status)
                #expect(toldCause == cause)
            }
            #expect(try await alice.counters.callsFailed == 1)
            #expect(try await alice.counters.callsActive == 0)
        }
    }

    @Test("A caller who gives up cancels the call")
    func cancel() async throws {
        try await talk { _, bob, call in
            let incoming = try await bob.nextCall()
            try await call.ringing()
            try await call.hangUp()
            let end = try await incoming.ended(withinMs: 2_000)
            #expect(end.byRemote)
            await #expect(throws: PhoneError.self) { try await incoming.answer() }
        }
    }

    @Test("An answer that does not come in time is told so")
    func timeout() async throws {
        try await talk { _, _, call in
            do {
                try await call.answered(withinMs: 50)
                Issue.record("nobody answered")
            } catch PhoneError.timedOut(_, let afterMs) {
                #expect(afterMs == 50)
            }
        }
    }

    @Test("Without a codec in common the call is refused with 488")
    func noCodec() async throws {
        let called = settings("bob") {
            $0.codecs = [.pcma]; $0.incoming = .answer(afterMs: 0)
        }
        try await talk(called: called) { _, _, call in
            await #expect(throws: PhoneError.self) { try await call.answered() }
            let end = try await call.ended()
            #expect(end.status == 488)
        }
    }

    @Test("A piece of audio arrives sample by sample as the codec gives it")
    func audio() async throws {
        let samples = (0..<4_000).map { Int16(truncatingIfNeeded: ($0 * $0 * 7) % 12_001 - 6_000) }
        let piece = PCMAudio(samples: samples, sampleRate: 8_000)
        let caller = settings("alice") { $0.source = .audio(piece, repeats: false) }
        try await talk(caller: caller, called: settings("bob") { $0.incoming = .ring }) { _, bob, call in
            let incoming = try await bob.nextCall()
            try await incoming.answer()
            try await Task.sleep(for: .milliseconds(800))
            try await call.hangUp()
            let coded = try SoundFile.decode(bytes: SoundFile.encode(piece, format: .ulaw), format: .ulaw)
            let heard = try await incoming.heard.samples
            #expect(heard.count >= coded.samples.count)
            #expect(Array(heard.prefix(coded.samples.count)) == coded.samples)
        }
    }
}

/// The codecs a phone speaks.
enum VoiceCodecs {
    static let all: [AudioCodec] = [.pcmu, .pcma, .g722]
}
