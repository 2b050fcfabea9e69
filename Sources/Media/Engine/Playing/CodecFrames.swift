internal import Audio

/// Answers about codecs what the packet path asks for every packet.
extension AudioCodec {
    /// Bytes of payload in one RTP timestamp unit.
    var bytesPerTimestampUnit: Int {
        switch self {
        case .pcmu, .pcma, .g722: 1
        default: 2
        }
    }

    /// Decodes a payload of `count` bytes; gives the number of samples. G.722 without decoder gives none.
    func decode(_ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>, g722: G722Decoder?) -> Int {
        switch self {
        case .pcmu: G711.decodeMuLaw(bytes, count, into: pcm)
        case .pcma: G711.decodeALaw(bytes, count, into: pcm)
        case .g722: return g722?.decode(bytes, count, into: pcm) ?? 0
        default: Linear16.decode(bytes, count / 2, into: pcm)
        }
        return samples(inBytes: count)
    }

    /// Encodes `count` samples; gives the number of bytes. G.722 without encoder gives none.
    func encode(_ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>, g722: G722Encoder?) -> Int {
        switch self {
        case .pcmu: G711.encodeMuLaw(pcm, count, into: bytes)
        case .pcma: G711.encodeALaw(pcm, count, into: bytes)
        case .g722: return g722?.encode(pcm, count, into: bytes) ?? 0
        default:
            Linear16.encode(pcm, count, into: bytes)
            return count * 2
        }
        return count
    }
}
