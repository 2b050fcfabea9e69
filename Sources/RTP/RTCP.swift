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
        var packets: [RTCPPacket] = []
        try forEachPacket(in: bytes) { packet throws(RTCPError) in packets.append(try parse(packet)) }
        return packets
    }

    /// One packet of a compound where it lies.
    struct RawPacket {
        var type: UInt8
        /// The 5-bit count or format field.
        var count: UInt8
        /// What follows the header, without padding.
        var body: UnsafeRawBufferPointer
    }

    /// Cuts a datagram into packets.
    static func forEachPacket(
        in bytes: UnsafeRawBufferPointer, _ take: (RawPacket) throws(RTCPError) -> Void
    ) throws(RTCPError) {
        guard bytes.count <= maximumBytes else { throw .tooLong }
        var number = 0
        var offset = 0
        while offset < bytes.count {
            guard number < maximumPackets else { throw .tooManyPackets }
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
            try take(RawPacket(type: type, count: first & 0x1F, body: body))
            number += 1
            offset = end
        }
    }

    private static func parse(_ packet: RawPacket) throws(RTCPError) -> RTCPPacket {
        if let blocks = try packet.blocks() {
            let ssrc = packet.body.big32(0)
            let list = (0..<blocks.count).map { blocks[$0] }
            guard packet.type == senderReportType else { return .receiverReport(ssrc: ssrc, blocks: list) }
            return .senderReport(ssrc: ssrc, packet.senderInfo, blocks: list)
        }
        switch packet.type {
        case sourceDescriptionType: return .sourceDescription(try names(packet.count, packet.body))
        case goodbyeType: return try goodbye(packet.count, packet.body)
        default: return .other(type: packet.type, count: packet.count, body: [UInt8](packet.body))
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

/// The report blocks of a packet where they lie.
struct RTCPReportBlocks {
    let bytes: UnsafeRawBufferPointer
    let count: Int

    subscript(index: Int) -> RTCPReportBlock {
        let at = index * RTCPReportBlock.byteCount
        let loss = bytes.big32(at + 4)
        return RTCPReportBlock(
            ssrc: bytes.big32(at), fractionLost: UInt8(truncatingIfNeeded: loss >> 24), cumulativeLost: Int32(bitPattern: loss << 8) >> 8,
            extendedHighestSequence: bytes.big32(at + 8), jitter: bytes.big32(at + 12), lastSenderReport: bytes.big32(at + 16),
            delaySinceLastSenderReport: bytes.big32(at + 20))
    }
}

extension RTCP.RawPacket {
    /// The blocks of a sender or receiver report; nil for another packet.
    /// - Throws: `RTCPError.badLength` when there is less than the count says.
    func blocks() throws(RTCPError) -> RTCPReportBlocks? {
        let start: Int
        switch type {
        case RTCP.senderReportType: start = 24
        case RTCP.receiverReportType: start = 4
        default: return nil
        }
        guard body.count >= start + Int(count) * RTCPReportBlock.byteCount else { throw .badLength(type: type) }
        return RTCPReportBlocks(bytes: UnsafeRawBufferPointer(rebasing: body[start...]), count: Int(count))
    }

    /// What a sender report, whose length was checked by `blocks()`, says of the sender.
    var senderInfo: RTCPSenderInfo {
        RTCPSenderInfo(
            time: NTPTime(value: UInt64(body.big32(4)) << 32 | UInt64(body.big32(8))), rtpTimestamp: body.big32(12),
            packetCount: body.big32(16), octetCount: body.big32(20))
    }
}
