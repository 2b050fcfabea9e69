import Audio
import Testing

struct SoundFormatTests {
    @Test(
        "ARI names the coding of a format, not its file extension",
        arguments: [
            (SoundFormat.wav, "slin"), (.sln, "slin"), (.wav16, "slin16"), (.sln16, "slin16"), (.ulaw, "ulaw"), (.alaw, "alaw"),
            (.g722, "g722"),
            (.sln12, "slin12"), (.sln24, "slin24"), (.sln32, "slin32"), (.sln44, "slin44"), (.sln48, "slin48"), (.sln96, "slin96"),
            (.sln192, "slin192"),
        ])
    func ariName(format: SoundFormat, name: String) {
        #expect(format.ariName == name)
        #expect(SoundFormat(fileExtension: format.fileExtension) == format)
    }

    @Test(
        "Other extensions of the same formats are known",
        arguments: [
            ("pcm", SoundFormat.ulaw), ("ul", .ulaw), ("mu", .ulaw), ("ulw", .ulaw), ("al", .alaw), ("alw", .alaw), ("raw", .sln),
            ("gsm", .gsm), ("", nil), ("WAV", nil),
        ] as [(String, SoundFormat?)])
    func extensions(name: String, format: SoundFormat?) {
        #expect(SoundFormat(fileExtension: name) == format)
    }
}

struct SoundFileTests {
    @Test("A tone written in any format is the same tone when read", arguments: SoundFormat.allCases)
    func roundTrip(format: SoundFormat) throws {
        let rate = format.sampleRate
        let tone = PCMAudio(samples: sine(700, amplitude: 8000, count: rate, sampleRate: rate), sampleRate: rate)
        let heard = try SoundFile.decode(bytes: SoundFile.encode(tone, format: format), format: format)
        #expect(heard.sampleRate == rate)
        #expect(heard.samples.count == rate)
        if format.codec.isLinear, format != .gsm { #expect(heard == tone) }
        // GSM is made for speech and keeps a pure tone less well.
        #expect(share(of: 700, in: heard.samples.suffix(rate / 2), sampleRate: rate) > (format == .gsm ? 0.9 : 0.99))
    }

    @Test("Encoding resamples to the format's rate, but a WAV file keeps its own")
    func encodingRate() throws {
        let tone = PCMAudio(samples: sine(700, amplitude: 8000, count: 16_000, sampleRate: 16_000), sampleRate: 16_000)
        #expect(SoundFile.encode(tone, format: .ulaw).count == 8000)
        #expect(try SoundFile.decode(bytes: SoundFile.encode(tone, format: .wav), format: .wav).sampleRate == 16_000)
        #expect(SoundFile.encode(tone, format: .wav16).count == 44 + 32_000)
    }

    @Test("An odd last byte of raw audio is left out; no bytes are no samples")
    func oddRaw() throws {
        #expect(try SoundFile.decode(bytes: [0x34, 0x12, 0xFF], format: .sln).samples == [0x1234])
        for format in SoundFormat.allCases where !format.isWAV {
            #expect(try SoundFile.decode(bytes: [], format: format).samples.isEmpty)
        }
    }

    @Test("A file of the largest size is decoded, one larger is refused")
    func largest() throws {
        let largest = [UInt8](repeating: 0, count: SoundFile.maximumBytes)
        #expect(try SoundFile.decode(bytes: largest, format: .sln).samples.count == SoundFile.maximumBytes / 2)
        #expect(throws: SoundFileError.tooLarge(bytes: SoundFile.maximumBytes + 1)) {
            try SoundFile.decode(bytes: largest + [0], format: .sln)
        }
    }
}

struct WAVFileTests {
    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func chunk(_ name: String, _ content: [UInt8], size: Int? = nil) -> [UInt8] {
        Array(name.utf8) + little(size ?? content.count, 4) + content + (content.count % 2 == 1 ? [0] : [])
    }

    private func format(code: Int = 1, channels: Int = 1, rate: Int = 8000, bits: Int = 16, more: [UInt8] = []) -> [UInt8] {
        let frame = channels * bits / 8
        return chunk(
            "fmt ",
            little(code, 2) + little(channels, 2) + little(rate, 4) + little(rate * frame, 4) + little(frame, 2) + little(bits, 2) + more)
    }

    private func riff(_ chunks: [UInt8]..., size: Int? = nil) -> [UInt8] {
        let content = Array("WAVE".utf8) + chunks.flatMap { $0 }
        return Array("RIFF".utf8) + little(size ?? content.count, 4) + content
    }

    private func decode(_ bytes: [UInt8]) throws -> PCMAudio { try SoundFile.decode(bytes: bytes, format: .wav) }

    @Test("The header of 16-bit mono PCM is the usual 44 bytes")
    func header() {
        let samples: [Int16] = [1, -2]
        let expected = riff(format(rate: 16_000), chunk("data", [1, 0, 0xFE, 0xFF]))
        #expect(SoundFile.encodeWAV(PCMAudio(samples: samples, sampleRate: 16_000)) == expected)
        #expect(SoundFile.wavHeader(sampleRate: 16_000, dataBytes: 4) == Array(expected.prefix(44)))
    }

    @Test(
        "PCM of every width is read",
        arguments: [
            (8, [0, 128, 255], [-32_768, 0, 32_512]), (16, [0x34, 0x12, 0xFF, 0xFF], [0x1234, -1]),
            (24, [0x99, 0x34, 0x12, 0, 0, 0x80], [0x1234, -32_768]), (32, [9, 9, 0x34, 0x12], [0x1234]),
        ] as [(Int, [UInt8], [Int16])])
    func widths(bits: Int, data: [UInt8], samples: [Int16]) throws {
        #expect(try decode(riff(format(bits: bits), chunk("data", data))).samples == samples)
    }

    @Test("µ-law and A-law are read")
    func companded() throws {
        #expect(try decode(riff(format(code: 7, bits: 8), chunk("data", [0xFF, 0x80]))).samples == [0, 32_124])
        #expect(try decode(riff(format(code: 6, bits: 8), chunk("data", [0xD5, 0xAA]))).samples == [8, 32_256])
    }

    @Test("Channels are mixed to one")
    func stereo() throws {
        let data = little(1000, 2) + little(3000, 2) + little(-32_768, 2) + little(-32_768, 2)
        let audio = try decode(riff(format(channels: 2, rate: 48_000), chunk("data", data)))
        #expect(audio == PCMAudio(samples: [2000, -32_768], sampleRate: 48_000))
    }

    @Test("The extensible header tells its coding in its sub-format")
    func extensible() throws {
        let more = little(22, 2) + little(16, 2) + little(4, 4) + little(1, 2) + [UInt8](repeating: 7, count: 14)
        #expect(try decode(riff(format(code: 0xFFFE, more: more), chunk("data", [5, 0]))).samples == [5])
        #expect(throws: SoundFileError.badFormat("extensible header is cut off")) {
            try decode(riff(format(code: 0xFFFE, more: [22, 0]), chunk("data", [5, 0])))
        }
    }

    @Test("Other chunks are passed over, also those of odd size")
    func otherChunks() throws {
        let bytes = riff(
            chunk("LIST", [1, 2, 3]), format(), chunk("fact", [1, 2, 3, 4]), chunk("junk", [9]), chunk("data", [5, 0]), chunk("tail", [1]))
        #expect(try decode(bytes).samples == [5])
    }

    @Test("A truncated file gives what is there")
    func truncated() throws {
        let whole = riff(format(), chunk("data", [1, 0, 2, 0, 3, 0]))
        #expect(try decode(Array(whole.dropLast(1))).samples == [1, 2])
        #expect(try decode(Array(whole.dropLast(6))).samples == [])
        #expect(throws: SoundFileError.missingData) { try decode(Array(whole.dropLast(7))) }
    }

    @Test(
        "A file whose writer never came to its end is read to its end",
        arguments: [(0, 0), (36, 0), (0xFFFF_FFFF, 0xFFFF_FFFF), (0xFFFF_FFFF, 0)])
    func unfinished(riffSize: Int, dataSize: Int) throws {
        let bytes = riff(format(), chunk("data", [1, 0, 2, 0], size: dataSize), size: riffSize)
        #expect(try decode(bytes).samples == [1, 2])
    }

    @Test("What can't be read is told", arguments: 0..<9)
    func refused(index: Int) {
        let data = chunk("data", [0, 0])
        let cases: [([UInt8], SoundFileError)] = [
            ([], .notWAV), (Array("RIFX".utf8) + riff().dropFirst(4), .notWAV), (riff(), .missingFormat), (riff(data), .missingFormat),
            (riff(format()), .missingData), (riff(chunk("fmt ", [1, 0]), data), .missingFormat),
            (riff(format(code: 3, bits: 32), data), .badFormat("code 3 with 32 bits per sample")),
            (riff(format(channels: 0), data), .badFormat("0 channels")), (riff(format(rate: 5), data), .badFormat("5 Hz")),
        ]
        #expect(throws: cases[index].1) { try decode(cases[index].0) }
    }

    @Test("The number of chunks and channels is bounded")
    func limits() throws {
        let filler = chunk("junk", [])
        func file(_ fillers: Int) -> [UInt8] { riff(format(), (0..<fillers).flatMap { _ in filler }, chunk("data", [5, 0])) }
        #expect(try decode(file(254)).samples == [5])
        #expect(throws: SoundFileError.tooManyChunks) { try decode(file(255)) }
        #expect(try decode(riff(format(channels: 8), chunk("data", [UInt8](repeating: 0, count: 16)))).samples == [0])
        #expect(throws: SoundFileError.badFormat("9 channels")) { try decode(riff(format(channels: 9), chunk("data", [0]))) }
    }

    @Test("Random and damaged files never trap", arguments: 0..<10)
    func random(seed: UInt64) {
        var random = SeededGenerator(seed)
        let whole = riff(format(channels: 2), chunk("LIST", [1, 2, 3]), chunk("data", [UInt8](repeating: 3, count: 40)))
        var decoded = 0
        for _ in 0..<2000 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let audio = try? decode(bytes) else { continue }
            #expect(audio.samples.count <= bytes.count)
            decoded += 1
        }
        #expect(decoded > 0)
    }
}
