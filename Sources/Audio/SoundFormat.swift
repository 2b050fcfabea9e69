/// A way in which a sound or recording is kept in a file; the raw value is the usual file extension.
public enum SoundFormat: String, Sendable, Hashable, CaseIterable {
    case wav
    case wav16
    case wav48
    case ulaw
    case alaw
    case g722
    case sln
    case sln12
    case sln16
    case sln24
    case sln32
    case sln44
    case sln48
    case sln96
    case sln192
    case gsm

    /// Gives the file extension, without a dot.
    public var fileExtension: String { rawValue }

    /// Finds the format of a file by its extension, in lower case and without a dot; also knows Asterisk's other spellings
    /// (`pcm`, `ul`, `mu`, `ulw`, `al`, `alw`, `raw`). Nil for an unknown one.
    public init?(fileExtension: String) {
        switch fileExtension {
        case "pcm", "ul", "mu", "ulw": self = .ulaw
        case "al", "alw": self = .alaw
        case "raw": self = .sln
        default: self.init(rawValue: fileExtension)
        }
    }

    /// Gives the name that ARI's GET /sounds lists: the coding in the file (`slin` for `.wav` and `.sln`, `slin16` for `.sln16`).
    public var ariName: String { self == .gsm ? "gsm" : codec.formatName }

    /// Tells whether the file has a RIFF header that says what is in it.
    public var isWAV: Bool { [.wav, .wav16, .wav48].contains(self) }

    /// Gives the bytes of coded audio that `samples` samples of one channel take in a file, rounded down.
    public func bytes(inSamples samples: Int) -> Int {
        switch self {
        case .gsm: samples / GSMFullRate.frameSamples * GSMFullRate.frameBytes
        case .g722: samples / 2
        case .ulaw, .alaw: samples
        default: samples * 2
        }
    }

    /// Gives the samples of one channel that `bytes` bytes of coded audio hold.
    public func samples(inBytes bytes: Int) -> Int {
        self == .gsm ? bytes / GSMFullRate.frameBytes * GSMFullRate.frameSamples : codec.samples(inBytes: bytes)
    }

    /// Gives the coding of a file without header, the usual one of a WAV file, and what GSM is decoded to.
    public var codec: AudioCodec {
        switch self {
        case .ulaw: .pcmu
        case .alaw: .pcma
        case .g722: .g722
        case .wav, .sln, .gsm: .slin
        case .sln12: .slin12
        case .wav16, .sln16: .slin16
        case .sln24: .slin24
        case .sln32: .slin32
        case .sln44: .slin44
        case .wav48, .sln48: .slin48
        case .sln96: .slin96
        case .sln192: .slin192
        }
    }

    /// Gives the sample rate in Hz at which the format is written.
    public var sampleRate: Int { codec.sampleRate }
}
