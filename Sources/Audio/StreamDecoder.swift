/// Decodes one stream of audio piece by piece, as ``StreamEncoder`` makes it.
///
/// Not to be shared between threads.
public final class StreamDecoder {
    private let codec: AudioCodec
    private let g722: G722Decoder?

    /// Makes a fresh decoder; nil when there is no memory.
    public init?(_ codec: AudioCodec) {
        self.codec = codec
        g722 = codec == .g722 ? G722Decoder() : nil
        if codec == .g722, g722 == nil { return nil }
    }

    /// Decodes bytes; half a sample at the end is left out.
    public func decode(_ bytes: UnsafeRawBufferPointer) -> [Int16] {
        guard let raw = bytes.baseAddress else { return [] }
        let from = raw.assumingMemoryBound(to: UInt8.self)
        let count = codec.samples(inBytes: bytes.count)
        return [Int16](unsafeUninitializedCapacity: count) { pcm, filled in
            guard let to = pcm.baseAddress, count > 0 else { return }
            filled = count
            switch codec {
            case .pcmu: G711.decodeMuLaw(from, count, into: to)
            case .pcma: G711.decodeALaw(from, count, into: to)
            case .g722: filled = g722?.decode(from, bytes.count, into: to) ?? 0
            default:
                for index in 0..<count { to[index] = Int16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 &* index, as: Int16.self)) }
            }
        }
    }
}
