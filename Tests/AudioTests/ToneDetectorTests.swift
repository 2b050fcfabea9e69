import Audio
import Testing

struct ToneDetectorTests {
    /// Gives the frames, 20 ms each, at whose end the tone was told.
    private func told(_ pcm: [Int16], _ detector: ToneDetector, sampleRate: Int = 8_000) -> [Int] {
        var detector = detector
        let count = sampleRate / 50
        return pcm.withUnsafeBufferPointer { samples in
            guard let start = samples.baseAddress else { return [] }
            return (0..<pcm.count / count).filter { detector.process(start + $0 * count, count, sampleRate: sampleRate, frameMs: 20) }
        }
    }

    @Test(
        "A tone of any frequency and rate is told when nine tenths of the duration have passed",
        arguments: [
            (110, 8_000), (312, 8_000), (425, 8_000), (1_130, 8_000), (2_600, 8_000), (3_700, 8_000), (425, 16_000), (2_713, 48_000),
        ])
    func any(frequency: Int, sampleRate: Int) {
        let pcm = sine(Double(frequency), amplitude: 3_000, count: sampleRate, sampleRate: sampleRate)
        #expect(told(pcm, ToneDetector(frequency: frequency, durationMs: 300), sampleRate: sampleRate) == [13])
    }

    @Test("A frequency from half the sample rate up is never heard", arguments: [4_000, 4_001, 5_000, Int(Int32.max)])
    func mirror(frequency: Int) {
        let pcm = sine(3_000, amplitude: 3_000, count: 8_000, sampleRate: 8_000)
        #expect(told(pcm, ToneDetector(frequency: frequency, durationMs: 100)).isEmpty)
    }

    @Test(
        "Neighbours, faint tones and tones in noise are not told; a lower threshold accepts the noise",
        arguments: [
            (0.0, 1_150.0, 3_000.0, 16.0, false), (0, 1_130, 70, 16, false), (0, 1_130, 100, 16, true),
            (1_000, 1_130, 3_000, 16, false), (1_000, 1_130, 3_000, 6, true),
        ])
    func clean(other: Double, frequency: Double, amplitude: Double, thresholdDB: Double, isTold: Bool) {
        let tone = sine(frequency, amplitude: amplitude, count: 8_000, sampleRate: 8_000)
        let noise = sine(1_700, amplitude: other, count: 8_000, sampleRate: 8_000)
        let mixed = zip(tone, noise).map { $0 &+ $1 }
        #expect(told(mixed, ToneDetector(frequency: 1_130, durationMs: 200, thresholdDB: thresholdDB)).isEmpty != isTold)
    }

    @Test("A gap of 40 ms belongs to the tone, a longer one ends it", arguments: [(2, 1), (3, 2)])
    func gap(frames: Int, times: Int) {
        var pcm = sine(1_130, amplitude: 3_000, count: 8_000, sampleRate: 8_000)
        for at in 20 * 160..<(20 + frames) * 160 { pcm[at] = 0 }
        #expect(told(pcm, ToneDetector(frequency: 1_130, durationMs: 200)).count == times)
    }

    @Test("Frames that don't come end the tone as silence does")
    func idle() {
        let frame = sine(1_000, amplitude: 3_000, count: 160, sampleRate: 8_000)
        var detector = ToneDetector(frequency: 1_000, durationMs: 40)
        #expect((0..<3).map { _ in detector.process(frame, 160, sampleRate: 8_000, frameMs: 20) } == [false, true, false])
        for _ in 0..<3 { detector.idle(frameMs: 20) }
        #expect((0..<2).map { _ in detector.process(frame, 160, sampleRate: 8_000, frameMs: 20) } == [false, true])
    }
}
