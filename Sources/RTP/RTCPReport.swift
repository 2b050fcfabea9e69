/// What one side of a conversation reports about itself and about the one source it hears; takes no memory of its own.
public struct RTCPReport: Sendable, Hashable {
    public var ssrc: UInt32
    /// Nil for a receiver report: nothing was sent since the last one.
    public var senderInfo: RTCPSenderInfo?
    /// Nil before the other side was heard.
    public var block: RTCPReportBlock?

    public init(ssrc: UInt32, senderInfo: RTCPSenderInfo? = nil, block: RTCPReportBlock? = nil) {
        self.ssrc = ssrc
        self.senderInfo = senderInfo
        self.block = block
    }
}

extension RTCP {
    /// Appends a compound of the report, the name of its sender and, at the end of the session, a goodbye (RFC 3550 section 6.1).
    ///
    /// Nothing is allocated while `bytes` has room for 60 bytes and the name, of which 255 bytes are taken at most.
    public static func append(_ report: RTCPReport, cname: String, saysGoodbye: Bool = false, to bytes: inout [UInt8]) {
        append(report.ssrc, report.senderInfo, CollectionOfOne(report.block).lazy.compactMap(\.self), to: &bytes)
        appendPacket(sourceDescriptionType, 1, to: &bytes) { appendName(report.ssrc, cname, to: &$0) }
        if saysGoodbye { appendPacket(goodbyeType, 1, to: &bytes) { $0.appendBig32(report.ssrc) } }
    }

    /// Calls `body` for each report of a datagram with what it says of its sender and then with each of its blocks; allocates nothing.
    ///
    /// - Throws: `RTCPError` before the first call when a length or version is wrong.
    public static func forEachReport(
        in bytes: UnsafeRawBufferPointer, _ body: (_ senderInfo: RTCPSenderInfo?, _ block: RTCPReportBlock?) -> Void
    ) throws(RTCPError) {
        try forEachPacket(in: bytes) { packet throws(RTCPError) in _ = try packet.blocks() }
        try forEachPacket(in: bytes) { packet throws(RTCPError) in
            guard let blocks = try packet.blocks() else { return }
            if packet.type == senderReportType { body(packet.senderInfo, nil) }
            for index in 0..<blocks.count { body(nil, blocks[index]) }
        }
    }
}
