import Audio
import Testing

@testable import Media
@testable import RTP

extension Bench {
    /// Presses a key of a phone: event packets every 20 ms, three end packets.
    func pressKey(
        _ phone: Phone, event: UInt8, durationMs: Int, payloadType: UInt8 = 101, sequence: UInt16 = 500, timestamp: UInt32 = 70_000,
        clockRate: Int = 8_000
    ) {
        var sequence = sequence
        for ms in stride(from: 20, through: durationMs, by: 20) {
            let last = ms + 20 > durationMs
            for _ in 0..<(last ? 3 : 1) {
                let packet = TelephoneEvent(event: event, isEnd: last, duration: UInt16(ms * clockRate / 1_000))
                var payload = [UInt8](repeating: 0, count: 4)
                payload.withUnsafeMutableBytes { packet.write(to: $0.baseAddress!) }
                send(phone, sequence: sequence, timestamp: timestamp, payload, payloadType: payloadType, marker: ms == 20)
                sequence &+= 1
            }
        }
    }
}

@Suite("Digits")
struct DigitTests {
    @Test("A pressed key is told once and its packets are sent on under the peer's payload type")
    func forwarded() {
        let bench = Bench(), one = bench.openPhone(events: 101), two = bench.openPhone(events: 110)
        bench.connect(one.id, two.id)
        bench.pressKey(one, event: 11, durationMs: 100)
        bench.tick(20)
        #expect(bench.events(one.id) == [.firstPacket, .digit("#", durationMs: 100)])
        let heard = bench.heard(two)
        #expect(heard.count == 7)
        #expect(heard.allSatisfy { $0.header.payloadType == 110 && $0.payload[0] == 11 && $0.timestamp == heard[0].timestamp })
        #expect(heard.filter { $0.payload[1] & 0x80 != 0 }.count == 3)
    }

    @Test("Digits can be kept from being told, and pass all the same")
    func untold() {
        let bench = Bench(), one = bench.openPhone(), two = bench.openPhone()
        bench.connect(one.id, two.id)
        bench.apply(.receivesDigits(false), one.id)
        bench.pressKey(one, event: 1, durationMs: 60)
        #expect(bench.events(one.id) == [.firstPacket])
        #expect(bench.heard(two).count == 5)
    }

    @Test("A key whose end is lost is told after a while")
    func lostEnd() {
        let bench = Bench(), one = bench.openPhone()
        bench.send(one, sequence: 1, timestamp: 9, [3, 10, 0, 160], payloadType: 101)
        bench.tick(40)
        #expect(bench.events(one.id) == [.firstPacket, .digit("3", durationMs: 20)])
    }

    @Test("Digits are sent as events in one stream with the audio, then told as sent")
    func sent() {
        let bench = Bench()
        var one = bench.openPhone()
        let two = bench.openPhone()
        bench.connect(one.id, two.id)
        var heard: [SentPacket] = []
        for round in 0..<80 {
            if round == 20 {
                bench.apply(
                    .sendDigits(
                        [DigitToSend("1", durationMs: 100, gapAfterMs: 60), DigitToSend("*", durationMs: 100, gapAfterMs: 60)], token: 7),
                    two.id)
            }
            bench.speak(&one)
            bench.tick()
            heard += bench.heard(two)
        }
        expectContinuous(heard, timedPayloadType: 0)
        let events = heard.filter { $0.header.payloadType == 101 }
        #expect(events.count == 2 * 7)
        #expect(events.map { $0.payload[0] } == [UInt8](repeating: 1, count: 7) + [UInt8](repeating: 10, count: 7))
        #expect(Set(events.map(\.timestamp)).count == 2)
        #expect(
            events.map(\.header.marker) == ([true] + [Bool](repeating: false, count: 6)) + ([true] + [Bool](repeating: false, count: 6)))
        #expect(bench.events(two.id) == [.digitsSent(token: 7)])
        #expect(bench.route(two) == .forward)
    }

    @Test("Beside Opus, lengths of digits count at the clock rate of the events, both ways", arguments: [48_000, 8_000])
    func clockRate(_ rate: Int) {
        let bench = Bench(), one = bench.openPhone(configure: false)
        var stream = bench.stream(one, .opus)
        stream.telephoneEventClockRate = rate
        bench.configure(one, stream)
        bench.apply(.sendDigits([DigitToSend("1", durationMs: 100, gapAfterMs: 40)], token: 1), one.id)
        bench.tick(12)
        let lengths = bench.heard(one).filter { $0.header.payloadType == 101 }.map { Int($0.payload[2]) << 8 | Int($0.payload[3]) }
        #expect(lengths == [20, 40, 60, 80, 100, 100, 100].map { $0 * rate / 1_000 })
        bench.pressKey(one, event: 5, durationMs: 160, clockRate: rate)
        #expect(bench.events(one.id) == [.digitsSent(token: 1), .firstPacket, .digit("5", durationMs: 160)])
    }

    @Test("Between phones whose events count at other rates, digits are made anew")
    func otherClockRate() {
        let bench = Bench(), one = bench.openPhone(configure: false), two = bench.openPhone(configure: false)
        for (phone, rate) in [(one, 48_000), (two, 8_000)] {
            var stream = bench.stream(phone, .opus)
            stream.telephoneEventClockRate = rate
            bench.configure(phone, stream)
        }
        bench.connect(one.id, two.id)
        bench.pressKey(one, event: 5, durationMs: 100, clockRate: 48_000)
        bench.tick(20)
        let lengths = bench.heard(two).filter { $0.header.payloadType == 101 }.map { Int($0.payload[2]) << 8 | Int($0.payload[3]) }
        #expect(lengths.last == 800 && lengths.count == 7)
    }

    @Test("A phone without telephone events gets tones")
    func tones() {
        let bench = Bench(), one = bench.openPhone(events: nil)
        bench.apply(.sendDigits([DigitToSend("5", durationMs: 100, gapAfterMs: 40)], token: 1), one.id)
        bench.tick(12)
        let heard = bench.heard(one)
        #expect(heard.count == 7)
        var pcm = [Int16](repeating: 0, count: 160)
        G711.decodeMuLaw(heard[2].payload, 160, into: &pcm)
        #expect(Goertzel.share(of: 770, in: pcm, 160, sampleRate: 8_000) > 0.2)
        #expect(Goertzel.share(of: 1_336, in: pcm, 160, sampleRate: 8_000) > 0.2)
        #expect(level(heard[6].payload) == 0)
        #expect(bench.events(one.id) == [.digitsSent(token: 1)])
    }

    @Test("No digits, and digits beyond the limit, are told as sent too")
    func limits() {
        let bench = Bench(), pipe = bench.openPipe()
        bench.apply(.sendDigits([], token: 1), pipe.0)
        #expect(bench.events(pipe.0) == [.digitsSent(token: 1)])
        let many = [DigitToSend](repeating: DigitToSend("1", durationMs: 40, gapAfterMs: 0), count: MediaLimits.maxDigitsQueued + 1)
        bench.apply(.sendDigits(many, token: 2), pipe.0)
        bench.apply(.sendDigits(many, token: 3), pipe.0)
        #expect(bench.events(pipe.0) == [.digitsSent(token: 3)])
        bench.tick(3 * MediaLimits.maxDigitsQueued)
        #expect(bench.events(pipe.0) == [.digitsSent(token: 2)])
        #expect(bench.events(pipe.1).count == MediaLimits.maxDigitsQueued)
    }

    @Test("Letters count as pauses only when they are no digits", arguments: [("w", 0), ("A", 1), ("d", 1), ("é", 0)])
    func letters(text: String, digits: Int) {
        let bench = Bench(), pipe = bench.openPipe()
        bench.apply(.sendDigits([DigitToSend(Character(text))], token: 1), pipe.0)
        bench.tick(20)
        #expect(bench.events(pipe.1).count == digits)
        #expect(bench.events(pipe.0) == [.digitsSent(token: 1)])
    }
}
