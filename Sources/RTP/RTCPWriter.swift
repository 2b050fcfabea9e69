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
        case .senderReport(let ssrc, let info, let blocks): append(ssrc, info, blocks.prefix(maximumCount), to: &bytes)
        case .receiverReport(let ssrc, let blocks): append(ssrc, nil, blocks.prefix(maximumCount), to: &bytes)
        case .sourceDescription(let names):
            appendPacket(sourceDescriptionType, names.count, to: &bytes) { body in
                for name in names.prefix(maximumCount) { appendName(name.ssrc, name.cname, to: &body) }
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

    static func append(
        _ ssrc: UInt32, _ info: RTCPSenderInfo?, _ blocks: some Sequence<RTCPReportBlock>, to bytes: inout [UInt8]
    ) {
        var count = 0
        for _ in blocks { count += 1 }
        appendPacket(info == nil ? receiverReportType : senderReportType, count, to: &bytes) { body in
            body.appendBig32(ssrc)
            if let info { append(info, to: &body) }
            for block in blocks { append(block, to: &body) }
        }
    }

    /// Appends a header, what `fill` appends, and what is missing to a multiple of four bytes.
    static func appendPacket(_ type: UInt8, _ count: Int, to bytes: inout [UInt8], body fill: (inout [UInt8]) -> Void) {
        bytes.append(0x80 | UInt8(min(count, maximumCount)))
        bytes.append(type)
        let start = bytes.count + 2
        bytes.appendBig16(0)
        fill(&bytes)
        while (bytes.count - start) % 4 != 0 { bytes.append(0) }
        let words = UInt16(clamping: (bytes.count - start) / 4)
        bytes[start - 2] = UInt8(truncatingIfNeeded: words >> 8)
        bytes[start - 1] = UInt8(truncatingIfNeeded: words)
    }

    private static func append(_ info: RTCPSenderInfo, to body: inout [UInt8]) {
        body.appendBig32(UInt32(truncatingIfNeeded: info.time.value >> 32))
        body.appendBig32(UInt32(truncatingIfNeeded: info.time.value))
        body.appendBig32(info.rtpTimestamp)
        body.appendBig32(info.packetCount)
        body.appendBig32(info.octetCount)
    }

    private static func append(_ block: RTCPReportBlock, to body: inout [UInt8]) {
        body.appendBig32(block.ssrc)
        let lost = min(max(block.cumulativeLost, -0x80_0000), 0x7F_FFFF)
        body.appendBig32(UInt32(block.fractionLost) << 24 | UInt32(bitPattern: lost) & 0xFF_FFFF)
        body.appendBig32(block.extendedHighestSequence)
        body.appendBig32(block.jitter)
        body.appendBig32(block.lastSenderReport)
        body.appendBig32(block.delaySinceLastSenderReport)
    }

    /// Appends the chunk of one source, which ends with at least one zero byte and at a multiple of four.
    static func appendName(_ ssrc: UInt32, _ cname: String, to body: inout [UInt8]) {
        body.appendBig32(ssrc)
        let text = cname.utf8.prefix(255)
        body.append(1)
        body.append(UInt8(text.count))
        body.append(contentsOf: text)
        for _ in 0..<4 - (text.count + 2) % 4 { body.append(0) }
    }
}
