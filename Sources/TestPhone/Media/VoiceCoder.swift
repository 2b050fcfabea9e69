import Audio

/// Encodes and decodes the frames of one call.
struct VoiceCoder {
    let codec: AudioCodec
    private let encoder: G722Encoder?
    private let decoder: G722Decoder?

    /// The codecs that a phone speaks.
    static let codecs: [AudioCodec] = [.pcmu, .pcma, .g722]

    init(_ codec: AudioCodec) {
        self.codec = codec
        encoder = codec == .g722 ? G722Encoder() : nil
        decoder = codec == .g722 ? G722Decoder() : nil
    }

    func encode(_ samples: [Int16]) -> [UInt8] {
        // Every codec here makes at most one byte of a sample.
        [UInt8](unsafeUninitializedCapacity: samples.count) { bytes, filled in
            samples.withUnsafeBufferPointer { pcm in
                guard let from = pcm.baseAddress, let to = bytes.baseAddress else { return }
                switch codec {
                case .pcma: G711.encodeALaw(from, pcm.count, into: to)
                case .g722:
                    filled = encoder?.encode(from, pcm.count, into: to) ?? 0
                    return
                default: G711.encodeMuLaw(from, pcm.count, into: to)
                }
                filled = pcm.count
            }
        }
    }

    func decode(_ payload: UnsafeRawBufferPointer) -> [Int16] {
        let bytes = payload.bindMemory(to: UInt8.self)
        let count = codec.samples(inBytes: bytes.count)
        return [Int16](unsafeUninitializedCapacity: count) { pcm, filled in
            guard let from = bytes.baseAddress, let to = pcm.baseAddress else { return }
            switch codec {
            case .pcma: G711.decodeALaw(from, count, into: to)
            case .g722:
                filled = decoder?.decode(from, bytes.count, into: to) ?? 0
                return
            default: G711.decodeMuLaw(from, count, into: to)
            }
            filled = count
        }
    }
}
