import Audio
import Testing

struct ResamplerTests {
    @Test(
        "Every 20 ms frame gives exactly 20 ms at the other rate",
        arguments: [
            (8000, 16_000), (16_000, 8000), (8000, 48_000), (48_000, 8000), (44_100, 8000), (8000, 44_100), (24_000, 16_000),
            (12_000, 32_000),
        ])
    func cadence(from: Int, to: Int) throws {
        let resampler = try #require(Resampler(from: from, to: to))
        let frame = from / 50
        let tone = sine(700, amplitude: 8000, count: from, sampleRate: from)
        var heard: [Int16] = []
        for start in stride(from: 0, to: tone.count, by: frame) {
            let piece = Array(tone[start..<start + frame])
            var out = [Int16](repeating: 0, count: resampler.outputCount(for: frame))
            let step = resampler.process(piece, frame, into: &out, capacity: out.count)
            #expect(step.consumed == frame)
            #expect(step.produced == to / 50)
            heard += out.prefix(step.produced)
        }
        let settled = heard.suffix(to / 2)
        #expect(share(of: 700, in: settled, sampleRate: to) > 0.999)
        #expect(abs(amplitude(of: 700, in: settled, sampleRate: to) - 8000) < 200)
    }

    @Test(
        "A whole piece keeps its length and its place in time",
        arguments: [(8000, 16_000), (48_000, 8000), (44_100, 16_000), (8000, 48_000)])
    func whole(from: Int, to: Int) throws {
        // A tone that begins in the middle.
        let audio = PCMAudio(
            samples: [Int16](repeating: 0, count: from / 2) + sine(500, amplitude: 10_000, count: from / 2, sampleRate: from),
            sampleRate: from)
        let other = audio.resampled(to: to)
        #expect(other.sampleRate == to)
        #expect(other.samples.count == to)
        #expect(other.durationMs == audio.durationMs)
        let begin = try #require(other.samples.firstIndex { abs(Int($0)) > 3000 })
        // 500 Hz reaches 3000 of 10000 about 0.1 ms after its start.
        #expect(abs(Double(begin) / Double(to) - 0.5001) < 0.0003)
        #expect(other.samples.suffix(to / 50).contains { abs(Int($0)) > 8000 })
    }

    @Test("The same rate changes nothing; a rate that is none gives no samples")
    func edges() {
        let audio = PCMAudio(samples: [1, 2, 3], sampleRate: 8000)
        #expect(audio.resampled(to: 8000) == audio)
        #expect(audio.resampled(to: 0).samples.isEmpty)
        #expect(audio.resampled(to: -8000).samples.isEmpty)
        #expect(PCMAudio(samples: [], sampleRate: 8000).resampled(to: 16_000).samples.isEmpty)
        #expect(Resampler(from: 0, to: 8000) == nil)
        #expect(Resampler(from: 8000, to: 8000, quality: 11) == nil)
    }

    @Test("What was heard before a reset is forgotten")
    func reset() throws {
        let resampler = try #require(Resampler(from: 8000, to: 16_000))
        var first = [Int16](repeating: 0, count: 320), second = first
        let tone = sine(700, amplitude: 8000, count: 160, sampleRate: 8000)
        resampler.process(tone, 160, into: &first, capacity: 320)
        resampler.reset()
        resampler.process(tone, 160, into: &second, capacity: 320)
        #expect(first == second)
    }
}
