import Audio
import Testing

@testable import Media
@testable import RTP

@Suite("RTCP")
struct ControlPacketTests {
    private static var settings: GraphSettings {
        var settings = Bench.quiet
        settings.rtcpIntervalNs = 5_000_000_000
        settings.cname = "name"
        return settings
    }

    private func reports(_ bench: Bench, _ phone: Bench.Phone) -> [[RTCPPacket]] {
        bench.recorder.sent.filter { $0.socket == phone.socket + 1 }.compactMap { sent in sent.bytes.withUnsafeBytes { try? RTCP.parse($0) }
        }
    }

    @Test("Reports with name go out every half to one and a half interval, and tell what was sent and lost")
    func reporting() {
        let bench = Bench(Self.settings)
        var one = bench.openPhone()
        bench.apply(.echo(true), one.id)
        for round in 0..<3_000 {
            if round % 10 == 9 { one.sequence &+= 1 }
            bench.speak(&one)
            bench.tick()
        }
        let sent = bench.recorder.sent.filter { $0.socket == one.socket + 1 }
        #expect((8...24).contains(sent.count))
        #expect(sent.allSatisfy { $0.destination == Bench.address("192.0.2.1", 4_001) })
        for (before, after) in zip(sent, sent.dropFirst()) {
            #expect((2_300...7_900).contains((after.atNs - before.atNs) / 1_000_000))
        }
        guard case .senderReport(_, let info, let blocks)? = reports(bench, one).last?.first else {
            Issue.record("no sender report"); return
        }
        #expect(info.packetCount > 2_000)
        #expect(blocks.first?.cumulativeLost ?? 0 > 200)
        #expect(reports(bench, one).allSatisfy { $0.last == .sourceDescription([RTCPSourceName(ssrc: 0xA000, cname: "name")]) })
        #expect(one.counters.snapshot.packetsLost > 200)
        #expect(one.counters.snapshot.lost.maximum > 0)
    }

    @Test("Closing says goodbye")
    func goodbye() {
        let bench = Bench(Self.settings)
        var one = bench.openPhone()
        bench.speak(&one)
        _ = bench.graph.close(one.id)
        #expect(reports(bench, one).last?.last == .goodbye(ssrcs: [0xA000], reason: ""))
    }

    @Test("The peer's reports give round trip and losses")
    func roundTrip() {
        let bench = Bench(Self.settings), one = bench.openPhone()
        bench.graph.wallOffsetNs = 1_700_000_000_000_000_000
        bench.nowNs += 500_000_000
        let sentAt = NTPTime(unixMicroseconds: Int64((bench.nowNs - 100_000_000 + bench.graph.wallOffsetNs) / 1_000))
        let block = RTCPReportBlock(
            ssrc: 0xA000, cumulativeLost: 12, jitter: 80, lastSenderReport: sentAt.middle, delaySinceLastSenderReport: 65_536 / 20)
        bench.sendControl(one, [.receiverReport(ssrc: 77, blocks: [block])], from: Bench.address("192.0.2.1", 4_001))
        let seen = one.counters.snapshot
        #expect(seen.remotePacketsLost == 12)
        #expect(abs(seen.roundTripMs.last - 50) < 1)
        #expect(abs(seen.remoteJitterMs.last - 10) < 0.01)
        bench.sendControl(one, [.receiverReport(ssrc: 77, blocks: [block])], from: Bench.address("198.51.100.1", 4_001))
        #expect(one.counters.snapshot.roundTripMs.count == 1)
    }

    @Test("On one port, RTCP is told from RTP and goes back there")
    func mux() {
        let bench = Bench(Self.settings), one = bench.openPhone()
        var stream = bench.stream(one)
        stream.rtcpMux = true
        bench.configure(one, stream)
        let report = RTCP.encode([
            .senderReport(
                ssrc: 77, RTCPSenderInfo(time: NTPTime(value: 5 << 32), rtpTimestamp: 1, packetCount: 1, octetCount: 1), blocks: [])
        ])
        bench.sendBytes(one, report, from: one.address)
        #expect(one.counters.snapshot.packetsReceived == 0)
        #expect(one.counters.snapshot.packetsRejected == 0)
        bench.tick(400)
        let sent = bench.heard(one)
        #expect(!sent.isEmpty)
        #expect(sent.allSatisfy { $0.destination == one.address })
    }
}
