import RTP
import Testing

struct RTPPacketTests {
    private func parse(_ bytes: [UInt8]) -> RTPPacket? {
        bytes.withUnsafeBytes { RTPPacket(parsing: $0) }
    }

    private static let plain: [UInt8] = [0x80, 0x80 | 101, 0x12, 0x34, 0, 0, 0x10, 0, 0xDE, 0xAD, 0xBE, 0xEF]

    @Test(
        "A written header parses back to the same fields",
        arguments: [
            RTPHeader(payloadType: 0, sequenceNumber: 0, timestamp: 0, ssrc: 0),
            RTPHeader(payloadType: 127, marker: true, sequenceNumber: .max, timestamp: .max, ssrc: .max),
            RTPHeader(payloadType: 101, marker: false, sequenceNumber: 0x1234, timestamp: 0x89AB_CDEF, ssrc: 0x0102_0304),
        ])
    func roundTrip(header: RTPHeader) throws {
        var bytes = [UInt8](repeating: 0xAA, count: RTPHeader.byteCount)
        bytes.withUnsafeMutableBytes { header.write(to: $0.baseAddress!) }
        let packet = try #require(parse(bytes))
        #expect(packet.header == header)
        #expect(packet.payloadOffset == 12 && packet.payloadLength == 0 && packet.csrcCount == 0)
    }

    @Test("Fields stand where RFC 3550 puts them")
    func fields() throws {
        let packet = try #require(parse(Self.plain + [1, 2, 3]))
        #expect(packet.header == RTPHeader(payloadType: 101, marker: true, sequenceNumber: 0x1234, timestamp: 0x1000, ssrc: 0xDEAD_BEEF))
        #expect(packet.payloadLength == 3)
    }

    @Test("CSRCs, extension and padding are set apart from the payload")
    func allParts() throws {
        var bytes = Self.plain
        bytes[0] = 0x80 | 0x20 | 0x10 | 2
        bytes += [0, 0, 0, 1, 0, 0, 0, 2]
        bytes += [0xBE, 0xDE, 0, 1, 9, 9, 9, 9]
        bytes += [7, 7, 7, 7, 7]
        bytes += [0, 0, 3]
        let packet = try #require(parse(bytes))
        #expect(packet.csrcCount == 2)
        #expect(packet.extensionProfile == 0xBEDE && packet.extensionLength == 4 && packet.extensionOffset == 24)
        #expect(packet.payloadOffset == 28 && packet.payloadLength == 5 && packet.paddingLength == 3)
        bytes.withUnsafeBytes { raw in
            #expect(packet.csrc(0, in: raw) == 1)
            #expect(packet.csrc(1, in: raw) == 2)
            #expect(packet.csrc(2, in: raw) == nil)
            #expect(packet.csrc(-1, in: raw) == nil)
            #expect(Array(packet.payload(in: raw)) == [7, 7, 7, 7, 7])
        }
    }

    private static let broken: [[UInt8]] = {
        func with(first: UInt8, _ more: [UInt8] = []) -> [UInt8] { [first] + plain.dropFirst() + more }
        return [
            [], Array(plain.prefix(11)), with(first: 0x40), with(first: 0x81), with(first: 0x90), with(first: 0x90, [0, 0, 0, 1]),
            with(first: 0xA0, [0]), with(first: 0xA0, [1, 1, 4]), with(first: 0xA0),
        ]
    }()

    @Test("Bytes that are no RTP packet are refused", arguments: broken)
    func refused(bytes: [UInt8]) {
        #expect(parse(bytes) == nil)
    }

    @Test("Whatever parses stays inside its datagram", arguments: 0..<20)
    func randomBytes(seed: UInt64) {
        var random = SeededGenerator(seed)
        for _ in 0..<2000 {
            var bytes = random.bytes(upTo: 80)
            if !bytes.isEmpty, Bool.random(using: &random) { bytes[0] = bytes[0] & 0x3F | 0x80 }
            guard let packet = parse(bytes) else { continue }
            #expect(packet.payloadOffset + packet.payloadLength + packet.paddingLength == bytes.count)
            #expect(packet.extensionOffset + packet.extensionLength <= packet.payloadOffset)
            #expect(bytes.withUnsafeBytes { packet.payload(in: $0).count } == packet.payloadLength)
        }
    }

    @Test(
        "The first bytes tell RTP, RTCP, DTLS and STUN apart",
        arguments: [
            ([0x80, 0], MediaPacketKind.rtp), ([0xBF, 0xE5], .rtp), ([0x80, 200], .rtcp), ([0x81, 192], .rtcp), ([0x81, 223], .rtcp),
            ([0x80, 191], .rtp), ([0x80, 224], .rtp), ([0, 1], .stun), ([3, 0], .stun), ([20, 254], .dtls), ([63, 254], .dtls),
            ([64, 0], .unknown), ([192, 0], .unknown), ([0x80], .unknown), ([], .unknown),
        ] as [([UInt8], MediaPacketKind)])
    func kinds(bytes: [UInt8], kind: MediaPacketKind) {
        #expect(bytes.withUnsafeBytes { MediaPacketKind($0) } == kind)
    }
}
