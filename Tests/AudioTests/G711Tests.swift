import Audio
import Glibc
import Testing

/// One companding law: how to call it, and what ITU-T G.711 says of it.
enum Law: CaseIterable {
    case mu, a

    func encode(_ pcm: [Int16]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0x5A, count: pcm.count)
        switch self {
        case .mu: G711.encodeMuLaw(pcm, pcm.count, into: &bytes)
        case .a: G711.encodeALaw(pcm, pcm.count, into: &bytes)
        }
        return bytes
    }

    func decode(_ bytes: [UInt8]) -> [Int16] {
        var pcm = [Int16](repeating: 0x5A5A, count: bytes.count)
        switch self {
        case .mu: G711.decodeMuLaw(bytes, bytes.count, into: &pcm)
        case .a: G711.decodeALaw(bytes, bytes.count, into: &pcm)
        }
        return pcm
    }

    /// Code without inversions: 0...127 from quiet to loud.
    func rank(_ code: UInt8) -> Int {
        self == .mu ? Int(~code & 0x7F) : Int((code ^ 0x55) & 0x7F)
    }

    /// Where the continuous curve of the law puts a magnitude, 0...1.
    func curve(_ magnitude: Double) -> Double {
        switch self {
        case .mu: return log(1 + 255 * magnitude) / log(256)
        case .a:
            let a = 87.6, scale = 1 + log(a)
            return magnitude < 1 / a ? a * magnitude / scale : (1 + log(a * magnitude)) / scale
        }
    }

    /// Half the width of the step in which a 16-bit magnitude lies, and what the coarser input (14 or 12 bits, one's complement) adds.
    func largestError(_ magnitude: Int) -> Int {
        switch self {
        case .mu: return 4 << (magnitude + 132).octave(from: 7) + 4
        case .a: return 8 << max(magnitude.octave(from: 7) - 1, 0) + 16
        }
    }

    var overload: Int { self == .mu ? 32_635 : 32_767 }
}

extension Int {
    func octave(from bits: Int) -> Int { Swift.max(Int.bitWidth - 1 - leadingZeroBitCount - bits, 0) }
}

struct G711Tests {
    static let everySample = (Int(Int16.min)...Int(Int16.max)).map { Int16($0) }
    static let everyCode = (0...255).map { UInt8($0) }

    @Test(
        "Levels are those of the recommendation's tables",
        arguments: [
            (.mu, 0xFF, 0), (.mu, 0x7F, 0), (.mu, 0x80, 32_124), (.mu, 0x00, -32_124), (.mu, 0xFE, 8), (.mu, 0x7E, -8), (.mu, 0xEF, 132),
            (.mu, 0x8F, 16_764), (.a, 0xD5, 8), (.a, 0x55, -8), (.a, 0xAA, 32_256), (.a, 0x2A, -32_256), (.a, 0xC5, 264), (.a, 0xD4, 24),
        ] as [(Law, UInt8, Int16)])
    func knownLevels(law: Law, code: UInt8, level: Int16) {
        #expect(law.decode([code]) == [level])
    }

    @Test("Silence encodes to the usual bytes")
    func silence() {
        #expect(Law.mu.encode([0]) == [0xFF])
        #expect(Law.a.encode([0]) == [0xD5])
        #expect(AudioCodec.pcmu.silenceByte == 0xFF && AudioCodec.pcma.silenceByte == 0xD5)
    }

    @Test("Every code decodes to a level that encodes to the same code", arguments: Law.allCases)
    func codesReturn(law: Law) {
        // µ-law has two zeros; both decode to 0, which encodes to the positive one.
        let expected = Self.everyCode.map { law == .mu && $0 == 0x7F ? 0xFF : $0 }
        #expect(law.encode(law.decode(Self.everyCode)) == expected)
    }

    @Test("Codes rise with the samples", arguments: Law.allCases)
    func monotonic(law: Law) {
        let levels = law.decode(law.encode(Self.everySample))
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(Set(levels).count == (law == .mu ? 255 : 256))
    }

    @Test("No sample is further from its level than half a step", arguments: Law.allCases)
    func errorBound(law: Law) {
        let levels = law.decode(law.encode(Self.everySample))
        let wrong = zip(Self.everySample, levels).filter { sample, level in
            let magnitude = abs(Int(sample))
            return magnitude <= law.overload && abs(Int(sample) - Int(level)) > law.largestError(magnitude)
        }
        #expect(wrong.isEmpty)
    }

    @Test("Codes follow the continuous curve of the recommendation", arguments: Law.allCases)
    func followsCurve(law: Law) {
        let codes = law.encode(Self.everySample)
        let distances = zip(Self.everySample, codes).map { sample, code in
            abs(law.curve(min(Double(sample.magnitude) / 32_768, 1)) * 128 - Double(law.rank(code)) - 0.5)
        }
        #expect(distances.max()! < 2)
    }

    @Test("A tone of usual loudness keeps a signal-to-noise ratio of 36 dB", arguments: Law.allCases)
    func noise(law: Law) {
        let tone = sine(1004, amplitude: 8000, count: 8000, sampleRate: 8000)
        let heard = law.decode(law.encode(tone))
        let signal = tone.map { Double($0) * Double($0) }.reduce(0, +)
        let noise = zip(tone, heard).map { (Double($0) - Double($1)) * (Double($0) - Double($1)) }.reduce(0, +)
        #expect(10 * log10(signal / noise) > 36)
    }

    @Test("L16 is big-endian and comes back", arguments: [0, 1, 2, 160])
    func linear(count: Int) {
        let pcm = (0..<count).map { Int16(truncatingIfNeeded: $0 * 1237 - 20_000) }
        var bytes = [UInt8](repeating: 0, count: count * 2)
        Linear16.encode(pcm, count, into: &bytes)
        var back = [Int16](repeating: 0, count: count)
        Linear16.decode(bytes, count, into: &back)
        #expect(back == pcm)
        if count > 0 { #expect(Int16(bitPattern: UInt16(bytes[0]) << 8 | UInt16(bytes[1])) == pcm[0]) }
    }
}
