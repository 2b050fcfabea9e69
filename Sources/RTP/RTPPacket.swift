/// Where the parts of a received RTP packet are (RFC 3550 section 5.1).
///
/// Holds offsets into the packet's bytes instead of bytes, so that parsing allocates and copies nothing.
public struct RTPPacket: Sendable, Hashable {
    public var header: RTPHeader
    /// Contributing sources named in the header, 0...15; they follow the first 12 bytes.
    public var csrcCount: Int
    /// The profile word of the header extension; nil when there is none.
    public var extensionProfile: UInt16?
    /// Where the extension's data begins, and its bytes (0 without extension).
    public var extensionOffset: Int
    public var extensionLength: Int
    /// Where the payload begins.
    public var payloadOffset: Int
    /// Payload bytes, without padding.
    public var payloadLength: Int
    public var paddingLength: Int

    /// Parses the bytes of one datagram; nil when they are no RTP packet of version 2 or the lengths in it don't fit.
    public init?(parsing bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= RTPHeader.byteCount else { return nil }
        let first = bytes[0], second = bytes[1]
        guard first >> 6 == 2 else { return nil }
        header = RTPHeader(
            payloadType: second & 0x7F, marker: second & 0x80 != 0, sequenceNumber: bytes.big16(2),
            timestamp: bytes.big32(4), ssrc: bytes.big32(8))
        csrcCount = Int(first & 0xF)
        var offset = RTPHeader.byteCount + 4 * csrcCount
        extensionProfile = nil
        extensionOffset = offset
        extensionLength = 0
        if first & 0x10 != 0 {
            guard bytes.count - offset >= 4 else { return nil }
            extensionProfile = bytes.big16(offset)
            extensionLength = 4 * Int(bytes.big16(offset + 2))
            extensionOffset = offset + 4
            offset += 4 + extensionLength
        }
        guard offset <= bytes.count else { return nil }
        payloadOffset = offset
        paddingLength = 0
        if first & 0x20 != 0 {
            paddingLength = Int(bytes[bytes.count - 1])
            guard paddingLength > 0, paddingLength <= bytes.count - offset else { return nil }
        }
        payloadLength = bytes.count - offset - paddingLength
    }

    /// Gives the contributing source at `index`; nil outside 0..<csrcCount or of the bytes.
    public func csrc(_ index: Int, in bytes: UnsafeRawBufferPointer) -> UInt32? {
        let offset = RTPHeader.byteCount + 4 * index
        guard (0..<csrcCount).contains(index), bytes.count - offset >= 4 else { return nil }
        return bytes.big32(offset)
    }

    /// Gives the payload's bytes out of the packet that was parsed.
    public func payload(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard payloadOffset + payloadLength <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: bytes[payloadOffset..<payloadOffset + payloadLength])
    }
}

/// What kind of packet a datagram on a media port is, by its first bytes (RFC 7983 section 7, RFC 5761 section 4).
public enum MediaPacketKind: Sendable, Hashable {
    case rtp, rtcp, dtls, stun, unknown

    public init(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 2 else {
            self = .unknown
            return
        }
        switch bytes[0] {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 128...191: self = (192...223).contains(bytes[1]) ? .rtcp : .rtp
        default: self = .unknown
        }
    }
}
