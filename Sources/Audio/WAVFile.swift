/// Reads and writes the RIFF container of WAV files.
enum WAVFile {
    /// Most chunks looked at before the data.
    static let maximumChunks = 256
    static let maximumChannels = 8
    static let sampleRates = 1000...192_000
    static let headerBytes = 44

    private enum Coding { case pcm, aLaw, muLaw }

    private struct Format {
        let coding: Coding
        let channels: Int
        let sampleRate: Int
        let sampleBytes: Int
    }

    /// Decodes a WAV file to mono audio at its own rate.
    static func decode(_ bytes: [UInt8]) throws(SoundFileError) -> PCMAudio {
        guard bytes.count >= 12, tag(bytes, 0) == "RIFF", tag(bytes, 8) == "WAVE" else { throw .notWAV }
        var format: Format?
        var offset = 12
        for _ in 0..<maximumChunks {
            guard bytes.count - offset >= 8 else { throw format == nil ? .missingFormat : .missingData }
            let name = tag(bytes, offset)
            let size = Int(little32(bytes, offset + 4))
            let start = offset + 8
            let available = min(size, bytes.count - start)
            if name == "fmt " {
                format = try readFormat(bytes, start, available)
            } else if name == "data" {
                guard let format else { throw .missingFormat }
                let end = start + dataBytes(size: size, riffSize: Int(little32(bytes, 4)), rest: bytes.count - start)
                return mono(bytes, start..<end, format)
            }
            // Chunks begin at even offsets; the pad byte is not part of the size.
            offset = start + available + (size & 1)
        }
        throw .tooManyChunks
    }

    /// Takes the whole rest where a writer that never came to its end left the sizes at 0 or all ones.
    private static func dataBytes(size: Int, riffSize: Int, rest: Int) -> Int {
        let unfinished = size == 0 && (riffSize == 0 || riffSize == 0xFFFF_FFFF || riffSize == headerBytes - 8)
        return unfinished ? rest : min(size, rest)
    }

    private static func readFormat(_ bytes: [UInt8], _ start: Int, _ count: Int) throws(SoundFileError) -> Format {
        guard count >= 16 else { throw .missingFormat }
        var code = little16(bytes, start)
        let channels = Int(little16(bytes, start + 2))
        let sampleRate = Int(little32(bytes, start + 4))
        let bits = Int(little16(bytes, start + 14))
        // WAVE_FORMAT_EXTENSIBLE keeps the real code in the first two bytes of its sub-format.
        if code == 0xFFFE {
            guard count >= 26 else { throw .badFormat("extensible header is cut off") }
            code = little16(bytes, start + 24)
        }
        guard (1...maximumChannels).contains(channels) else { throw .badFormat("\(channels) channels") }
        guard sampleRates.contains(sampleRate) else { throw .badFormat("\(sampleRate) Hz") }
        switch (code, bits) {
        case (1, 8), (1, 16), (1, 24), (1, 32):
            return Format(coding: .pcm, channels: channels, sampleRate: sampleRate, sampleBytes: bits / 8)
        case (6, 8): return Format(coding: .aLaw, channels: channels, sampleRate: sampleRate, sampleBytes: 1)
        case (7, 8): return Format(coding: .muLaw, channels: channels, sampleRate: sampleRate, sampleBytes: 1)
        default: throw .badFormat("code \(code) with \(bits) bits per sample")
        }
    }

    private static func mono(_ bytes: [UInt8], _ range: Range<Int>, _ format: Format) -> PCMAudio {
        let frameBytes = format.sampleBytes * format.channels
        let count = range.count / frameBytes
        let samples = [Int16](unsafeUninitializedCapacity: count) { pcm, filled in
            bytes.withUnsafeBytes { source in
                for frame in 0..<count {
                    var sum = 0
                    for channel in 0..<format.channels {
                        sum += sample(source, range.lowerBound + frame * frameBytes + channel * format.sampleBytes, format)
                    }
                    pcm[frame] = Int16(clamping: sum / format.channels)
                }
            }
            filled = count
        }
        return PCMAudio(samples: samples, sampleRate: format.sampleRate)
    }

    /// Reads the sample at `offset`, keeping the upper 16 bits of wider ones.
    private static func sample(_ source: UnsafeRawBufferPointer, _ offset: Int, _ format: Format) -> Int {
        switch (format.coding, format.sampleBytes) {
        case (.aLaw, _): return Int(G711Tables.shared.aLawLevels[Int(source[offset])])
        case (.muLaw, _): return Int(G711Tables.shared.muLawLevels[Int(source[offset])])
        case (_, 1): return (Int(source[offset]) - 128) * 256
        case (_, let width): return Int(Int16(littleEndian: source.loadUnaligned(fromByteOffset: offset + width - 2, as: Int16.self)))
        }
    }

    /// Gives the header of 16-bit PCM.
    static func header(sampleRate: Int, channels: Int, dataBytes: Int) -> [UInt8] {
        let rate = UInt32(clamping: sampleRate)
        let frameBytes = UInt16(clamping: channels * 2)
        let size = UInt32(clamping: min(dataBytes, Int(UInt32.max) - headerBytes))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headerBytes)
        bytes += "RIFF".utf8
        append32(&bytes, size &+ UInt32(headerBytes - 8))
        bytes += "WAVEfmt ".utf8
        append32(&bytes, 16)
        append16(&bytes, 1)
        append16(&bytes, frameBytes / 2)
        append32(&bytes, rate)
        append32(&bytes, rate &* UInt32(frameBytes))
        append16(&bytes, frameBytes)
        append16(&bytes, 16)
        bytes += "data".utf8
        append32(&bytes, size)
        return bytes
    }

    private static func tag(_ bytes: [UInt8], _ offset: Int) -> String {
        String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }

    private static func little16(_ bytes: [UInt8], _ offset: Int) -> UInt16 {
        UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
    }

    private static func little32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        UInt32(little16(bytes, offset)) | UInt32(little16(bytes, offset + 2)) << 16
    }

    private static func append16(_ bytes: inout [UInt8], _ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    private static func append32(_ bytes: inout [UInt8], _ value: UInt32) {
        append16(&bytes, UInt16(truncatingIfNeeded: value))
        append16(&bytes, UInt16(truncatingIfNeeded: value >> 16))
    }
}
