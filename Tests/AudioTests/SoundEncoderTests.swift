import Testing

@testable import Audio

struct SoundEncoderTests {
    @Test("Pieces of any size become the same bytes as the whole", arguments: SoundFormat.allCases)
    func pieces(format: SoundFormat) throws {
        let rate = format.sampleRate
        let tone = sine(440, amplitude: 9_000, count: rate / 5, sampleRate: rate)
        let whole = SoundFile.encode(PCMAudio(samples: tone, sampleRate: rate), format: format)
        let encoder = try #require(SoundEncoder(format: format))
        var bytes: [UInt8] = []
        var start = 0
        for size in [2, 158, 320, 0, 46, 1_000, .max] {
            let end = min(tone.count, start + min(size, tone.count))
            bytes += tone[start..<end].withUnsafeBufferPointer { encoder.encode($0) }
            start = end
        }
        bytes += encoder.finish()
        #expect(bytes == (format.isWAV ? Array(whole.dropFirst(SoundFile.wavHeaderBytes)) : whole))
    }

    @Test("Bytes and samples of a format are each other's measure", arguments: SoundFormat.allCases)
    func measure(format: SoundFormat) throws {
        let samples = 320
        let bytes = SoundFile.encode(
            PCMAudio(samples: [Int16](repeating: 100, count: samples), sampleRate: format.sampleRate), format: format)
        let coded = bytes.count - (format.isWAV ? SoundFile.wavHeaderBytes : 0)
        #expect(format.bytes(inSamples: samples) == coded)
        #expect(format.samples(inBytes: coded) == samples)
    }

    @Test("The header of two channels tells their number, bytes per second and bytes per sample of both")
    func stereoHeader() {
        let header = SoundFile.wavHeader(sampleRate: 8_000, channels: 2, dataBytes: 400)
        #expect(header[22] == 2)
        #expect(Array(header[28..<34]) == [0x00, 0x7D, 0, 0, 4, 0])
    }
}
