import Audio
import Testing

struct OpusTests {
    private static let frame = 960

    /// Encodes a tone in packets of 20 ms.
    private func packets(_ frequency: Double, _ parameters: OpusParameters = OpusParameters(), loss: Int = 0) throws -> [[UInt8]] {
        let encoder = try #require(OpusEncoder(parameters))
        encoder.expectLoss(percent: loss)
        let tone = sine(frequency, amplitude: 8_000, count: 48_000, sampleRate: 48_000)
        return stride(from: 0, to: tone.count, by: Self.frame).map { start in
            var bytes = [UInt8](repeating: 0, count: OpusEncoder.maxPacketBytes)
            let piece = Array(tone[start..<start + Self.frame])
            let count = encoder.encode(piece, piece.count, into: &bytes, capacity: bytes.count)
            return Array(bytes.prefix(count))
        }
    }

    private func decode(_ packets: [[UInt8]], lost: (Int) -> Bool = { _ in false }, usesFEC: Bool = true) throws -> [Int16] {
        let decoder = try #require(OpusDecoder())
        var heard: [Int16] = []
        for (index, packet) in packets.enumerated() {
            var pcm = [Int16](repeating: 0, count: Self.frame)
            if lost(index) {
                let following = usesFEC && index + 1 < packets.count ? packets[index + 1] : []
                let made = following.withUnsafeBytes { decoder.conceal(following: $0.isEmpty ? nil : $0, into: &pcm, Self.frame) }
                #expect(made == Self.frame)
            } else {
                #expect(decoder.decode(packet, packet.count, into: &pcm, capacity: pcm.count) == Self.frame)
            }
            heard += pcm
        }
        return heard
    }

    @Test("Tones survive at their level", arguments: [300.0, 1000, 3400, 7000])
    func tones(frequency: Double) throws {
        let heard = try decode(packets(frequency)).suffix(24_000)
        #expect(share(of: frequency, in: heard, sampleRate: 48_000) > 0.95)
        #expect(abs(amplitude(of: frequency, in: heard, sampleRate: 48_000) - 8_000) < 1_200)
    }

    @Test(
        "In place of a lost packet there is no gap, with the copy in the next one and without", arguments: [true, false])
    func loss(usesFEC: Bool) throws {
        let heard = try decode(packets(400, loss: 20), lost: { $0 % 7 == 5 }, usesFEC: usesFEC)
        for index in stride(from: 12, to: 50, by: 7) {
            let frame = heard[index * Self.frame..<(index + 1) * Self.frame]
            let loudness = (frame.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(Self.frame)).squareRoot()
            #expect((1_500...8_000).contains(loudness), "packet \(index)")
        }
    }

    @Test("With losses expected, packets carry a copy of the one before, unless the far end does not want it")
    func copies() throws {
        // Pulses as of a voice: only for them copies are made.
        func encode(usesFEC: Bool) throws -> Int {
            var parameters = OpusParameters()
            parameters.usesFEC = usesFEC
            parameters.maxPlaybackRate = 16_000
            let encoder = try #require(OpusEncoder(parameters))
            encoder.expectLoss(percent: 20)
            var random = SeededGenerator(3)
            return (0..<50).map { index in
                let voice = (0..<Self.frame).map { offset -> Int16 in
                    let phase = (index * Self.frame + offset) % 400
                    return Int16(phase < 40 ? 12_000 - 600 * phase : Int.random(in: -300...300, using: &random))
                }
                var bytes = [UInt8](repeating: 0, count: OpusEncoder.maxPacketBytes)
                let count = encoder.encode(voice, voice.count, into: &bytes, capacity: bytes.count)
                // In a packet of speech for one channel the second bit behind the first byte says so (RFC 6716 section 4.2.3).
                return count > 1 && bytes[0] >> 3 < 16 && bytes[1] & 0x40 != 0 ? 1 : 0
            }.reduce(0, +)
        }
        #expect(try encode(usesFEC: true) > 25)
        #expect(try encode(usesFEC: false) == 0)
    }

    @Test("Silence is not sent when the far end wants it so")
    func discontinuous() throws {
        var parameters = OpusParameters()
        parameters.usesDTX = true
        let encoder = try #require(OpusEncoder(parameters))
        let silence = [Int16](repeating: 0, count: Self.frame)
        var bytes = [UInt8](repeating: 0, count: OpusEncoder.maxPacketBytes)
        let sizes = (0..<100).map { _ in encoder.encode(silence, silence.count, into: &bytes, capacity: bytes.count) }
        #expect(sizes.suffix(50).contains { $0 <= 2 })
    }

    @Test(
        "What the far end asks for is read",
        arguments: [
            (nil, false, false, 510_000, 48_000), ("minptime=10;useinbandfec=1", true, false, 510_000, 48_000),
            (
                "maxplaybackrate=16000; sprop-maxcapturerate=16000; maxaveragebitrate=20000; stereo=1; useinbandfec=1; usedtx=1", true,
                true, 20_000, 16_000
            ),
            ("maxaveragebitrate=1;maxplaybackrate=x;;=;useinbandfec", false, false, 6_000, 48_000),
            ("maxaveragebitrate=99999999999999999999;UseInbandFEC=1", true, false, 510_000, 48_000),
        ] as [(String?, Bool, Bool, Int, Int)])
    func parameters(text: String?, fec: Bool, dtx: Bool, bitrate: Int, rate: Int) {
        let read = OpusParameters(parsing: text)
        #expect(read.usesFEC == fec && read.usesDTX == dtx && read.maxBitrate == bitrate && read.maxPlaybackRate == rate)
    }

    @Test("Random bytes never do harm, and no packet writes beyond its room")
    func random() throws {
        var generator = SeededGenerator(7)
        let decoder = try #require(OpusDecoder())
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let capacity = Int.random(in: 0...OpusDecoder.maxPacketSamples, using: &generator)
            var pcm = [Int16](repeating: 21_845, count: OpusDecoder.maxPacketSamples + 8)
            let count = decoder.decode(bytes, bytes.count, into: &pcm, capacity: capacity)
            #expect(count <= capacity && pcm.suffix(8).allSatisfy { $0 == 21_845 })
            let samples = bytes.withUnsafeBytes { OpusDecoder.samples(in: $0) }
            #expect((0...OpusDecoder.maxPacketSamples).contains(samples))
            let made = bytes.withUnsafeBytes { decoder.conceal(following: $0, into: &pcm, 960) }
            #expect(made <= 960)
        }
    }

    @Test("Every codec goes through packets and comes back", arguments: AudioCodec.allCases)
    func everyCodec(codec: AudioCodec) throws {
        let encoder = try #require(PacketEncoder(codec)), decoder = try #require(PacketDecoder(codec))
        let count = codec.samplesPerFrame(ptimeMs: 20)
        var heard: [Int16] = []
        let tone = sine(500, amplitude: 8_000, count: count * 25, sampleRate: codec.sampleRate)
        for start in stride(from: 0, to: tone.count, by: count) {
            var bytes = [UInt8](repeating: 0, count: encoder.maxBytes(samples: count))
            let size = encoder.encode(Array(tone[start..<start + count]), count, into: &bytes, capacity: bytes.count)
            #expect(bytes.prefix(size).withUnsafeBytes { codec.timestampUnits(in: $0) } == codec.timestampStep(ptimeMs: 20))
            var pcm = [Int16](repeating: 0, count: count)
            #expect(decoder.decode(bytes, size, into: &pcm, capacity: count) == count)
            #expect(decoder.decode(bytes, size, into: &pcm, capacity: count - 1) == 0 || codec == .opus)
            heard += pcm
        }
        #expect(share(of: 500, in: heard.suffix(count * 10), sampleRate: codec.sampleRate) > 0.9)
    }
}
