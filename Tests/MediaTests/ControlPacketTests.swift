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

    /// A phone's report that a quarter of what it is sent is lost.
    private func tellLoss(_ bench: Bench, _ phone: Bench.Phone, ssrc: UInt32) {
        var address = phone.address
        address.port += 1
        let block = RTCPReportBlock(ssrc: ssrc, fractionLost: 64)
        bench.sendControl(phone, [.receiverReport(ssrc: phone.ssrc, blocks: [block])], from: address)
    }

    @Test(
        "Who encodes Opus hears of losses on the whole way of packets that are passed on; other codecs could do nothing about them",
        arguments: [(AudioCodec.opus, 96, 960, 64), (.pcmu, 0, 160, 0)] as [(AudioCodec, UInt8, UInt32, UInt8)])
    func lossFurtherOn(codec: AudioCodec, payloadType: UInt8, units: UInt32, told: UInt8) {
        let bench = Bench(Self.settings)
        var one = bench.openPhone(codec)
        let two = bench.openPhone(codec)
        bench.connect(one.id, two.id)
        for round in 0..<500 {
            if round == 100 { tellLoss(bench, two, ssrc: 0xA001) }
            bench.speak(&one, [UInt8](repeating: 0x55, count: 160), payloadType: payloadType, units: units)
            bench.tick()
        }
        #expect(bench.route(two) == .forward)
        guard case .receiverReport(_, let blocks)? = reports(bench, one).last?.first else {
            Issue.record("no report"); return
        }
        #expect(blocks.first?.fractionLost == told)
        #expect(one.counters.snapshot.packetsLost == 0)
    }

    @Test(
        "A phone that reports losses is sent copies of Opus packets, also in audio that begins later; reports of other sources count for nothing",
        arguments: [(0xA000, true), (0xBEEF, false)] as [(UInt32, Bool)])
    func copies(ssrc: UInt32, expected: Bool) {
        let bench = Bench(Self.settings), one = bench.openPhone(configure: false)
        var stream = bench.stream(one, .opus)
        stream.opus = OpusParameters(parsing: "useinbandfec=1;maxplaybackrate=16000")
        bench.configure(one, stream)
        tellLoss(bench, one, ssrc: ssrc)
        // Pulses as of a voice: only for them copies are made.
        let voice = (0..<32_000).map { offset -> Int16 in
            let phase = offset % 133
            return Int16(phase < 13 ? 12_000 - 900 * phase : offset * 7_919 % 601 - 300)
        }
        bench.apply(.play(.audio(PCMBuffer(samples: voice, sampleRate: 16_000)), token: 1), one.id)
        bench.tick(90)
        // In a packet of speech for one channel the second bit behind the first byte tells of a copy (RFC 6716 section 4.2.3).
        let copies = bench.heard(one).map(\.payload).count { $0.count > 1 && $0[0] >> 3 < 16 && $0[1] & 0x40 != 0 }
        #expect(expected ? copies > 15 : copies == 0, "\(copies)")
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
