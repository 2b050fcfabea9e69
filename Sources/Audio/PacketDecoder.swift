/// Decodes one stream of audio packet by packet with any codec.
///
/// Not to be shared between threads.
public final class PacketDecoder {
    private let codec: AudioCodec
    private let order: SampleOrder
    private let g722: G722Decoder?
    private let opus: OpusDecoder?

    /// Makes a fresh decoder; nil when there is no memory.
    public init?(_ codec: AudioCodec, order: SampleOrder = .network) {
        self.codec = codec
        self.order = order
        g722 = codec == .g722 ? G722Decoder() : nil
        opus = codec == .opus ? OpusDecoder() : nil
        if (codec == .g722 && g722 == nil) || (codec == .opus && opus == nil) { return nil }
    }

    /// Whether the codec itself makes up what was lost.
    public var conceals: Bool { opus != nil }

    /// Decodes `count` bytes into at most `capacity` samples; returns the number of samples, 0 when there is no room or the packet is
    /// broken. Half a sample at the end is left out.
    public func decode(_ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>, capacity: Int) -> Int {
        if codec == .opus { return opus?.decode(bytes, count, into: pcm, capacity: capacity) ?? 0 }
        let samples = codec.samples(inBytes: count)
        guard samples <= capacity else { return 0 }
        switch codec {
        case .pcmu: G711.decodeMuLaw(bytes, count, into: pcm)
        case .pcma: G711.decodeALaw(bytes, count, into: pcm)
        case .g722: return g722?.decode(bytes, count, into: pcm) ?? 0
        default: Linear16.decode(bytes, samples, into: pcm, order: order)
        }
        return samples
    }

    /// Makes up `count` samples that were lost; returns their number. Only where ``conceals`` says so.
    ///
    /// - Parameter following: the packet right behind the lost one, when it is there.
    public func conceal(following: UnsafeRawBufferPointer?, into pcm: UnsafeMutablePointer<Int16>, _ count: Int) -> Int {
        opus?.conceal(following: following, into: pcm, count) ?? 0
    }
}
