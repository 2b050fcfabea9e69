import Audio
import Testing

@testable import Media
@testable import RTP

@Suite("Conversations")
struct ConversationTests {
    @Test("Packets of the same codec are sent on as they are, under the leg's own numbers")
    func forwarding() {
        let bench = Bench()
        var one = bench.openPhone()
        let two = bench.openPhone()
        bench.connect(one.id, two.id)
        #expect(bench.route(one) == .forward)
        for index in 0..<50 {
            bench.speak(&one, [UInt8](repeating: UInt8(index), count: 160), marker: index == 0)
            bench.tick()
        }
        let heard = bench.heard(two)
        #expect(heard.map { $0.payload.first } == (0..<50).map { UInt8($0) })
        #expect(heard.allSatisfy { $0.header.ssrc == 0xA001 && $0.destination == two.address })
        expectContinuous(heard)
        #expect(bench.heard(one).isEmpty)
        #expect(bench.graph.legs[Int(one.id.index)].receiver == nil)
    }

    @Test("Header extensions, contributing sources and padding stay behind")
    func strippedHeader() {
        let bench = Bench(), one = bench.openPhone(), two = bench.openPhone()
        bench.connect(one.id, two.id)
        let head: [UInt8] = [0x80 | 0x20 | 0x10 | 2, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 77]
        let rest: [UInt8] = [1, 1, 1, 1, 2, 2, 2, 2] + [0xbe, 0xde, 0, 1, 5, 5, 5, 5] + [10, 11, 12, 13] + [0, 0, 3]
        bench.sendBytes(one, head + rest, from: one.address)
        let heard = bench.heard(two)
        #expect(heard.first?.payload == [10, 11, 12, 13])
        #expect(heard.first?.bytes.count == 16)
        #expect(heard.first?.bytes.first == 0x80)
    }

    @Test("Different codecs are transcoded on the tick")
    func transcoding() {
        let bench = Bench()
        var one = bench.openPhone(.pcmu)
        let two = bench.openPhone(.pcma)
        bench.connect(one.id, two.id)
        #expect(bench.route(two) == .tick)
        for _ in 0..<50 {
            bench.speak(&one, muLaw(4_000))
            bench.tick()
        }
        let heard = bench.heard(two)
        #expect(heard.count > 40)
        #expect(heard.allSatisfy { $0.header.payloadType == 8 && $0.payload.count == 160 })
        #expect(heard.dropFirst(3).allSatisfy { abs(level($0.payload, .pcma) - 4_000) < 300 })
        expectContinuous(heard)
        bench.tick(80)
        #expect(bench.heard(two).count <= 10)
        bench.apply(.connect(nil), two.id)
        bench.tick(120)
        #expect(bench.graph.legs[Int(one.id.index)].receiver == nil)
        #expect(bench.graph.legs[Int(two.id.index)].transmitter == nil)
    }

    @Test(
        "Wide and narrow codecs talk to each other",
        arguments: [(AudioCodec.g722, AudioCodec.pcmu), (.pcmu, .g722), (.slin16, .pcma), (.slin, .slin48)])
    func resampling(from: AudioCodec, to: AudioCodec) {
        let bench = Bench()
        var one = bench.openPhone(from)
        let two = bench.openPhone(to)
        bench.connect(one.id, two.id)
        let bytes = from.frameBytes(ptimeMs: 20)
        for _ in 0..<25 {
            let step = from.timestampStep(ptimeMs: 20)
            bench.send(
                one, sequence: one.sequence, timestamp: one.timestamp, [UInt8](repeating: 0x12, count: bytes),
                payloadType: from.staticPayloadType ?? 96)
            one.sequence &+= 1
            one.timestamp &+= step
            bench.tick()
        }
        let heard = bench.heard(two)
        #expect(heard.count > 15)
        expectContinuous(heard, clockRate: to.rtpClockRate)
    }

    @Test("A phone that changes its codec in mid call is transcoded from then on, and forwarded again when it changes back")
    func codecChange() {
        let bench = Bench()
        var one = bench.openPhone()
        let two = bench.openPhone()
        bench.connect(one.id, two.id)
        for codec in [0, 8, 0] as [UInt8] {
            for _ in 0..<30 {
                bench.speak(&one, payloadType: codec)
                bench.tick()
            }
            #expect(bench.route(two) == (codec == 0 ? .forward : .tick))
        }
        let heard = bench.heard(two)
        #expect(heard.allSatisfy { $0.header.payloadType == 0 })
        expectContinuous(heard, toleranceMs: 120)
    }

    @Test("An item played in a conversation is heard by one side only, then the peer again, without a seam")
    func playInConversation() {
        let bench = Bench()
        var one = bench.openPhone(), two = bench.openPhone()
        bench.connect(one.id, two.id)
        var heardByOne: [SentPacket] = [], heardByTwo: [SentPacket] = []
        for round in 0..<100 {
            if round == 30 { bench.apply(.play(.audio(constant(-3_000, ms: 400)), token: 5), one.id) }
            bench.speak(&one, muLaw(500))
            bench.speak(&two, muLaw(8_000))
            bench.tick()
            heardByOne += bench.heard(one)
            heardByTwo += bench.heard(two)
        }
        #expect(bench.events(one.id).contains(.playbackFinished(token: 5, positionMs: 400)))
        expectContinuous(heardByOne)
        expectContinuous(heardByTwo)
        let levels = heardByOne.map { level($0.payload) }
        #expect(levels.filter { abs($0 + 3_000) < 200 }.count == 20)
        #expect(levels.filter { abs($0 - 8_000) < 400 }.count == levels.count - 20)
        #expect(heardByOne.count == 100)
        #expect(heardByTwo.allSatisfy { abs(level($0.payload) - 500) < 50 })
    }

    @Test("A muted phone is heard as silence, packets go on")
    func mute() {
        let bench = Bench()
        var one = bench.openPhone()
        let two = bench.openPhone()
        bench.connect(one.id, two.id)
        var heard: [SentPacket] = []
        for round in 0..<90 {
            if round == 30 { bench.apply(.mute(incoming: true, outgoing: false), one.id) }
            if round == 60 { bench.apply(.mute(incoming: false, outgoing: false), one.id) }
            bench.speak(&one, muLaw(5_000))
            bench.tick()
            heard += bench.heard(two)
        }
        expectContinuous(heard)
        #expect(heard[31..<59].allSatisfy { level($0.payload) == 0 })
        #expect(heard[..<30].allSatisfy { level($0.payload) > 4_000 } && heard[62...].allSatisfy { level($0.payload) > 4_000 })
        bench.apply(.mute(incoming: false, outgoing: true), two.id)
        bench.tick(10)
        bench.speak(&one)
        bench.tick(5)
        #expect(bench.heard(two).dropFirst().allSatisfy { level($0.payload) == 0 })
    }

    @Test("Echo sends back what comes")
    func echo() {
        let bench = Bench()
        var one = bench.openPhone()
        bench.apply(.echo(true), one.id)
        for index in 0..<20 { bench.speak(&one, [UInt8](repeating: UInt8(index), count: 160)) }
        #expect(bench.heard(one).map { $0.payload[0] } == (0..<20).map { UInt8($0) })
        bench.apply(.echo(false), one.id)
        bench.speak(&one)
        #expect(bench.heard(one).isEmpty)
    }

    @Test("While the peer is on hold the background is heard", arguments: [(false, true), (true, false), (false, false)])
    func hold(sends: Bool, receives: Bool) {
        let bench = Bench()
        var one = bench.openPhone()
        let two = bench.openPhone()
        bench.connect(one.id, two.id)
        bench.apply(.background(.audio(constant(3_000, ms: 1_000), loop: true)), two.id)
        bench.speak(&one, muLaw(500))
        bench.tick()
        #expect(bench.heard(two).map { level($0.payload) > 2_000 } == [false])
        var stream = bench.stream(one)
        (stream.sends, stream.receives) = (sends, receives)
        bench.configure(one, stream)
        bench.speak(&one, muLaw(500))
        bench.tick(5)
        #expect(bench.heard(two).map { level($0.payload) > 2_000 } == [true, true, true, true, true])
        bench.configure(one, bench.stream(one))
        bench.speak(&one, muLaw(500))
        bench.tick()
        #expect(bench.heard(two).map { level($0.payload) > 2_000 } == [false])
    }

    @Test("Whatever strangers send changes nothing", arguments: 0..<10)
    func strangers(seed: UInt64) {
        func run(withStrangers: Bool) -> [[UInt8]] {
            let bench = Bench()
            var one = bench.openPhone(), two = bench.openPhone()
            bench.connect(one.id, two.id)
            var random = SplitMix64(seed: seed)
            for _ in 0..<60 {
                bench.speak(&one, muLaw(900))
                bench.speak(&two, muLaw(-900))
                if withStrangers {
                    for phone in [one, two] {
                        let source = Bench.address(
                            "198.51.100.\(Int.random(in: 1...250, using: &random))", .random(in: 1 ... .max, using: &random))
                        bench.send(
                            phone, sequence: .random(in: 0 ... .max, using: &random), timestamp: .random(in: 0 ... .max, using: &random),
                            muLaw(20_000), payloadType: [0, 8, 101].randomElement(using: &random) ?? 0, from: source)
                        bench.sendControl(phone, [.goodbye(ssrcs: [phone.ssrc], reason: "")], from: source)
                    }
                }
                bench.tick()
            }
            let ids = [one.id, two.id]
            #expect(ids.allSatisfy { bench.events($0) == [.firstPacket] })
            #expect(one.counters.snapshot.packetsReceived == 60)
            #expect(one.counters.snapshot.packetsRejected == (withStrangers ? 60 : 0))
            return bench.recorder.sent.map(\.bytes)
        }
        #expect(run(withStrangers: true) == run(withStrangers: false))
    }

    @Test("Arbitrary bytes from the peer itself do no harm", arguments: 0..<20)
    func garbage(seed: UInt64) {
        let bench = Bench()
        var one = bench.openPhone()
        let two = bench.openPhone(.pcma), three = bench.openPhone()
        bench.apply(.connect(one.id), two.id)
        bench.apply(.connect(one.id), three.id)
        var random = SplitMix64(seed: seed)
        for _ in 0..<400 {
            var bytes = (0..<Int.random(in: 0..<240, using: &random)).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
            if bytes.count > 1, Bool.random(using: &random) {
                (bytes[0], bytes[1]) = (0x80, [0, 8, 101, 200].randomElement(using: &random) ?? 0)
            }
            bench.sendBytes(one, bytes, from: one.address)
            bench.sendControlBytes(one, bytes, from: one.address)
            if Bool.random(using: &random) { bench.tick() }
        }
        bench.tick(200)
        _ = bench.heard(three)
        one.sequence = 30_000
        for _ in 0..<20 {
            bench.speak(&one)
            bench.tick()
        }
        #expect(bench.heard(three).count >= 19)
    }

    @Test("A phone behind NAT is sent to where its packets come from")
    func symmetric() {
        let bench = Bench(), one = bench.openPhone(), two = bench.openPhone()
        var stream = bench.stream(one)
        stream.strictSource = false
        bench.configure(one, stream)
        bench.connect(one.id, two.id)
        let nat = Bench.address("203.0.113.9", 61_000)
        bench.send(one, sequence: 1, timestamp: 1, muLaw(1), from: nat)
        bench.send(two, sequence: 1, timestamp: 1, muLaw(1))
        #expect(bench.heard(two).count == 1)
        #expect(bench.heard(one).first?.destination == nat)
    }

    @Test("Silence for longer than the limit is told once, until packets come again", arguments: [(true, UInt64(2_000)), (false, 5_000)])
    func timeout(sends: Bool, limitMs: UInt64) {
        var settings = Bench.quiet
        (settings.rtpTimeoutNs, settings.rtpHoldTimeoutNs) = (2_000_000_000, 5_000_000_000)
        let bench = Bench(settings)
        var one = bench.openPhone()
        var stream = bench.stream(one)
        stream.sends = sends
        bench.configure(one, stream)
        func ticksUntilTimeout() -> UInt64? {
            for ticks in 1...1_000 as ClosedRange<UInt64> {
                bench.tick()
                if bench.events(one.id).contains(.rtpTimedOut) { return ticks * 20 }
            }
            return nil
        }
        for _ in 0..<2 {
            bench.speak(&one)
            let waited = ticksUntilTimeout() ?? 0
            #expect(waited > limitMs && waited <= limitMs + 220)
            #expect(ticksUntilTimeout() == nil)
        }
    }

    @Test("Talk is told when it begins and ends")
    func talk() {
        let bench = Bench()
        var one = bench.openPhone()
        bench.apply(.talkDetection(TalkDetection(silenceMs: 200, threshold: 1_000)), one.id)
        for round in 0..<60 {
            bench.speak(&one, muLaw(round < 30 ? 4_000 : 100))
            bench.tick()
        }
        let events = bench.events(one.id)
        #expect(events.contains(.talkingStarted))
        guard case .talkingFinished(let durationMs) = events.last else { Issue.record("talk did not end: \(events)"); return }
        #expect((500...640).contains(durationMs))
    }
}
