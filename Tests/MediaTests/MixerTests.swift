import Audio
import RTP
import Testing

@testable import Media

@Suite("Mixers")
struct MixerTests {
    @Test func `Everybody hears the sum of all others and nothing of what they say themselves`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        let levels: [Int16] = [1_000, 2_000, -4_000, 500, 8_000]
        var phones = levels.map { _ in bench.openPhone() }
        for phone in phones { bench.apply(.connect(mixer), phone.id) }
        let heard = bench.converse(&phones, saying: levels)
        let said = levels.map { level(muLaw($0)) }
        for (own, one) in zip(said, heard) { #expect(isNear(one, said.reduce(0, +) - own)) }
    }

    @Test func `Who says nothing hears all, and among silent parties is silence, not nothing`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        var phones = (0..<3).map { _ in bench.openPhone() }
        for phone in phones { bench.apply(.connect(mixer), phone.id) }
        let heard = bench.converse(&phones, saying: [3_000, nil, nil])
        #expect(isNear(heard[0], 0) && isNear(heard[1], 3_000) && isNear(heard[2], 3_000))
        #expect(bench.converse(&phones, saying: [nil, nil, nil]).allSatisfy { isNear($0, 0) })
        bench.apply(.connect(nil), phones[1].id)
        bench.apply(.connect(nil), phones[2].id)
        #expect(bench.converse(&phones, saying: [3_000, nil, nil]) == [nil, nil, nil], "alone there is nothing to send")
    }

    @Test func `Coming, going, muting and a closed mixer change what is heard at once`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        var phones = (0..<3).map { _ in bench.openPhone() }
        for phone in phones[0..<2] { bench.apply(.connect(mixer), phone.id) }
        #expect(isNear(bench.converse(&phones, saying: [1_000, 2_000, 4_000])[0], 2_000))
        bench.apply(.connect(mixer), phones[2].id)
        #expect(isNear(bench.converse(&phones, saying: [1_000, 2_000, 4_000])[0], 6_000))
        bench.apply(.mute(incoming: true, outgoing: false), phones[1].id)
        #expect(isNear(bench.converse(&phones, saying: [1_000, 2_000, 4_000])[0], 4_000))
        bench.apply(.mute(incoming: false, outgoing: true), phones[1].id)
        let heard = bench.converse(&phones, saying: [1_000, 2_000, 4_000])
        #expect(isNear(heard[0], 6_000) && isNear(heard[1], 0))
        _ = bench.graph.close(mixer)
        #expect(bench.converse(&phones, saying: [1_000, 2_000, 4_000]) == [nil, nil, nil])
    }

    @Test func `Who only listens is not heard, and who only speaks hears nothing`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        var phones = (0..<3).map { _ in bench.openPhone() }
        for phone in phones { bench.apply(.connect(mixer), phone.id) }
        bench.apply(.part(speaks: false, hears: true), phones[0].id)
        bench.apply(.part(speaks: true, hears: false), phones[1].id)
        let heard = bench.converse(&phones, saying: [1_000, 2_000, 4_000])
        #expect(isNear(heard[0], 6_000) && isNear(heard[1], 0) && isNear(heard[2], 2_000))
    }

    @Test func `What the mixer plays is heard by all, above what they say, and its end is told`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        var phones = (0..<3).map { _ in bench.openPhone() }
        for phone in phones { bench.apply(.connect(mixer), phone.id) }
        bench.apply(.play(.audio(constant(5_000, ms: 800)), token: 3), mixer)
        let heard = bench.converse(&phones, saying: [1_000, nil, nil], ticks: 30)
        #expect(isNear(heard[0], 5_000) && isNear(heard[1], 6_000))
        bench.tick(20)
        #expect(bench.events(mixer) == [.playbackFinished(token: 3, positionMs: 800)])
        bench.apply(.background(.audio(constant(700, ms: 100), loop: true)), mixer)
        #expect(isNear(bench.converse(&phones, saying: [nil, nil, nil])[2], 700))
        bench.apply(.background(nil), mixer)
        #expect(isNear(bench.converse(&phones, saying: [nil, nil, nil])[2], 0))
    }

    @Test func `A mixer without parties plays to its end`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        bench.apply(.play(.audio(constant(5_000, ms: 100)), token: 4), mixer)
        bench.tick(6)
        #expect(bench.events(mixer) == [.playbackFinished(token: 4, positionMs: 100)])
    }

    @Test func `Mixers linked by a pipe share their parties, and a pipe with both ends in one mixer harms nobody`() {
        let bench = Bench()
        let (here, there) = (bench.openMixer(), bench.openMixer())
        var phones = (0..<4).map { _ in bench.openPhone() }
        for phone in phones[0..<2] { bench.apply(.connect(here), phone.id) }
        for phone in phones[2..<4] { bench.apply(.connect(there), phone.id) }
        let pipe = bench.openPipe()
        bench.apply(.connect(here), pipe.0)
        bench.apply(.connect(there), pipe.1)
        let heard = bench.converse(&phones, saying: [1_000, 2_000, 4_000, nil])
        #expect(isNear(heard[0], 6_000) && isNear(heard[1], 5_000) && isNear(heard[2], 3_000) && isNear(heard[3], 7_000))
        bench.apply(.connect(here), pipe.1)
        let looped = bench.converse(&phones, saying: [100, nil, nil, nil], ticks: 4)
        #expect(looped[1] != nil)
    }

    @Test func `Loud parties are limited without cutting and come back when it is quiet again`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        var phones = (0..<9).map { _ in bench.openPhone() }
        for phone in phones { bench.apply(.connect(mixer), phone.id) }
        let loud = bench.converse(&phones, saying: [Int16](repeating: 16_000, count: 8) + [nil])
        #expect(isNear(loud[8], 32_000))
        #expect(isNear(loud[0], 28_000), "seven of eight parts of full scale")
        let quiet = bench.converse(&phones, saying: [1_000] + [Int16?](repeating: nil, count: 8), ticks: 60)
        #expect(isNear(quiet[8], 1_000))
    }

    @Test func `Parties of different codecs and rates hear each other`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        var narrow = bench.openPhone(.pcma), wide = bench.openPhone(.g722)
        let listener = bench.openPhone()
        for phone in [narrow, wide, listener] { bench.apply(.connect(mixer), phone.id) }
        let encoder = G722Encoder()
        var aLaw = [UInt8](repeating: 0, count: 160)
        G711.encodeALaw([Int16](repeating: 3_000, count: 160), 160, into: &aLaw)
        for _ in 0..<50 {
            var payload = [UInt8](repeating: 0, count: 160)
            _ = encoder?.encode([Int16](repeating: 1_000, count: 320), 320, into: &payload)
            bench.speak(&wide, payload, payloadType: 9)
            bench.speak(&narrow, aLaw, payloadType: 8)
            bench.tick()
        }
        let heard = bench.heard(listener)
        expectContinuous(heard)
        #expect(heard.last.map { isNear(level($0.payload), 4_000) } == true)
        #expect(!bench.heard(wide).isEmpty && !bench.heard(narrow).isEmpty)
    }

    @Test func `Opus, wideband and narrowband phones hear each other, also where packets are lost`() throws {
        let bench = Bench()
        let mixer = bench.openMixer()
        var full = bench.openPhone(.opus), narrow = bench.openPhone()
        let listener = bench.openPhone(.opus)
        for phone in [full, narrow, listener] { bench.apply(.connect(mixer), phone.id) }
        let encoder = try #require(PacketEncoder(.opus)), decoder = try #require(PacketDecoder(.opus))
        encoder.expectLoss(percent: 20)
        // 8000 at the peak.
        var source = ToneGenerator(frequencies: [500], levelDBm0: -9.1, sampleRate: 48_000)
        var said = [Int16](repeating: 0, count: 960)
        for tick in 0..<100 {
            var bytes = [UInt8](repeating: 0, count: 1_275)
            source.fill(&said, 960)
            let size = encoder.encode(said, 960, into: &bytes, capacity: bytes.count)
            let sequence = full.sequence
            if tick % 9 == 5 {
                full.sequence = sequence &+ 1
                full.timestamp &+= 960
            } else {
                bench.speak(&full, Array(bytes.prefix(size)), payloadType: 96, units: 960)
            }
            bench.speak(&narrow, muLaw(0))
            bench.tick()
        }
        let toNarrow = bench.heard(narrow), toListener = bench.heard(listener)
        expectContinuous(toNarrow)
        #expect(toNarrow.suffix(80).allSatisfy { (1_200...9_000).contains(loudness($0.payload)) })
        #expect(zip(toListener, toListener.dropFirst()).allSatisfy { $1.timestamp &- $0.timestamp == 960 })
        var heard: [Int16] = []
        for packet in toListener {
            var pcm = [Int16](repeating: 0, count: 960)
            #expect(decoder.decode(packet.payload, packet.payload.count, into: &pcm, capacity: 960) == 960)
            heard += pcm
        }
        // No frame is a gap.
        for start in stride(from: 20_160, to: heard.count, by: 960) {
            let frame = Array(heard[start..<start + 960])
            #expect((800...9_000).contains(loudness(frame)))
        }
    }

    @Test func `Digits reach all other parties unless they are absorbed`() {
        let bench = Bench()
        let mixer = bench.openMixer()
        let phones = (0..<3).map { _ in bench.openPhone() }
        for phone in phones { bench.apply(.connect(mixer), phone.id) }
        func press() -> [Bool] {
            for phone in phones { _ = bench.heard(phone) }
            bench.graph.digitArrived(5, durationMs: 100, at: phones[0].id.index)
            bench.tick(20)
            return phones.map { phone in bench.heard(phone).contains { $0.header.payloadType == 101 } }
        }
        #expect(press() == [false, true, true])
        bench.apply(.absorbsDigits(true), phones[0].id)
        #expect(press() == [false, false, false])
        #expect(bench.events(phones[0].id).count == 2, "the control side is told either way")
    }
}
