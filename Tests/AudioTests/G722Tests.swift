import Audio
import Testing

struct G722Tests {
    private func throughCodec(_ pcm: [Int16], frame: Int = 320) throws -> [Int16] {
        let encoder = try #require(G722Encoder()), decoder = try #require(G722Decoder())
        var heard: [Int16] = []
        for start in stride(from: 0, to: pcm.count, by: frame) {
            let piece = Array(pcm[start..<min(start + frame, pcm.count)])
            var bytes = [UInt8](repeating: 0, count: frame / 2)
            let count = encoder.encode(piece, piece.count, into: &bytes)
            #expect(count == piece.count / 2)
            var out = [Int16](repeating: 0, count: frame)
            #expect(decoder.decode(bytes, count, into: &out) == count * 2)
            heard += out.prefix(count * 2)
        }
        return heard
    }

    @Test("Tones of the whole wide band survive at their level", arguments: [300.0, 1000, 2500, 3400, 5000, 6500])
    func tones(frequency: Double) throws {
        let tone = sine(frequency, amplitude: 8000, count: 16_000, sampleRate: 16_000)
        let heard = try throughCodec(tone).suffix(8000)
        let purity = share(of: frequency, in: heard, sampleRate: 16_000)
        // The upper band has 2 bits per sample, the lower 6.
        #expect(purity > (frequency < 4000 ? 0.995 : 0.95))
        let level = amplitude(of: frequency, in: heard, sampleRate: 16_000)
        #expect(abs(level - 8000) < 800)
    }

    @Test("Frames cut differently give the same audio", arguments: [160, 320, 640])
    func framing(frame: Int) throws {
        let tone = sine(700, amplitude: 6000, count: 3200, sampleRate: 16_000)
        #expect(try throughCodec(tone, frame: frame) == throughCodec(tone, frame: 3200))
    }

    @Test("A reset codec starts as a fresh one")
    func reset() throws {
        let encoder = try #require(G722Encoder())
        let tone = sine(700, amplitude: 6000, count: 320, sampleRate: 16_000)
        var first = [UInt8](repeating: 0, count: 160), second = first
        encoder.encode(tone, 320, into: &first)
        encoder.reset()
        encoder.encode(tone, 320, into: &second)
        #expect(first == second)
    }

    @Test("Nothing and odd samples are no trouble")
    func edges() throws {
        let encoder = try #require(G722Encoder()), decoder = try #require(G722Decoder())
        var bytes: [UInt8] = [1, 2, 3]
        #expect(encoder.encode([1, 2, 3], 3, into: &bytes) == 1)
        #expect(encoder.encode([1], 1, into: &bytes) == 0)
        var pcm: [Int16] = [0, 0]
        #expect(decoder.decode(bytes, 0, into: &pcm) == 0)
    }
}
