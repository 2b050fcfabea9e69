/// Encodes one stream of audio piece by piece, for files and connections without RTP; linear samples with the low byte first.
///
/// Not to be shared between threads.
public final class StreamEncoder {
    private let encoder: PacketEncoder

    /// Makes a fresh encoder; nil when there is no memory.
    public init?(_ codec: AudioCodec) {
        guard let encoder = PacketEncoder(codec, order: .little) else { return nil }
        self.encoder = encoder
    }

    /// Encodes samples of the codec's rate.
    public func encode(_ samples: [Int16]) -> [UInt8] {
        samples.withUnsafeBufferPointer { encode($0) }
    }

    /// Encodes samples of the codec's rate. G.722 takes them by twos: an odd last one is left out; Opus makes one packet of 10, 20, 40 or
    /// 60 ms.
    public func encode(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        guard let from = samples.baseAddress else { return [] }
        let capacity = encoder.maxBytes(samples: samples.count)
        return [UInt8](unsafeUninitializedCapacity: capacity) { bytes, filled in
            guard let to = bytes.baseAddress else { return }
            filled = encoder.encode(from, samples.count, into: to, capacity: capacity)
        }
    }
}
