/// The order of the bytes of linear samples: that of the network on RTP, low byte first in files and streams.
public enum SampleOrder: Sendable {
    case network
    case little
}

/// Encodes one stream of audio packet by packet with any codec.
///
/// Not to be shared between threads.
public final class PacketEncoder {
    private let codec: AudioCodec
    private let order: SampleOrder
    private let g722: G722Encoder?
    private let opus: OpusEncoder?

    /// Makes a fresh encoder; nil when there is no memory.
    ///
    /// - Parameter opusRate: the rate of what Opus encodes, one of `OpusEncoder.sampleRates`; other codecs have their own.
    public init?(
        _ codec: AudioCodec, order: SampleOrder = .network, opus parameters: OpusParameters = OpusParameters(), opusRate: Int = 48_000
    ) {
        self.codec = codec
        self.order = order
        g722 = codec == .g722 ? G722Encoder() : nil
        opus = codec == .opus ? OpusEncoder(parameters, sampleRate: opusRate) : nil
        if (codec == .g722 && g722 == nil) || (codec == .opus && opus == nil) { return nil }
    }

    /// Prepares for a loss of packets on the way, 0...100 %.
    public func expectLoss(percent: Int) { opus?.expectLoss(percent: percent) }

    /// Gives the bytes for which there must be room to encode `count` samples.
    public func maxBytes(samples count: Int) -> Int {
        switch codec {
        case .pcmu, .pcma: count
        case .g722: count / 2
        case .opus: OpusEncoder.maxPacketBytes
        default: count * 2
        }
    }

    /// Encodes `count` samples of the codec's rate, or that which was given for Opus, into at most `capacity` bytes; returns the number of bytes.
    ///
    /// G.722 takes samples by twos; Opus takes 10, 20, 40 or 60 ms.
    public func encode(_ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
        guard codec == .opus || maxBytes(samples: count) <= capacity else { return 0 }
        switch codec {
        case .pcmu: G711.encodeMuLaw(pcm, count, into: bytes)
        case .pcma: G711.encodeALaw(pcm, count, into: bytes)
        case .g722: return g722?.encode(pcm, count, into: bytes) ?? 0
        case .opus: return opus?.encode(pcm, count, into: bytes, capacity: capacity) ?? 0
        default: Linear16.encode(pcm, count, into: bytes, order: order)
        }
        return maxBytes(samples: count)
    }
}
