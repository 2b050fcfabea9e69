import RTP
import Testing

struct SequenceTrackerTests {
    private func track(_ numbers: [UInt16]) -> SequenceTracker {
        var tracker = SequenceTracker()
        for number in numbers { _ = tracker.receive(number) }
        return tracker
    }

    @Test(
        "Losses, duplicates and reordering are counted",
        arguments: [
            ([1, 2, 3, 4], 0, 0), ([1, 2, 4, 5], 1, 0), ([1, 2, 4, 3, 5], 0, 0), ([1, 1, 2, 2, 3], 0, 2), ([1, 5, 3, 3], 2, 1),
            ([65534, 65535, 0, 1], 0, 0), ([65535, 1], 1, 0), ([10, 9, 11], 0, 0),
        ] as [([UInt16], Int, Int)])
    func counts(numbers: [UInt16], lost: Int, duplicates: Int) {
        let tracker = track(numbers)
        #expect(tracker.lost == lost)
        #expect(tracker.duplicates == duplicates)
    }

    @Test("Cycles count in the upper bits")
    func cycles() {
        #expect(track([65535, 0, 1]).extendedHighest == 0x1_0001)
    }

    @Test("One stray packet is suspicious, a second that follows it restarts the stream and keeps what was lost")
    func restart() {
        var tracker = track([1, 2, 4])
        #expect(tracker.receive(30_000) == .suspicious)
        #expect(tracker.receive(5) == .next)
        #expect(tracker.receive(30_000) == .suspicious)
        #expect(tracker.receive(30_001) == .restarted)
        #expect(tracker.receive(30_002) == .next)
        #expect(tracker.lost == 1)
        #expect(tracker.expected == 5 + 2)
    }

    @Test("The fraction lost covers the time since the last report")
    func fraction() {
        var tracker = track([0, 1, 2, 3])
        #expect(tracker.takeFractionLost() == 0)
        for number: UInt16 in [4, 6, 8, 10] { _ = tracker.receive(number) }
        #expect(tracker.lost == 3)
        #expect(tracker.takeFractionLost() == UInt8(3 * 256 / 7))
        #expect(tracker.takeFractionLost() == 0)
    }

    @Test("Any loss pattern is counted exactly while reordering stays small", arguments: 0..<10)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed)
        var tracker = SequenceTracker()
        let start = UInt16.random(in: 0...UInt16.max, using: &random)
        var sent = (0..<5000).map { start &+ UInt16($0) }
        let kept = sent.enumerated().filter { $0.offset == 0 || $0.offset == 4999 || Double.random(in: 0..<1, using: &random) > 0.1 }
        sent = kept.map(\.element)
        for index in stride(from: 10, to: sent.count - 10, by: 5) { sent.swapAt(index, index + 2) }
        for number in sent { _ = tracker.receive(number) }
        #expect(tracker.lost == 5000 - kept.count)
        #expect(tracker.duplicates == 0)
    }
}

struct RTPStatisticsTests {
    private func header(_ index: Int, ssrc: UInt32 = 9) -> RTPHeader {
        RTPHeader(
            payloadType: 0, sequenceNumber: UInt16(truncatingIfNeeded: index), timestamp: UInt32(truncatingIfNeeded: index * 160),
            ssrc: ssrc)
    }

    @Test("Jitter is 0 on an even network and follows RFC 3550 A.8 on an uneven one")
    func jitter() {
        var statistics = RTPStatistics()
        for index in 0..<50 { statistics.received(header(index), payloadBytes: 160, atUs: Int64(index) * 20_000) }
        #expect(statistics.jitterSeconds == 0)
        // Every other packet 10 ms late: each difference is 80 units, towards which the estimate runs.
        for index in 50..<250 {
            statistics.received(header(index), payloadBytes: 160, atUs: Int64(index) * 20_000 + Int64(index % 2) * 10_000)
        }
        #expect(abs(statistics.jitterSeconds - 0.010) < 0.0005)
        #expect(statistics.packetsReceived == 250 && statistics.bytesReceived == 40_000 && statistics.packetsLost == 0)
    }

    @Test("Telephone events and restarts don't disturb the jitter")
    func jitterOfEvents() {
        var statistics = RTPStatistics()
        for index in 0..<10 { statistics.received(header(index), payloadBytes: 160, atUs: Int64(index) * 20_000) }
        var event = header(10)
        for index in 10..<30 {
            event.sequenceNumber = UInt16(index)
            statistics.received(event, payloadBytes: 4, measuresJitter: false, atUs: Int64(index) * 20_000)
        }
        statistics.received(header(30), payloadBytes: 160, atUs: 30 * 20_000)
        statistics.received(header(20_000, ssrc: 10), payloadBytes: 160, atUs: 31 * 20_000)
        #expect(statistics.jitterSeconds == 0)
        #expect(statistics.packetsLost == 0)
        #expect(statistics.remoteSSRC == 10)
    }

    @Test("A round trip is measured from LSR and DLSR of both sides' reports")
    func roundTrip() throws {
        var here = RTPStatistics(localSSRC: 1), there = RTPStatistics(localSSRC: 2)
        let wallUs: Int64 = 1_700_000_000_000_000
        func time(_ us: Int64) -> NTPTime { NTPTime(unixMicroseconds: wallUs + us) }
        here.sent(payloadBytes: 160)
        there.received(RTPHeader(payloadType: 0, sequenceNumber: 1, timestamp: 0, ssrc: 1), payloadBytes: 160, atUs: 0)
        let report = here.makeReport(time: time(0), rtpTimestamp: 160, atUs: 0)
        let info = try #require(report.senderInfo, "what has sent makes a sender report")
        #expect(report.ssrc == 1 && info.packetCount == 1 && info.octetCount == 160 && report.block == nil)
        there.received(info, atUs: 40_000)
        let answer = there.makeReport(time: time(1_040_000), rtpTimestamp: 0, atUs: 1_040_000)
        #expect(answer.senderInfo == nil, "what has not sent makes a receiver report")
        let block = try #require(answer.block)
        #expect(answer.ssrc == 2 && block.ssrc == 1)
        here.received(block, time: time(1_100_000))
        #expect(abs(here.roundTrip.last - 0.100) < 0.001)
        #expect(here.remoteJitter.count == 1)
    }

    @Test("Reports about other sources and absurd round trips are not counted")
    func otherReports() {
        var statistics = RTPStatistics(localSSRC: 1)
        let now = NTPTime(unixMicroseconds: 0)
        statistics.received(RTCPReportBlock(ssrc: 3, jitter: 80), time: now)
        #expect(statistics.remoteJitter.count == 0)
        let absurd = RTCPReportBlock(ssrc: 1, cumulativeLost: 5, lastSenderReport: now.middle &+ 0x7000_0000)
        statistics.received(absurd, time: now)
        #expect(statistics.roundTrip.count == 0)
        #expect(statistics.remoteLost == 5)
    }

    @Test("A sampled value has the mean and deviation of its values")
    func sampled() {
        var value = SampledValue()
        for sample in [2.0, 4, 4, 4, 5, 5, 7, 9] { value.add(sample) }
        #expect(value.mean == 5 && value.minimum == 2 && value.maximum == 9 && value.last == 9)
        #expect(abs(value.standardDeviation - 2) < 1e-9)
    }
}
