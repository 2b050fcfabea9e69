/// Parses and writes RTCP compounds (RFC 3550 section 6).
public enum RTCP {
    /// Longest datagram that is parsed.
    public static let maximumBytes = 2048
    /// Most packets in one compound.
    public static let maximumPackets = 32

    static let senderReportType: UInt8 = 200
    static let receiverReportType: UInt8 = 201
    static let sourceDescriptionType: UInt8 = 202
    static let goodbyeType: UInt8 = 203
    private static let cnameItem: UInt8 = 1

    /// Parses a datagram; reduced-size compounds (RFC 5506) are accepted.
    /// - Throws: `RTCPError` when a length or version in it is wrong; nothing of the datagram is to be used then.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(RTCPError) -> [RTCPPacket] {
        guard bytes.count <= maximumBytes else { throw .tooLong }
        var packets: [RTCPPacket] = []
        var offset = 0
        while offset < bytes.count {
            guard packets.count < maximumPackets else { throw .tooManyPackets }
            guard bytes.count - offset >= 4 else { throw .truncated }
            let first = bytes[offset], type = bytes[offset + 1]
            guard first >> 6 == 2 else { throw .badVersion }
            let end = offset + 4 + 4 * Int(bytes.big16(offset + 2))
            guard end <= bytes.count else { throw .truncated }
            var bodyEnd = end
            if first & 0x20 != 0 {
                let padding = Int(bytes[end - 1])
                guard padding > 0, padding <= end - offset - 4 else { throw .badLength(type: type) }
                bodyEnd -= padding
            }
            let body = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<bodyEnd])
            packets.append(try parsePacket(type: type, count: first & 0x1F, body))
            offset = end
        }
        return packets
    }

    private static func parsePacket(type: UInt8, count: UInt8, _ body: UnsafeRawBufferPointer) throws(RTCPError) -> RTCPPacket {
        switch type {
        case senderReportType:
            guard body.count >= 24 else { throw .badLength(type: type) }
            let time = NTPTime(value: UInt64(body.big32(4)) << 32 | UInt64(body.big32(8)))
            let info = RTCPSenderInfo(time: time, rtpTimestamp: body.big32(12), packetCount: body.big32(16), octetCount: body.big32(20))
            return .senderReport(ssrc: body.big32(0), info, blocks: try blocks(type, count, body, at: 24))
        case receiverReportType:
            guard body.count >= 4 else { throw .badLength(type: type) }
            return .receiverReport(ssrc: body.big32(0), blocks: try blocks(type, count, body, at: 4))
        case sourceDescriptionType:
            return .sourceDescription(try names(count, body))
        case goodbyeType:
            return try goodbye(count, body)
        default:
            return .other(type: type, count: count, body: [UInt8](body))
        }
    }

    private static func blocks(_ type: UInt8, _ count: UInt8, _ body: UnsafeRawBufferPointer,
                               at start: Int) throws(RTCPError) -> [RTCPReportBlock] {
        guard body.count - start >= Int(count) * RTCPReportBlock.byteCount else { throw .badLength(type: type) }
        return (0..<Int(count)).map { index in
            let at = start + index * RTCPReportBlock.byteCount
            let loss = body.big32(at + 4)
            return RTCPReportBlock(ssrc: body.big32(at), fractionLost: UInt8(truncatingIfNeeded: loss >> 24),
                                   cumulativeLost: Int32(bitPattern: loss << 8) >> 8, extendedHighestSequence: body.big32(at + 8),
                                   jitter: body.big32(at + 12), lastSenderReport: body.big32(at + 16),
                                   delaySinceLastSenderReport: body.big32(at + 20))
        }
    }

    private static func names(_ count: UInt8, _ body: UnsafeRawBufferPointer) throws(RTCPError) -> [RTCPSourceName] {
        var names: [RTCPSourceName] = []
        var offset = 0
        for _ in 0..<count {
            guard body.count - offset >= 4 else { throw .badLength(type: sourceDescriptionType) }
            var name = RTCPSourceName(ssrc: body.big32(offset), cname: "")
            offset += 4
            while offset < body.count, body[offset] != 0 {
                guard body.count - offset >= 2 else { throw .badLength(type: sourceDescriptionType) }
                let item = body[offset], length = Int(body[offset + 1])
                guard body.count - offset >= 2 + length else { throw .badLength(type: sourceDescriptionType) }
                if item == cnameItem { name.cname = String(decoding: body[offset + 2..<offset + 2 + length], as: UTF8.self) }
                offset += 2 + length
            }
            // A chunk ends with at least one zero byte and at a multiple of four.
            offset = (offset + 4) & ~3
            names.append(name)
        }
        return names
    }

    private static func goodbye(_ count: UInt8, _ body: UnsafeRawBufferPointer) throws(RTCPError) -> RTCPPacket {
        let listEnd = Int(count) * 4
        guard body.count >= listEnd else { throw .badLength(type: goodbyeType) }
        let ssrcs = (0..<Int(count)).map { body.big32($0 * 4) }
        guard body.count > listEnd else { return .goodbye(ssrcs: ssrcs, reason: "") }
        let length = Int(body[listEnd])
        guard body.count - listEnd - 1 >= length else { throw .badLength(type: goodbyeType) }
        return .goodbye(ssrcs: ssrcs, reason: String(decoding: body[listEnd + 1..<listEnd + 1 + length], as: UTF8.self))
    }
}
