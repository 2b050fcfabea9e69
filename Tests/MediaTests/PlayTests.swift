import Audio
import RTP
import Testing

@testable import Media

@Suite("Playing")
struct PlayTests {
    @Test("Audio is sent frame by frame, then its end is told with its token", arguments: [1, 19, 20, 21, 500])
    func naturalEnd(ms: Int) {
        let bench = Bench(), phone = bench.openPhone()
        bench.apply(.play(.audio(constant(1_000, ms: ms)), token: 42), phone.id)
        let frames = (ms + 19) / 20
        bench.tick(frames - 1)
        #expect(bench.events(phone.id).isEmpty)
        bench.tick()
        #expect(bench.events(phone.id) == [.playbackFinished(token: 42, positionMs: ms)])
        bench.tick(5)
        let heard = bench.heard(phone)
        #expect(heard.count == frames)
        expectContinuous(heard)
        #expect(heard.first?.header.marker == true)
        #expect(heard.allSatisfy { $0.payload.count == 160 && $0.header.payloadType == 0 && $0.destination == phone.address })
        #expect(bench.events(phone.id).isEmpty)
        #expect(bench.graph.active.isEmpty)
        #expect(phone.counters.snapshot.packetsSent == UInt64(frames))
    }

    @Test("Audio of no length ends at once")
    func empty() {
        let bench = Bench(), phone = bench.openPhone()
        bench.apply(.play(.audio(constant(0, ms: 0)), token: 1), phone.id)
        bench.tick()
        #expect(bench.events(phone.id) == [.playbackFinished(token: 1, positionMs: 0)])
        #expect(bench.heard(phone).isEmpty)
    }

    /// Level k * 100 in the k-th 100 ms.
    static let stairs = PCMBuffer(samples: (0..<20).flatMap { [Int16](repeating: Int16($0 * 400), count: 800) }, sampleRate: 8_000)

    /// Plays the stairs and gives the step heard in each tick, nil where nothing was sent.
    private func steps(_ bench: Bench, _ phone: Bench.Phone, _ ticks: Int) -> [Int?] {
        (0..<ticks).map { _ in
            bench.tick()
            return bench.heard(phone).first.map { Int((Double(level($0.payload)) / 400).rounded()) }
        }
    }

    @Test("Seeking moves, is bounded at the start and finishes past the end")
    func seek() {
        let bench = Bench(), phone = bench.openPhone()
        bench.apply(.play(.audio(Self.stairs, fromMs: 500), token: 1), phone.id)
        #expect(steps(bench, phone, 2) == [5, 5])
        bench.apply(.seek(byMs: 400), phone.id)
        #expect(steps(bench, phone, 1) == [9])
        bench.apply(.seek(byMs: -300), phone.id)
        #expect(steps(bench, phone, 1) == [6])
        bench.apply(.seek(byMs: .min), phone.id)
        #expect(steps(bench, phone, 1) == [0])
        bench.apply(.restart, phone.id)
        #expect(steps(bench, phone, 1) == [5])
        bench.apply(.seek(byMs: .max), phone.id)
        #expect(steps(bench, phone, 1) == [nil])
        #expect(bench.events(phone.id) == [.playbackFinished(token: 1, positionMs: 2_000)])
    }

    @Test("A pause sends nothing and keeps the place; the gap is counted in the timestamps")
    func pause() {
        let bench = Bench(), phone = bench.openPhone()
        bench.apply(.play(.audio(Self.stairs), token: 1), phone.id)
        bench.tick(10)
        bench.apply(.pause, phone.id)
        bench.tick(100)
        #expect(bench.graph.legs[Int(phone.id.index)].counters[.playPositionMs] == 200)
        bench.apply(.resume, phone.id)
        bench.tick(10)
        let heard = bench.heard(phone)
        #expect(heard.count == 20)
        expectContinuous(heard)
        #expect(heard.map(\.header.marker) == [true] + [Bool](repeating: false, count: 9) + [true] + [Bool](repeating: false, count: 9))
        #expect(heard[10].timestamp &- heard[9].timestamp == 101 * 160)
    }

    @Test("A loop goes on across its end and never finishes")
    func loop() {
        let bench = Bench(), phone = bench.openPhone()
        let ramp = PCMBuffer(samples: (0..<250).map { Int16($0) * 8 }, sampleRate: 8_000)
        bench.apply(.play(.audio(ramp, loop: true), token: 1), phone.id)
        bench.tick(100)
        let heard = bench.heard(phone).flatMap(\.payload)
        let expected = (0..<16_000).map { muLaw(Int16($0 % 250) * 8, 1)[0] }
        #expect(heard == expected)
        #expect(bench.events(phone.id).isEmpty)
    }

    @Test("A new item takes the place of the old one without an event; stopping gives none either")
    func replace() {
        let bench = Bench(), phone = bench.openPhone()
        bench.apply(.play(.audio(constant(1_000, ms: 100)), token: 1), phone.id)
        bench.tick()
        bench.apply(.play(.audio(constant(5_000, ms: 100)), token: 2), phone.id)
        bench.tick()
        bench.apply(.stop, phone.id)
        bench.tick(5)
        let heard = bench.heard(phone)
        #expect(heard.map { (level($0.payload) + 250) / 500 } == [2, 10])
        #expect(bench.events(phone.id).isEmpty)
        #expect(bench.graph.discarded.count == 2)
    }

    @Test("A tone program without loop finishes, silence does not")
    func tones() throws {
        let bench = Bench(), phone = bench.openPhone()
        bench.apply(.play(.tone(try ToneProgram(parsing: "!440/100,!0/50")), token: 3), phone.id)
        bench.tick(8)
        #expect(bench.events(phone.id) == [.playbackFinished(token: 3, positionMs: 150)])
        #expect(bench.heard(phone).count == 8)
        bench.apply(.play(.silence, token: 4), phone.id)
        bench.tick(50)
        let heard = bench.heard(phone)
        #expect(heard.count == 50)
        #expect(heard.allSatisfy { $0.payload == [UInt8](repeating: 0xff, count: 160) })
    }

    @Test("Every packet time is kept to, and the tail is filled up", arguments: [10, 20, 30, 40, 60])
    func packetTimes(ptimeMs: Int) {
        let bench = Bench(), phone = bench.openPhone(ptimeMs: ptimeMs)
        bench.apply(.play(.audio(constant(2_000, ms: 500)), token: 1), phone.id)
        bench.tick(40)
        let heard = bench.heard(phone)
        #expect(heard.count == (500 + ptimeMs - 1) / ptimeMs)
        #expect(heard.allSatisfy { $0.payload.count == 8 * ptimeMs })
        expectContinuous(heard, toleranceMs: ptimeMs)
        for (one, next) in zip(heard, heard.dropFirst()) { #expect(next.timestamp &- one.timestamp == UInt32(8 * ptimeMs)) }
    }

    @Test("Every codec is sent in its form", arguments: [(AudioCodec.pcmu, 160), (.pcma, 160), (.g722, 160), (.slin, 320), (.slin16, 640)])
    func codecs(codec: AudioCodec, bytes: Int) {
        let bench = Bench(), phone = bench.openPhone(codec)
        bench.apply(.play(.audio(constant(1_000, ms: 200)), token: 1), phone.id)
        bench.tick(20)
        let heard = bench.heard(phone)
        #expect(heard.count == 10)
        #expect(heard.allSatisfy { $0.payload.count == bytes })
        expectContinuous(heard, clockRate: codec.rtpClockRate)
    }

    @Test("The background is heard while nothing plays, and keeps its place")
    func background() {
        let bench = Bench(), phone = bench.openPhone()
        bench.apply(.background(.audio(Self.stairs, loop: true)), phone.id)
        #expect(steps(bench, phone, 5) == [0, 0, 0, 0, 0])
        bench.apply(.play(.audio(constant(8_000, ms: 100)), token: 1), phone.id)
        #expect(steps(bench, phone, 5) == [20, 20, 20, 20, 20])
        #expect(steps(bench, phone, 2) == [1, 1])
        bench.apply(.background(nil), phone.id)
        #expect(steps(bench, phone, 2) == [nil, nil])
    }

    @Test("A leg that may not send lets its item go on, unheard")
    func held() {
        let bench = Bench(), phone = bench.openPhone()
        var stream = bench.stream(phone)
        stream.sends = false
        bench.configure(phone, stream)
        bench.apply(.play(.audio(constant(1, ms: 60)), token: 9), phone.id)
        bench.tick(3)
        #expect(bench.events(phone.id) == [.playbackFinished(token: 9, positionMs: 60)])
        #expect(bench.heard(phone).isEmpty)
    }
}
