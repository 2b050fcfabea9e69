/// What a receiver says about one source (RFC 3550 section 6.4.1).
public struct RTCPReportBlock: Sendable, Hashable {
    /// Bytes of one block on the wire.
    static let byteCount = 24

    public var ssrc: UInt32
    /// Share of packets lost since the last report, in 1/256.
    public var fractionLost: UInt8
    /// Packets lost since the beginning, −8388608...8388607; negative when duplicates came.
    public var cumulativeLost: Int32
    public var extendedHighestSequence: UInt32
    /// Interarrival jitter in timestamp units.
    public var jitter: UInt32
    /// Middle of the NTP time of the last sender report, 0 for none.
    public var lastSenderReport: UInt32
    /// Time since that report in 1/65536 seconds.
    public var delaySinceLastSenderReport: UInt32

    public init(
        ssrc: UInt32, fractionLost: UInt8 = 0, cumulativeLost: Int32 = 0, extendedHighestSequence: UInt32 = 0,
        jitter: UInt32 = 0, lastSenderReport: UInt32 = 0, delaySinceLastSenderReport: UInt32 = 0
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.cumulativeLost = cumulativeLost
        self.extendedHighestSequence = extendedHighestSequence
        self.jitter = jitter
        self.lastSenderReport = lastSenderReport
        self.delaySinceLastSenderReport = delaySinceLastSenderReport
    }
}

/// What a sender says about itself in a sender report (RFC 3550 section 6.4.1).
public struct RTCPSenderInfo: Sendable, Hashable {
    public var time: NTPTime
    public var rtpTimestamp: UInt32
    public var packetCount: UInt32
    public var octetCount: UInt32

    public init(time: NTPTime, rtpTimestamp: UInt32, packetCount: UInt32, octetCount: UInt32) {
        self.time = time
        self.rtpTimestamp = rtpTimestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
    }
}

/// One packet of an RTCP compound.
public enum RTCPPacket: Sendable, Hashable {
    case senderReport(ssrc: UInt32, RTCPSenderInfo, blocks: [RTCPReportBlock])
    case receiverReport(ssrc: UInt32, blocks: [RTCPReportBlock])
    /// The canonical names of sources; other items of a description are not kept.
    case sourceDescription([RTCPSourceName])
    case goodbye(ssrcs: [UInt32], reason: String)
    /// A packet of another type (feedback, application), with the count or format field and everything after the 4-byte header.
    case other(type: UInt8, count: UInt8, body: [UInt8])
}

/// The canonical name (CNAME) of a source (RFC 3550 section 6.5).
public struct RTCPSourceName: Sendable, Hashable {
    public var ssrc: UInt32
    /// At most 255 bytes of UTF-8; longer ones are cut when written. Empty when the chunk had none.
    public var cname: String

    public init(ssrc: UInt32, cname: String) {
        self.ssrc = ssrc
        self.cname = cname
    }
}

/// Says why a datagram is no RTCP compound.
public enum RTCPError: Error, Equatable, CustomStringConvertible {
    case tooLong, tooManyPackets, truncated, badVersion, badLength(type: UInt8)

    public var description: String {
        switch self {
        case .tooLong: "RTCP compound is longer than \(RTCP.maximumBytes) bytes"
        case .tooManyPackets: "RTCP compound holds more than \(RTCP.maximumPackets) packets"
        case .truncated: "RTCP packet is cut off"
        case .badVersion: "RTCP packet is not of version 2"
        case .badLength(let type): "RTCP packet of type \(type) is too short for what it says to hold"
        }
    }
}
