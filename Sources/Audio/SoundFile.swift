/// Decodes and encodes whole sound files in memory.
public enum SoundFile {
    /// Largest file that is decoded: two hours at 8 kHz, twenty minutes at 48 kHz.
    public static let maximumBytes = 128 << 20

    /// Decodes a file of the given format to mono audio.
    ///
    /// A WAV file may hold PCM of 8, 16, 24 or 32 bits, µ-law or A-law, of 1 to 8 channels (mixed to one); a truncated one gives what
    /// is there. The other formats have no header and take their rate from the format; an incomplete last sample is left out.
    /// - Throws: `SoundFileError` when the file is too large or is no WAV file that can be read.
    public static func decode(bytes: [UInt8], format: SoundFormat) throws(SoundFileError) -> PCMAudio {
        guard bytes.count <= maximumBytes else { throw .tooLarge(bytes: bytes.count) }
        guard !format.isWAV else { return try WAVFile.decode(bytes) }
        if format == .gsm { return PCMAudio(samples: GSMFullRate.decode(bytes), sampleRate: format.sampleRate) }
        let samples = bytes.withUnsafeBytes { StreamDecoder(format.codec)?.decode($0) } ?? []
        return PCMAudio(samples: samples, sampleRate: format.sampleRate)
    }

    /// Encodes audio in the given format, at the format's sample rate; `.wav` keeps the rate of the audio.
    ///
    /// Gives no bytes when there is no memory for the coding.
    public static func encode(_ audio: PCMAudio, format: SoundFormat) -> [UInt8] {
        if format == .wav { return encodeWAV(audio) }
        let fitting = audio.resampled(to: format.sampleRate)
        guard !format.isWAV else { return encodeWAV(fitting) }
        guard let encoder = SoundEncoder(format: format) else { return [] }
        return fitting.samples.withUnsafeBufferPointer { encoder.encode($0) } + encoder.finish()
    }

    /// Encodes audio as a WAV file of 16-bit mono PCM at the audio's own rate.
    public static func encodeWAV(_ audio: PCMAudio) -> [UInt8] {
        let header = wavHeader(sampleRate: audio.sampleRate, dataBytes: audio.samples.count * 2)
        return header + (StreamEncoder(.slin)?.encode(audio.samples) ?? [])
    }

    /// Bytes of the header that ``wavHeader(sampleRate:channels:dataBytes:)`` gives.
    public static let wavHeaderBytes = WAVFile.headerBytes

    /// Gives the 44 bytes that precede `dataBytes` bytes of 16-bit PCM in a WAV file.
    ///
    /// A recorder may write them with 0 first and again when it knows how much came. More than a RIFF file can tell of, 4 GiB, is told as
    /// that.
    public static func wavHeader(sampleRate: Int, channels: Int = 1, dataBytes: Int) -> [UInt8] {
        WAVFile.header(sampleRate: sampleRate, channels: channels, dataBytes: dataBytes)
    }
}

/// Says why a sound file can't be decoded.
public enum SoundFileError: Error, Equatable, CustomStringConvertible {
    case tooLarge(bytes: Int)
    case notWAV
    case missingFormat
    case missingData
    case tooManyChunks
    case badFormat(String)

    public var description: String {
        switch self {
        case .tooLarge(let bytes): "sound file has \(bytes) bytes; at most \(SoundFile.maximumBytes) are decoded"
        case .notWAV: "sound file does not begin with a RIFF header of type WAVE"
        case .missingFormat: "WAV file has no complete fmt chunk before its data"
        case .missingData: "WAV file has no data chunk"
        case .tooManyChunks: "WAV file has more than \(WAVFile.maximumChunks) chunks before its data"
        case .badFormat(let reason): "WAV file is of a format that is not supported: \(reason)"
        }
    }
}
