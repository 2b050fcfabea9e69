/// Everything counted and measured about one RTP session with one far end (RFC 3550 sections 6.4 and A.8).
///
/// A plain value: a copy is a snapshot. Jitter and round trips are in seconds, losses in packets.
public struct RTPStatistics: Sendable {
    public private(set) var packetsSent = 0
    /// Payload bytes sent.
    public private(set) var bytesSent = 0
    public private(set) var packetsReceived = 0
    /// Payload bytes received.
    public private(set) var bytesReceived = 0
    public private(set) var localSSRC: UInt32
    /// The far end's SSRC; nil before its first packet.
    public private(set) var remoteSSRC: UInt32?
    /// Sequence numbers of the far end: losses, duplicates, restarts.
    public private(set) var sequence = SequenceTracker()
    /// Jitter of what is received, sampled at each report sent.
    public private(set) var localJitter = SampledValue()
    /// Packets lost of what is received between reports.
    public private(set) var localLoss = SampledValue()
    /// Jitter of what is sent, as the far end reports it.
    public private(set) var remoteJitter = SampledValue()
    /// Packets lost of what is sent between the far end's reports.
    public private(set) var remoteLoss = SampledValue()
    /// Round-trip times.
    public private(set) var roundTrip = SampledValue()
    /// Packets sent that the far end says were lost, in all.
    public private(set) var remoteLost = 0

    private let clockRate: Double
    /// Jitter in timestamp units (A.8).
    private var jitterUnits = 0.0
    private var lastTransit: Int32?
    private var lastSenderReport: UInt32 = 0
    private var lastSenderReportUs: Int64 = 0
    private var lostAtLastReport = 0
    private var packetsSentAtLastReport = 0

    /// Starts counting for timestamps at `clockRate` Hz.
    public init(clockRate: Int = 8000, localSSRC: UInt32 = 0) {
        self.clockRate = Double(min(max(clockRate, 1), 1_000_000))
        self.localSSRC = localSSRC
    }

    /// Gives the current jitter of what is received, in seconds.
    public var jitterSeconds: Double { jitterUnits / clockRate }

    /// Packets of the far end that did not come.
    public var packetsLost: Int { sequence.lost }

    /// Counts a packet that was sent.
    public mutating func sent(payloadBytes: Int) {
        packetsSent &+= 1
        bytesSent &+= payloadBytes
    }

    /// Counts a received packet; `measuresJitter` is false for telephone events, whose timestamps stand still.
    @discardableResult
    public mutating func received(
        _ header: RTPHeader, payloadBytes: Int, measuresJitter: Bool = true,
        atUs nowUs: Int64
    ) -> SequenceTracker.Place {
        packetsReceived &+= 1
        bytesReceived &+= payloadBytes
        var place = SequenceTracker.Place.first
        if remoteSSRC != nil, remoteSSRC != header.ssrc {
            sequence.restart(header.sequenceNumber)
            lastTransit = nil
        } else {
            place = sequence.receive(header.sequenceNumber)
        }
        remoteSSRC = header.ssrc
        if place == .suspicious || place == .restarted { lastTransit = nil }
        if measuresJitter, place != .duplicate { measureJitter(header.timestamp, nowUs) }
        return place
    }

    private mutating func measureJitter(_ timestamp: UInt32, _ nowUs: Int64) {
        let arrival = UInt32(truncatingIfNeeded: nowUs &* Int64(clockRate) / 1_000_000)
        let transit = Int32(bitPattern: arrival &- timestamp)
        if let lastTransit {
            let difference = Double((transit &- lastTransit).magnitude)
            // More than a second is a new beginning of the timestamps, not jitter.
            if difference < clockRate { jitterUnits += (difference - jitterUnits) / 16 }
        }
        lastTransit = transit
    }

    /// Makes the report to send now: a sender report when something was sent since the last one, else a receiver report.
    public mutating func makeReport(time: NTPTime, rtpTimestamp: UInt32, atUs nowUs: Int64) -> RTCPReport {
        var report = RTCPReport(ssrc: localSSRC, block: makeBlock(atUs: nowUs))
        guard packetsSent != packetsSentAtLastReport else { return report }
        packetsSentAtLastReport = packetsSent
        report.senderInfo = RTCPSenderInfo(
            time: time, rtpTimestamp: rtpTimestamp, packetCount: UInt32(truncatingIfNeeded: packetsSent),
            octetCount: UInt32(truncatingIfNeeded: bytesSent))
        return report
    }

    private mutating func makeBlock(atUs nowUs: Int64) -> RTCPReportBlock? {
        guard let remoteSSRC else { return nil }
        localJitter.add(jitterSeconds)
        localLoss.add(Double(max(packetsLost - lostAtLastReport, 0)))
        lostAtLastReport = packetsLost
        let delay = lastSenderReport == 0 ? 0 : UInt32(clamping: max(nowUs &- lastSenderReportUs, 0) / 1000 * 65536 / 1000)
        return RTCPReportBlock(
            ssrc: remoteSSRC, fractionLost: sequence.takeFractionLost(), cumulativeLost: Int32(clamping: packetsLost),
            extendedHighestSequence: sequence.extendedHighest, jitter: UInt32(clamping: Int(jitterUnits)),
            lastSenderReport: lastSenderReport, delaySinceLastSenderReport: delay)
    }

    /// Takes what the far end reports of its sending, arrived at the monotonic time `nowUs`.
    public mutating func received(_ info: RTCPSenderInfo, atUs nowUs: Int64) {
        lastSenderReport = info.time.middle
        lastSenderReportUs = nowUs
    }

    /// Takes what the far end reports of a source, arrived at the wall-clock time `time`; other sources are nothing to us.
    public mutating func received(_ block: RTCPReportBlock, time: NTPTime) {
        guard block.ssrc == localSSRC else { return }
        remoteJitter.add(Double(block.jitter) / clockRate)
        let lost = max(Int(block.cumulativeLost), 0)
        remoteLoss.add(Double(max(lost - remoteLost, 0)))
        remoteLost = lost
        guard block.lastSenderReport != 0 else { return }
        let units = Int32(bitPattern: time.middle &- block.lastSenderReport &- block.delaySinceLastSenderReport)
        // Rounding may make a round trip slightly negative; more than a minute is a wrong clock.
        guard units > -655, units < 60 * 65536 else { return }
        roundTrip.add(Double(max(units, 0)) / 65536)
    }
}
