import Audio
import Glibc
import Testing

@testable import Media

/// Talk and tones that are listened for, in virtual time.
struct DetectionTests {
    /// One µ-law packet of a sine that goes on where the packet before it ended.
    private func tone(_ frequency: Double, packet: Int, amplitude: Double = 6_000) -> [UInt8] {
        let pcm = (0..<160).map { Int16(amplitude * sin(2 * .pi * frequency * Double(packet * 160 + $0) / 8_000)) }
        var bytes = [UInt8](repeating: 0, count: pcm.count)
        G711.encodeMuLaw(pcm, pcm.count, into: &bytes)
        return bytes
    }

    private func tones(_ bench: Bench, _ id: PortID) -> [MediaEvent] {
        bench.events(id).filter { if case .toneDetected = $0 { true } else { false } }
    }

    @Test("A tone from the device is told once it lasted long enough, once only, and again after it was gone")
    func received() {
        let bench = Bench()
        var one = bench.openPhone()
        bench.apply(.toneDetection(ToneDetection(frequency: 1_130, durationMs: 300)), one.id)
        var toldAt: [Int] = []
        for packet in 0..<150 {
            let isTone = packet < 50 || packet >= 80
            bench.speak(&one, tone(isTone ? 1_130 : 700, packet: packet))
            bench.tick()
            for event in tones(bench, one.id) {
                #expect(event == .toneDetected(outgoing: false))
                toldAt.append(packet)
            }
        }
        #expect(toldAt.count == 2)
        if let first = toldAt.first, let last = toldAt.last {
            #expect((13...22).contains(first) && (93...102).contains(last))
        }
    }

    @Test(
        "Another tone, a short one or one nobody listens for any more is not told",
        arguments: ["other", "short", "removed", "unheard side"])
    func notTold(_ what: String) {
        let bench = Bench()
        var one = bench.openPhone()
        bench.apply(.toneDetection(ToneDetection(frequency: 1_130, durationMs: 300, incoming: what != "unheard side")), one.id)
        if what == "removed" { bench.apply(.toneDetection(nil), one.id) }
        for packet in 0..<60 {
            let silent = what == "short" && packet >= 8
            bench.speak(&one, tone(what == "other" ? 1_200 : 1_130, packet: packet, amplitude: silent ? 0 : 6_000))
            bench.tick()
        }
        #expect(tones(bench, one.id).isEmpty)
        #expect(what != "removed" || bench.graph.active.isEmpty)
    }

    @Test("A tone played to the device is told as outgoing")
    func played() throws {
        let bench = Bench(), one = bench.openPhone()
        bench.apply(.toneDetection(ToneDetection(frequency: 440, durationMs: 200, incoming: false)), one.id)
        bench.apply(.play(.tone(try ToneProgram(parsing: "440")), token: 1), one.id)
        bench.tick(30)
        #expect(tones(bench, one.id) == [.toneDetected(outgoing: true)])
    }

    @Test("Listening to a conversation adds no packet to what its phones hear", arguments: [true, false])
    func forwarded(talk: Bool) {
        let bench = Bench()
        let one = bench.openPhone()
        var two = bench.openPhone()
        bench.connect(one.id, two.id)
        let action: MediaCommand.Action =
            talk ? .talkDetection(TalkDetection()) : .toneDetection(ToneDetection(frequency: 1_130, durationMs: 100))
        bench.apply(action, one.id)
        for packet in 0..<50 {
            bench.speak(&two, tone(1_130, packet: packet))
            bench.tick()
        }
        #expect(bench.route(one) == .forward)
        #expect(bench.heard(one).count == 50)
        if !talk { #expect(tones(bench, one.id) == [.toneDetected(outgoing: true)]) }
    }
}
