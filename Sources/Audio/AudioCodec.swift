/// An audio coding that Arioso can encode and decode.
///
/// Names the same coding for RTP and SDP (`encodingName`, `rtpClockRate`) and for ARI and Asterisk (`formatName`).
/// The linear cases are 16-bit signed mono; on RTP they are L16 in network byte order (RFC 3551 section 4.5.11).
public enum AudioCodec: String, Sendable, Hashable, CaseIterable {
    case pcmu = "ulaw"
    case pcma = "alaw"
    case g722 = "g722"
    case opus = "opus"
    case slin = "slin"
    case slin12 = "slin12"
    case slin16 = "slin16"
    case slin24 = "slin24"
    case slin32 = "slin32"
    case slin44 = "slin44"
    case slin48 = "slin48"
    case slin96 = "slin96"
    case slin192 = "slin192"

    /// Finds the codec that ARI and Asterisk call `formatName`, such as `ulaw` or `slin16`; nil for an unknown name.
    public init?(formatName: String) {
        self.init(rawValue: formatName)
    }

    /// Finds the mono codec of an SDP `rtpmap`; the encoding name is compared without case. Nil when there is none.
    public init?(encodingName: String, clockRate: Int) {
        let name = encodingName.lowercased()
        let match = Self.allCases.first { $0.encodingName.lowercased() == name && $0.rtpClockRate == clockRate }
        guard let match else { return nil }
        self = match
    }

    /// Finds the codec that a static RTP payload type stands for (RFC 3551 table 4); nil when it is dynamic or not supported.
    public init?(staticPayloadType: UInt8) {
        guard let match = Self.allCases.first(where: { $0.staticPayloadType == staticPayloadType }) else { return nil }
        self = match
    }

    /// Gives the name in ARI and Asterisk: `ulaw`, `alaw`, `g722`, `slin`, `slin16`, …
    public var formatName: String { rawValue }

    /// Gives the name in SDP: `PCMU`, `PCMA`, `G722`, `opus` or `L16`.
    public var encodingName: String {
        switch self {
        case .pcmu: "PCMU"
        case .pcma: "PCMA"
        case .g722: "G722"
        case .opus: "opus"
        default: "L16"
        }
    }

    /// Gives the rate of the decoded audio in Hz.
    public var sampleRate: Int {
        switch self {
        case .pcmu, .pcma, .slin: 8000
        case .slin12: 12000
        case .g722, .slin16: 16000
        case .slin24: 24000
        case .slin32: 32000
        case .slin44: 44100
        case .slin48, .opus: 48000
        case .slin96: 96000
        case .slin192: 192_000
        }
    }

    /// Gives the RTP timestamp rate in Hz: the sample rate, but 8000 for G.722 (an old mistake kept by RFC 3551 section 4.5.2).
    public var rtpClockRate: Int { self == .g722 ? 8000 : sampleRate }

    /// Gives the payload type that needs no `rtpmap` (RFC 3551 table 4); nil where it is dynamic.
    public var staticPayloadType: UInt8? {
        switch self {
        case .pcmu: 0
        case .pcma: 8
        case .g722: 9
        case .slin44: 11
        default: nil
        }
    }

    /// Tells whether the coding is plain 16-bit samples.
    public var isLinear: Bool { encodingName == "L16" }

    /// Gives the channels that SDP names: Opus always says 2 (RFC 7587 section 7); audio here is mono.
    public var encodingChannels: Int { self == .opus ? 2 : 1 }

    /// Gives the decoded samples in one frame of `ptimeMs` milliseconds.
    public func samplesPerFrame(ptimeMs: Int) -> Int { sampleRate * ptimeMs / 1000 }

    /// Gives the coded bytes in one frame of `ptimeMs` milliseconds; of Opus, whose packets differ, those of speech.
    public func frameBytes(ptimeMs: Int) -> Int {
        switch self {
        case .pcmu, .pcma, .g722: 8 * ptimeMs
        case .opus: 3 * ptimeMs
        default: samplesPerFrame(ptimeMs: ptimeMs) * 2
        }
    }

    /// Gives the RTP timestamp step of one frame of `ptimeMs` milliseconds.
    public func timestampStep(ptimeMs: Int) -> UInt32 {
        UInt32(clamping: rtpClockRate * ptimeMs / 1000)
    }

    /// Gives the decoded samples in `bytes` coded bytes; 0 for Opus, where ``samples(in:)`` looks into the packet.
    public func samples(inBytes bytes: Int) -> Int {
        switch self {
        case .pcmu, .pcma: bytes
        case .g722: bytes * 2
        case .opus: 0
        default: bytes / 2
        }
    }

    /// Gives the RTP timestamp units that a packet lasts; 0 for one that is broken.
    public func timestampUnits(in packet: UnsafeRawBufferPointer) -> UInt32 {
        switch self {
        case .pcmu, .pcma, .g722: UInt32(clamping: packet.count)
        case .opus: UInt32(clamping: OpusDecoder.samples(in: packet))
        default: UInt32(clamping: packet.count / 2)
        }
    }

    /// Gives the byte that stands for silence when a whole frame is filled with it; nil where silence is no constant (G.722, Opus).
    public var silenceByte: UInt8? {
        switch self {
        case .pcmu: 0xFF
        case .pcma: 0xD5
        case .g722, .opus: nil
        default: 0
        }
    }
}
