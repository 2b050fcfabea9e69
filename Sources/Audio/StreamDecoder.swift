/// Decodes one stream of audio piece by piece, as ``StreamEncoder`` makes it.
///
/// Not to be shared between threads.
public final class StreamDecoder {
    private let codec: AudioCodec
    private let decoder: PacketDecoder

    /// Makes a fresh decoder; nil when there is no memory.
    public init?(_ codec: AudioCodec) {
        guard let decoder = PacketDecoder(codec, order: .little) else { return nil }
        self.codec = codec
        self.decoder = decoder
    }

    /// Decodes bytes; half a sample at the end is left out. Opus takes one whole packet.
    public func decode(_ bytes: UnsafeRawBufferPointer) -> [Int16] {
        guard let raw = bytes.baseAddress else { return [] }
        let capacity = codec == .opus ? OpusDecoder.maxPacketSamples : codec.samples(inBytes: bytes.count)
        return [Int16](unsafeUninitializedCapacity: capacity) { pcm, filled in
            guard let to = pcm.baseAddress else { return }
            filled = decoder.decode(raw.assumingMemoryBound(to: UInt8.self), bytes.count, into: to, capacity: capacity)
        }
    }
}
