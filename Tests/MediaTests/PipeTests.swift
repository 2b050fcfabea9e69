import Audio
import RTP
import Testing

@testable import Media

@Suite("Pipes")
struct PipeTests {
    /// Two phones at the ends of a chain of pipes.
    private func chain(_ pipes: Int, _ bench: Bench, _ one: Bench.Phone, _ two: Bench.Phone) -> [(PortID, PortID)] {
        let made = (0..<pipes).map { _ in bench.openPipe() }
        var end = one.id
        for pipe in made {
            bench.connect(end, pipe.0)
            end = pipe.1
        }
        bench.connect(end, two.id)
        return made
    }

    @Test("Phones at both ends of a chain forward packets to each other", arguments: [1, 2, 5, MediaLimits.maxChain])
    func forwarding(pipes: Int) {
        let bench = Bench()
        var one = bench.openPhone(), two = bench.openPhone()
        _ = chain(pipes, bench, one, two)
        #expect(bench.route(one) == .forward && bench.route(two) == .forward)
        for _ in 0..<10 {
            bench.speak(&one, muLaw(100))
            bench.speak(&two, muLaw(200))
        }
        #expect(bench.heard(one).count == 10 && bench.heard(two).count == 10)
    }

    @Test("A chain one longer than allowed stays silent")
    func tooLong() {
        let bench = Bench()
        var one = bench.openPhone()
        let two = bench.openPhone()
        _ = chain(MediaLimits.maxChain + 1, bench, one, two)
        bench.speak(&one)
        bench.tick(3)
        #expect(bench.heard(two).isEmpty)
    }

    @Test("Different codecs are transcoded through a chain", arguments: [1, 3])
    func transcoding(pipes: Int) {
        let bench = Bench()
        var one = bench.openPhone(.pcmu)
        let two = bench.openPhone(.pcma)
        _ = chain(pipes, bench, one, two)
        for _ in 0..<30 {
            bench.speak(&one, muLaw(4_000))
            bench.tick()
        }
        let heard = bench.heard(two)
        #expect(heard.count > 20)
        expectContinuous(heard)
    }

    @Test("What plays on one end is heard by the phone at the other, to its last frame")
    func playOnPipe() {
        let bench = Bench(), phone = bench.openPhone()
        let pipe = bench.openPipe()
        bench.connect(phone.id, pipe.0)
        bench.apply(.play(.audio(constant(3_000, ms: 100)), token: 8), pipe.1)
        #expect(bench.route(phone) == .tick)
        bench.tick(5)
        #expect(bench.events(pipe.1) == [.playbackFinished(token: 8, positionMs: 100)])
        bench.tick(3)
        let heard = bench.heard(phone)
        #expect(heard.count == 5)
        #expect(heard.allSatisfy { abs(level($0.payload) - 3_000) < 150 })
        #expect(bench.route(phone) == .silent)
    }

    @Test("An item on a pipe that nobody hears ends as well")
    func unheard() {
        let bench = Bench(), pipe = bench.openPipe()
        bench.apply(.play(.audio(constant(1, ms: 40)), token: 2), pipe.0)
        bench.tick(2)
        #expect(bench.events(pipe.0) == [.playbackFinished(token: 2, positionMs: 40)])
    }

    @Test("Echo at the far end comes back as packets")
    func echo() {
        let bench = Bench()
        var phone = bench.openPhone()
        let pipe = bench.openPipe()
        bench.connect(phone.id, pipe.0)
        bench.apply(.echo(true), pipe.1)
        for _ in 0..<5 { bench.speak(&phone) }
        #expect(bench.heard(phone).count == 5)
    }

    @Test("Ports that hear each other in a circle are silent")
    func circle() {
        let bench = Bench(), phone = bench.openPhone()
        let one = bench.openPipe(), two = bench.openPipe()
        bench.apply(.echo(true), one.0)
        bench.apply(.echo(true), one.1)
        bench.apply(.connect(one.0), phone.id)
        bench.connect(two.0, two.1)
        bench.apply(.play(.audio(constant(9, ms: 60)), token: 1), two.0)
        bench.apply(.talkDetection(TalkDetection()), one.0)
        bench.tick(10)
        #expect(bench.heard(phone).isEmpty)
        #expect(bench.events(two.0) == [.playbackFinished(token: 1, positionMs: 60)])
    }

    @Test("A circle with a voice in it ends with the voice")
    func circleWithVoice() {
        let bench = Bench(), phone = bench.openPhone(), pipe = bench.openPipe()
        bench.connect(phone.id, pipe.0)
        bench.apply(.connect(pipe.1), pipe.1)
        bench.apply(.play(.audio(constant(2_000, ms: 60)), token: 1), pipe.1)
        bench.tick(10)
        #expect(bench.heard(phone).count == 3)
    }

    @Test("Digits pass through pipes and are told at each end they come out of")
    func digits() {
        let bench = Bench(), one = bench.openPhone(), two = bench.openPhone(.pcma, events: 96)
        let pipes = chain(2, bench, one, two)
        bench.pressKey(one, event: 5, durationMs: 120)
        #expect(bench.events(one.id) == [.firstPacket, .digit("5", durationMs: 120)])
        #expect(pipes.map { bench.events($0.1) } == [[.digit("5", durationMs: 120)], [.digit("5", durationMs: 120)]])
        #expect(pipes.allSatisfy { bench.events($0.0).isEmpty })
        bench.tick(20)
        let sent = bench.heard(two).filter { $0.header.payloadType == 96 }
        #expect(sent.first?.payload.first == 5)
        #expect(sent.last.map { $0.payload[1] & 0x80 } == 0x80)
    }

    @Test("Digits given to a pipe come out of its other end after their time")
    func sentDigits() {
        let bench = Bench(), pipe = bench.openPipe()
        bench.apply(
            .sendDigits([DigitToSend("1", durationMs: 100, gapAfterMs: 40), DigitToSend("#", durationMs: 60, gapAfterMs: 0)], token: 3),
            pipe.0)
        bench.tick(5)
        #expect(bench.events(pipe.1).isEmpty)
        bench.tick()
        #expect(bench.events(pipe.1) == [.digit("1", durationMs: 100)])
        bench.tick(10)
        #expect(bench.events(pipe.1) == [.digit("#", durationMs: 60)])
        #expect(bench.events(pipe.0) == [.digitsSent(token: 3)])
    }
}
