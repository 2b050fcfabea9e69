import Audio
import Testing

struct LossConcealerTests {
    /// Plays frames of 20 ms with the given ones lost.
    private func play(_ signal: [Int16], sampleRate: Int, lost: Set<Int>) -> [Int16] {
        var concealer = LossConcealer(sampleRate: sampleRate)
        let frame = sampleRate / 50
        var heard: [Int16] = []
        for (index, start) in stride(from: 0, to: signal.count, by: frame).enumerated() {
            var piece = Array(signal[start..<start + frame])
            if lost.contains(index) { concealer.conceal(into: &piece, frame) } else { concealer.received(&piece, frame) }
            heard += piece
        }
        return heard
    }

    @Test(
        "A voice-like tone goes on through one lost frame without a click", arguments: [120.0, 173, 200, 440, 1000], [8000, 16_000, 48_000])
    func oneLost(frequency: Double, sampleRate: Int) {
        let tone = sine(frequency, amplitude: 8000, count: sampleRate, sampleRate: sampleRate)
        let heard = play(tone, sampleRate: sampleRate, lost: [10])
        let frame = sampleRate / 50
        let gap = heard[10 * frame..<11 * frame]
        #expect(amplitude(of: frequency, in: gap, sampleRate: sampleRate) > 6000)
        #expect(heard.largestStep < tone.largestStep * 3 / 2)
    }

    @Test("Frames without loss pass unchanged")
    func unchanged() {
        let tone = sine(300, amplitude: 8000, count: 8000, sampleRate: 8000)
        #expect(play(tone, sampleRate: 8000, lost: []) == tone)
        let heard = play(tone, sampleRate: 8000, lost: [10])
        #expect(heard[..<1600] == tone[..<1600])
        #expect(heard[(11 * 160 + 40)...] == tone[(11 * 160 + 40)...])
    }

    @Test("A long gap fades out within 60 ms and ends without a click")
    func longGap() {
        let tone = sine(200, amplitude: 8000, count: 8000, sampleRate: 8000)
        let heard = play(tone, sampleRate: 8000, lost: Set(10..<20))
        #expect(heard[13 * 160..<20 * 160].allSatisfy { $0 == 0 })
        #expect(heard[10 * 160..<11 * 160].contains { abs(Int($0)) > 6000 })
        #expect(heard.largestStep < tone.largestStep * 3 / 2)
    }

    @Test("Noise and random losses never make a step that the signal doesn't have", arguments: 0..<10)
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed)
        var level = 0
        let noise = (0..<16_000).map { _ in
            level = min(max(level + Int.random(in: -900...900, using: &random), -9000), 9000)
            return Int16(level)
        }
        let heard = play(noise, sampleRate: 8000, lost: Set((0..<100).filter { _ in Double.random(in: 0..<1, using: &random) < 0.2 }))
        #expect(heard.largestStep <= 2200)
    }

    @Test("A frame left out on purpose is blended over")
    func discontinuity() {
        let tone = sine(333, amplitude: 8000, count: 1600, sampleRate: 8000)
        var concealer = LossConcealer(sampleRate: 8000)
        var heard: [Int16] = []
        for start in [0, 160, 320, 640, 800] {
            var piece = Array(tone[start..<start + 160])
            concealer.received(&piece, 160, discontinuity: start == 640)
            heard += piece
        }
        #expect(heard.largestStep < tone.largestStep * 3 / 2)
    }

    @Test("Nothing heard before gives silence, and so does a reset one")
    func silence() {
        var concealer = LossConcealer(sampleRate: 8000)
        var frame = [Int16](repeating: 5, count: 160)
        concealer.conceal(into: &frame, 160)
        #expect(frame.allSatisfy { $0 == 0 })
        var tone = sine(300, amplitude: 8000, count: 480, sampleRate: 8000)
        concealer.received(&tone, 480)
        concealer.reset()
        concealer.conceal(into: &frame, 160)
        #expect(frame.allSatisfy { $0 == 0 })
    }

    @Test("Frames of any length are no trouble", arguments: [0, 1, 7, 80, 5000])
    func lengths(count: Int) {
        var concealer = LossConcealer(sampleRate: 8000)
        var tone = sine(300, amplitude: 8000, count: count, sampleRate: 8000)
        concealer.received(&tone, count)
        concealer.conceal(into: &tone, count)
        let concealing = concealer.isConcealing
        #expect(concealing == (count > 0))
        concealer.received(&tone, count)
        #expect(tone.count == count)
    }
}
