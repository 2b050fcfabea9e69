/// Encodes one stream of audio piece by piece, without any framing; linear samples with the low byte first.
///
/// Not to be shared between threads.
public final class StreamEncoder {
    private let codec: AudioCodec
    private let g722: G722Encoder?

    /// Makes a fresh encoder; nil when there is no memory.
    public init?(_ codec: AudioCodec) {
        self.codec = codec
        g722 = codec == .g722 ? G722Encoder() : nil
        if codec == .g722, g722 == nil { return nil }
    }

    /// Encodes samples of the codec's rate. G.722 takes them by twos: an odd last one is left out.
    public func encode(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        guard let from = samples.baseAddress else { return [] }
        if codec.isLinear { return Self.linear(samples) }
        let size = codec == .g722 ? samples.count / 2 : samples.count
        return [UInt8](unsafeUninitializedCapacity: size) { bytes, filled in
            guard let to = bytes.baseAddress else { return }
            switch codec {
            case .pcmu: G711.encodeMuLaw(from, samples.count, into: to)
            case .pcma: G711.encodeALaw(from, samples.count, into: to)
            default: g722?.encode(from, samples.count, into: to)
            }
            filled = size
        }
    }

    /// Gives samples as they lie in files: low byte first.
    static func linear(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        let little = samples.map(\.littleEndian)
        return little.withUnsafeBytes { [UInt8]($0) }
    }
}
