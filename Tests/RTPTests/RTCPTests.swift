import RTP
import Testing

struct RTCPTests {
    private func parse(_ bytes: [UInt8]) throws -> [RTCPPacket] {
        try bytes.withUnsafeBytes { try RTCP.parse($0) }
    }

    /// What a visit of the reports is told.
    private func visited(_ bytes: [UInt8]) throws -> [Said] {
        var said: [Said] = []
        try bytes.withUnsafeBytes { try RTCP.forEachReport(in: $0) { said.append(Said(info: $0, block: $1)) } }
        return said
    }

    private static let block = RTCPReportBlock(
        ssrc: 7, fractionLost: 51, cumulativeLost: 1234, extendedHighestSequence: 0x1_0002,
        jitter: 88, lastSenderReport: 0xAABB_CCDD, delaySinceLastSenderReport: 65536)

    @Test(
        "A written compound parses back",
        arguments: [
            [
                .senderReport(
                    ssrc: 1, RTCPSenderInfo(time: NTPTime(value: 0x0102_0304_0506_0708), rtpTimestamp: 9, packetCount: 10, octetCount: 11),
                    blocks: [block]),
                .sourceDescription([RTCPSourceName(ssrc: 1, cname: "arioso@192.0.2.1")]),
            ],
            [
                .receiverReport(ssrc: 2, blocks: []),
                .sourceDescription([RTCPSourceName(ssrc: 2, cname: ""), RTCPSourceName(ssrc: 3, cname: "abc")]),
            ],
            [.receiverReport(ssrc: 2, blocks: Array(repeating: block, count: 31)), .goodbye(ssrcs: [2, 3], reason: "bye now")],
            [.goodbye(ssrcs: [2], reason: "")],
            [.goodbye(ssrcs: [], reason: "")],
            [.other(type: 206, count: 1, body: [0, 0, 0, 1, 0, 0, 0, 2])],
            [],
        ] as [[RTCPPacket]])
    func roundTrip(packets: [RTCPPacket]) throws {
        #expect(try parse(RTCP.encode(packets)) == packets)
    }

    @Test func `A report in place is written as the packets that it stands for`() {
        let info = RTCPSenderInfo(time: NTPTime(value: 5 << 32), rtpTimestamp: 9, packetCount: 10, octetCount: 11)
        for (report, packet) in [
            (RTCPReport(ssrc: 1), RTCPPacket.receiverReport(ssrc: 1, blocks: [])),
            (RTCPReport(ssrc: 1, block: Self.block), .receiverReport(ssrc: 1, blocks: [Self.block])),
            (RTCPReport(ssrc: 1, senderInfo: info), .senderReport(ssrc: 1, info, blocks: [])),
            (RTCPReport(ssrc: 1, senderInfo: info, block: Self.block), .senderReport(ssrc: 1, info, blocks: [Self.block])),
        ] {
            for cname in ["", "a", "ab", "abc", "abcd", String(repeating: "n", count: 300)] {
                let name = RTCPPacket.sourceDescription([RTCPSourceName(ssrc: 1, cname: cname)])
                var bytes: [UInt8] = []
                RTCP.append(report, cname: cname, to: &bytes)
                #expect(bytes == RTCP.encode([packet, name]))
                bytes = []
                RTCP.append(report, cname: cname, saysGoodbye: true, to: &bytes)
                #expect(bytes == RTCP.encode([packet, name, .goodbye(ssrcs: [1], reason: "")]))
            }
        }
    }

    @Test(
        "Cumulative loss keeps its sign and is cut to 24 bits",
        arguments: [
            (-1, -1), (-8_388_608, -8_388_608), (8_388_607, 8_388_607), (9_000_000, 8_388_607), (-9_000_000, -8_388_608),
        ] as [(Int32, Int32)])
    func cumulativeLoss(written: Int32, read: Int32) throws {
        var block = Self.block
        block.cumulativeLost = written
        guard case .receiverReport(_, let blocks) = try parse(RTCP.encode([.receiverReport(ssrc: 1, blocks: [block])]))[0] else {
            Issue.record("not a receiver report")
            return
        }
        #expect(blocks[0].cumulativeLost == read)
        #expect(blocks[0].fractionLost == 51)
    }

    @Test(
        "Wrong lengths are told",
        arguments: [
            ([0x80, 201, 0], RTCPError.truncated),
            ([0x80, 201, 0, 1], .truncated),
            ([0x40, 201, 0, 1, 0, 0, 0, 1], .badVersion),
            ([0x81, 201, 0, 1, 0, 0, 0, 1], .badLength(type: 201)),
            ([0x80, 201, 0, 0], .badLength(type: 201)),
            ([0x80, 200, 0, 1, 0, 0, 0, 1], .badLength(type: 200)),
            ([0x81, 202, 0, 0], .badLength(type: 202)),
            ([0x81, 202, 0, 2, 0, 0, 0, 1, 1, 9, 65, 0], .badLength(type: 202)),
            ([0x82, 203, 0, 1, 0, 0, 0, 1], .badLength(type: 203)),
            ([0x81, 203, 0, 2, 0, 0, 0, 1, 5, 65, 65, 65], .badLength(type: 203)),
            ([0xA0, 201, 0, 1, 0, 0, 0, 5], .badLength(type: 201)),
            ([0xA0, 201, 0, 1, 0, 0, 0, 0], .badLength(type: 201)),
        ] as [([UInt8], RTCPError)])
    func wrongLengths(bytes: [UInt8], error: RTCPError) {
        #expect(throws: error) { try parse(bytes) }
    }

    @Test("The number of packets and bytes is bounded")
    func limits() throws {
        let small: [UInt8] = [0x80, 206, 0, 0]
        #expect(try parse((0..<RTCP.maximumPackets).flatMap { _ in small }).count == RTCP.maximumPackets)
        #expect(throws: RTCPError.tooManyPackets) { try parse((0...RTCP.maximumPackets).flatMap { _ in small }) }
        func padded(_ count: Int) -> [UInt8] {
            [0x80, 206, UInt8((count / 4 - 1) >> 8), UInt8((count / 4 - 1) & 255)] + [UInt8](repeating: 0, count: count - 4)
        }
        #expect(try parse(padded(RTCP.maximumBytes)).count == 1)
        #expect(throws: RTCPError.tooLong) { try parse(padded(RTCP.maximumBytes + 4)) }
    }

    @Test("Random bytes never trap, and what parses can be written and parsed again", arguments: 0..<20)
    func randomBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        for _ in 0..<2000 {
            var bytes = random.bytes(upTo: 64)
            if bytes.count >= 4 {
                bytes[0] = bytes[0] & 0x3F | 0x80
                bytes[1] = UInt8.random(in: 199...207, using: &random)
                bytes[2] = 0
                bytes[3] = UInt8.random(in: 0...UInt8(bytes.count / 4), using: &random)
            }
            guard let packets = try? parse(bytes) else { continue }
            #expect(try visited(bytes) == packets.flatMap(\.said))
            let again = try parse(RTCP.encode(packets))
            #expect(again.count == packets.count)
        }
    }

    @Test("NTP time counts from 1900 and its middle is that of LSR")
    func ntpTime() {
        let time = NTPTime(unixMicroseconds: 1_500_000)
        #expect(time.value == UInt64(2_208_988_801) << 32 | 0x8000_0000)
        #expect(time.middle == UInt32((2_208_988_801 & 0xFFFF) << 16 | 0x8000))
        #expect(NTPTime(unixMicroseconds: -5).value == UInt64(2_208_988_800) << 32)
    }
}

private struct Said: Equatable {
    var info: RTCPSenderInfo?
    var block: RTCPReportBlock?
}

extension RTCPPacket {
    /// What the packet reports, in the order of a visit.
    fileprivate var said: [Said] {
        switch self {
        case .senderReport(_, let info, let blocks): [Said(info: info)] + blocks.map { Said(block: $0) }
        case .receiverReport(_, let blocks): blocks.map { Said(block: $0) }
        case .sourceDescription, .goodbye, .other: []
        }
    }
}
