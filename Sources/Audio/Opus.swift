import COpus

/// What the far end wants of Opus: the parameters of its `fmtp` that matter to a sender (RFC 7587 section 6.1).
public struct OpusParameters: Sendable, Hashable {
    /// Packets carry a coarse copy of the one before (`useinbandfec`).
    public var usesFEC = true
    /// Silence is not sent (`usedtx`).
    public var usesDTX = false
    /// Bits per second at most, 6,000...510,000 (`maxaveragebitrate`).
    public var maxBitrate = 510_000
    /// The highest sample rate that makes sense in Hz (`maxplaybackrate`).
    public var maxPlaybackRate = 48_000

    public init() {}

    /// Reads `fmtp` parameters such as `useinbandfec=1; maxplaybackrate=16000`; what can't be read counts as not there.
    public init(parsing text: String?) {
        // Without a word of the receiver a sender uses neither (RFC 7587 section 6.1).
        usesFEC = false
        for part in (text ?? "").split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " }.lowercased() }
            guard sides.count == 2, let value = Int(sides[1]) else { continue }
            switch sides[0] {
            case "useinbandfec": usesFEC = value == 1
            case "usedtx": usesDTX = value == 1
            case "maxaveragebitrate": maxBitrate = min(max(value, 6_000), 510_000)
            case "maxplaybackrate": maxPlaybackRate = min(max(value, 8_000), 48_000)
            default: break
            }
        }
    }

    /// What we ask of senders.
    public static let fmtp = "minptime=10;useinbandfec=1"
}

/// Encodes mono speech and music with Opus (RFC 6716).
///
/// Holds the state of one direction of one call; not to be shared between threads.
public final class OpusEncoder {
    /// Speech over the whole band sounds like the original from here on.
    private static let bitrate = 32_000
    /// A third of the work of the best, and hardly to be told from it with speech.
    private static let complexity: Int32 = 5
    /// Bytes of a packet at most.
    public static let maxPacketBytes = 1_275
    /// The rates in Hz of audio that can be encoded. Timestamps count 48 kHz in any case, and decoders give what rate they like; audio that
    /// holds no more is encoded for less than half the work at 8 kHz.
    public static let sampleRates = [8_000, 12_000, 16_000, 24_000, 48_000]

    private let state: OpaquePointer

    /// Allocates a fresh encoder of one of ``sampleRates``; nil for another rate, and when there is no memory.
    public init?(_ parameters: OpusParameters = OpusParameters(), sampleRate: Int = 48_000) {
        var error: Int32 = 0
        guard Self.sampleRates.contains(sampleRate),
            let state = opus_encoder_create(Int32(truncatingIfNeeded: sampleRate), 1, OPUS_APPLICATION_VOIP, &error), error == OPUS_OK
        else { return nil }
        self.state = state
        _ = arioso_opus_set_complexity(state, Self.complexity)
        apply(parameters)
    }

    deinit { opus_encoder_destroy(state) }

    /// Follows what the far end wants from now on.
    public func apply(_ parameters: OpusParameters) {
        _ = arioso_opus_set_bitrate(state, Int32(min(Self.bitrate, parameters.maxBitrate)))
        _ = arioso_opus_set_fec(state, parameters.usesFEC ? 1 : 0)
        _ = arioso_opus_set_dtx(state, parameters.usesDTX ? 1 : 0)
        _ = arioso_opus_set_max_bandwidth(state, Self.bandwidth(parameters.maxPlaybackRate))
    }

    /// Prepares for a loss of packets on the way, 0...100 %: from some per cent on the copies for FEC are sent.
    public func expectLoss(percent: Int) {
        _ = arioso_opus_set_loss(state, Int32(min(max(percent, 0), 100)))
    }

    private static func bandwidth(_ rate: Int) -> Int32 {
        switch rate {
        case ..<12_000: OPUS_BANDWIDTH_NARROWBAND
        case ..<16_000: OPUS_BANDWIDTH_MEDIUMBAND
        case ..<24_000: OPUS_BANDWIDTH_WIDEBAND
        case ..<48_000: OPUS_BANDWIDTH_SUPERWIDEBAND
        default: OPUS_BANDWIDTH_FULLBAND
        }
    }

    /// Encodes one packet of 10, 20, 40 or 60 ms into at most `capacity` bytes; returns the number of bytes, 0 for other lengths.
    public func encode(_ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
        Int(max(0, opus_encode(state, pcm, Int32(clamping: count), bytes, Int32(clamping: min(capacity, Self.maxPacketBytes)))))
    }
}

/// Decodes Opus to 48 kHz mono audio; stereo is mixed down.
///
/// Holds the state of one direction of one call; not to be shared between threads.
public final class OpusDecoder {
    /// Samples of the longest packet: 120 ms.
    public static let maxPacketSamples = 5_760

    private let state: OpaquePointer

    /// Allocates a fresh decoder; nil when there is no memory.
    public init?() {
        var error: Int32 = 0
        guard let state = opus_decoder_create(48_000, 1, &error), error == OPUS_OK else { return nil }
        self.state = state
    }

    deinit { opus_decoder_destroy(state) }

    /// Gives the samples in a packet; 0 for one that is none.
    public static func samples(in packet: UnsafeRawBufferPointer) -> Int {
        guard let bytes = packet.baseAddress, packet.count > 0 else { return 0 }
        return Int(max(0, opus_packet_get_nb_samples(bytes.assumingMemoryBound(to: UInt8.self), Int32(clamping: packet.count), 48_000)))
    }

    /// Decodes a packet; returns the number of samples, 0 for one that is broken or longer than `capacity`.
    public func decode(_ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>, capacity: Int) -> Int {
        Int(max(0, opus_decode(state, bytes, Int32(clamping: count), pcm, Int32(clamping: capacity), 0)))
    }

    /// Makes up what was lost, from the copy in the packet that followed it where there is one; returns the number of samples.
    ///
    /// - Parameter count: a multiple of 120 samples (2.5 ms).
    public func conceal(following: UnsafeRawBufferPointer?, into pcm: UnsafeMutablePointer<Int16>, _ count: Int) -> Int {
        let whole = Int32(clamping: count / 120 * 120)
        guard whole > 0 else { return 0 }
        guard let following, let bytes = following.baseAddress, following.count > 0 else {
            return Int(max(0, opus_decode(state, nil, 0, pcm, whole, 0)))
        }
        let made = opus_decode(state, bytes.assumingMemoryBound(to: UInt8.self), Int32(clamping: following.count), pcm, whole, 1)
        return made > 0 ? Int(made) : Int(max(0, opus_decode(state, nil, 0, pcm, whole, 0)))
    }
}
