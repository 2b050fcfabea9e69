/// Encodes and decodes one stream of audio both ways, as bytes without any framing; linear samples with the low byte first.
///
/// Not to be shared between threads.
public final class StreamCoder {
    public let codec: AudioCodec
    private let encoder: G722Encoder?
    private let decoder: G722Decoder?

    /// Makes a fresh coder; nil when there is no memory.
    public init?(_ codec: AudioCodec) {
        self.codec = codec
        encoder = codec == .g722 ? G722Encoder() : nil
        decoder = codec == .g722 ? G722Decoder() : nil
        if codec == .g722, encoder == nil || decoder == nil { return nil }
    }

    /// Encodes samples of the codec's rate.
    public func encode(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        guard let from = samples.baseAddress else { return [] }
        if codec.isLinear { return SoundEncoder.linear(samples) }
        let size = codec == .g722 ? samples.count / 2 : samples.count
        return [UInt8](unsafeUninitializedCapacity: size) { bytes, filled in
            guard let to = bytes.baseAddress else { return }
            switch codec {
            case .pcmu: G711.encodeMuLaw(from, samples.count, into: to)
            case .pcma: G711.encodeALaw(from, samples.count, into: to)
            default: encoder?.encode(from, samples.count, into: to)
            }
            filled = size
        }
    }

    /// Decodes bytes; half a sample at the end is left out.
    public func decode(_ bytes: UnsafeRawBufferPointer) -> [Int16] {
        guard let raw = bytes.baseAddress else { return [] }
        let from = raw.assumingMemoryBound(to: UInt8.self)
        let count = codec.samples(inBytes: bytes.count)
        return [Int16](unsafeUninitializedCapacity: count) { pcm, filled in
            guard let to = pcm.baseAddress else { return }
            filled = count
            switch codec {
            case .pcmu: G711.decodeMuLaw(from, count, into: to)
            case .pcma: G711.decodeALaw(from, count, into: to)
            case .g722: filled = decoder?.decode(from, bytes.count, into: to) ?? 0
            default:
                for index in 0..<count { to[index] = Int16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)) }
            }
        }
    }
}
