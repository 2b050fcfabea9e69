import Audio

/// Encodes and decodes the packets of one call.
final class VoiceCoder {
    let codec: AudioCodec
    private let encoder: PacketEncoder?
    private let decoder: PacketDecoder?

    /// The codecs that a phone speaks.
    static let codecs: [AudioCodec] = [.pcmu, .pcma, .g722, .opus]

    init(_ codec: AudioCodec) {
        self.codec = codec
        encoder = PacketEncoder(codec)
        decoder = PacketDecoder(codec)
    }

    func encode(_ samples: [Int16]) -> [UInt8] {
        guard let encoder else { return [] }
        let capacity = encoder.maxBytes(samples: samples.count)
        return [UInt8](unsafeUninitializedCapacity: capacity) { bytes, filled in
            samples.withUnsafeBufferPointer { pcm in
                guard let from = pcm.baseAddress, let to = bytes.baseAddress else { return }
                filled = encoder.encode(from, pcm.count, into: to, capacity: capacity)
            }
        }
    }

    func decode(_ payload: UnsafeRawBufferPointer) -> [Int16] {
        let bytes = payload.bindMemory(to: UInt8.self)
        let capacity = codec == .opus ? OpusDecoder.samples(in: payload) : codec.samples(inBytes: bytes.count)
        return [Int16](unsafeUninitializedCapacity: capacity) { pcm, filled in
            guard let from = bytes.baseAddress, let to = pcm.baseAddress else { return }
            filled = decoder?.decode(from, bytes.count, into: to, capacity: capacity) ?? 0
        }
    }
}
