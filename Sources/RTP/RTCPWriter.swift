extension RTCP {
    /// Largest count that the 5-bit field of a packet holds.
    static let maximumCount = 31

    /// Writes packets one after another as a compound; lists beyond 31 entries and texts beyond 255 bytes are cut.
    public static func encode(_ packets: [RTCPPacket]) -> [UInt8] {
        var bytes: [UInt8] = []
        for packet in packets { append(packet, to: &bytes) }
        return bytes
    }

    private static func append(_ packet: RTCPPacket, to bytes: inout [UInt8]) {
        switch packet {
        case .senderReport(let ssrc, let info, let blocks):
            appendPacket(senderReportType, blocks.count, to: &bytes) { body in
                body.appendBig32(ssrc)
                body.appendBig32(UInt32(truncatingIfNeeded: info.time.value >> 32))
                body.appendBig32(UInt32(truncatingIfNeeded: info.time.value))
                body.appendBig32(info.rtpTimestamp)
                body.appendBig32(info.packetCount)
                body.appendBig32(info.octetCount)
                appendBlocks(blocks, to: &body)
            }
        case .receiverReport(let ssrc, let blocks):
            appendPacket(receiverReportType, blocks.count, to: &bytes) { body in
                body.appendBig32(ssrc)
                appendBlocks(blocks, to: &body)
            }
        case .sourceDescription(let names):
            appendPacket(sourceDescriptionType, names.count, to: &bytes) { body in
                for name in names.prefix(maximumCount) { appendName(name, to: &body) }
            }
        case .goodbye(let ssrcs, let reason):
            appendPacket(goodbyeType, ssrcs.count, to: &bytes) { body in
                for ssrc in ssrcs.prefix(maximumCount) { body.appendBig32(ssrc) }
                let text = reason.utf8.prefix(255)
                if !text.isEmpty {
                    body.append(UInt8(text.count))
                    body += text
                }
            }
        case .other(let type, let count, let content):
            appendPacket(type, Int(count), to: &bytes) { $0 += content.prefix(maximumBytes) }
        }
    }

    private static func appendPacket(_ type: UInt8, _ count: Int, to bytes: inout [UInt8], body fill: (inout [UInt8]) -> Void) {
        var body: [UInt8] = []
        fill(&body)
        while body.count % 4 != 0 { body.append(0) }
        bytes.append(0x80 | UInt8(min(count, maximumCount)))
        bytes.append(type)
        bytes.appendBig16(UInt16(clamping: body.count / 4))
        bytes += body
    }

    private static func appendBlocks(_ blocks: [RTCPReportBlock], to body: inout [UInt8]) {
        for block in blocks.prefix(maximumCount) {
            body.appendBig32(block.ssrc)
            let lost = min(max(block.cumulativeLost, -0x80_0000), 0x7F_FFFF)
            body.appendBig32(UInt32(block.fractionLost) << 24 | UInt32(bitPattern: lost) & 0xFF_FFFF)
            body.appendBig32(block.extendedHighestSequence)
            body.appendBig32(block.jitter)
            body.appendBig32(block.lastSenderReport)
            body.appendBig32(block.delaySinceLastSenderReport)
        }
    }

    private static func appendName(_ name: RTCPSourceName, to body: inout [UInt8]) {
        body.appendBig32(name.ssrc)
        let text = name.cname.utf8.prefix(255)
        body.append(1)
        body.append(UInt8(text.count))
        body += text
        body.append(0)
        while body.count % 4 != 0 { body.append(0) }
    }
}
