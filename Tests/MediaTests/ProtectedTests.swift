import RTP
import Testing

@testable import Media
@testable import SecureMedia

/// Legs whose packets are SRTP, and that take part in ICE and DTLS.
@Suite("Protected legs") struct ProtectedTests {
    static let profile = SRTPProfile.aes128GCM

    static func master(_ byte: UInt8) throws -> SRTPMasterKey {
        try #require(
            SRTPMasterKey(profile, keyAndSalt: [UInt8](repeating: byte, count: profile.keyBytes + profile.saltBytes)))
    }

    /// A far end that knows the keys; a class, since what it is made of can't be copied into expectations.
    final class FarEnd {
        private var sender: SRTPSender
        private var receiver: SRTPReceiver
        private var sequence: UInt16 = 10

        init() throws {
            sender = try SRTPSender(ProtectedTests.profile, ProtectedTests.master(1))
            receiver = try SRTPReceiver(ProtectedTests.profile, ProtectedTests.master(2))
        }

        static func protection() throws -> MediaProtection {
            try MediaProtection(
                SRTPKeys(profile: ProtectedTests.profile, sending: ProtectedTests.master(2), receiving: ProtectedTests.master(1)))
        }

        /// The next packet, protected.
        ///
        /// - Parameter extensions: what stands between header and payload.
        func packet(_ payload: [UInt8] = [UInt8](repeating: 0x55, count: 160), extensions: [UInt8] = []) -> [UInt8] {
            let header = RTPHeader(payloadType: 0, sequenceNumber: sequence, timestamp: UInt32(sequence) * 160, ssrc: 9)
            sequence &+= 1
            var bytes = [UInt8](repeating: 0, count: RTPHeader.byteCount) + extensions + payload
            bytes.withUnsafeMutableBytes { header.write(to: $0.baseAddress!) }
            if !extensions.isEmpty { bytes[0] |= RTPHeader.extensionBit }
            return sealed(bytes) { sender.protect($0, count: $1, capacity: $2) }
        }

        func control(_ bytes: [UInt8]) -> [UInt8] {
            sealed(bytes) { sender.protectControl($0, count: $1, capacity: $2) }
        }

        private func sealed(_ bytes: [UInt8], _ protect: (UnsafeMutableRawPointer, Int, Int) -> Int?) -> [UInt8] {
            var room = bytes + [UInt8](repeating: 0, count: SRTPProfile.longestTrailer)
            let count = room.withUnsafeMutableBytes { protect($0.baseAddress!, bytes.count, $0.count) }
            return Array(room.prefix(count ?? 0))
        }

        /// What a packet of ours holds; nil when it is not genuine.
        func opened(_ packet: SentPacket) -> SentPacket? {
            var bytes = packet.bytes
            let count = bytes.count
            guard case .genuine(let length) = bytes.withUnsafeMutableBytes({ receiver.unprotect($0.baseAddress!, count: count) }) else {
                return nil
            }
            return SentPacket(socket: packet.socket, bytes: Array(bytes[..<length]), destination: packet.destination, atNs: packet.atNs)
        }
    }

    /// An RTP leg with ICE whose stream is protected, and one that is not, in conversation.
    ///
    /// - Parameter extensions: what the browser's packets tell beside their payload.
    private func conversation(_ extensions: HeaderExtensions = HeaderExtensions()) -> (
        bench: Bench, browser: Bench.Phone, phone: Bench.Phone
    ) {
        let bench = Bench()
        let browser = bench.openPhone(configure: false), phone = bench.openPhone()
        var stream = bench.stream(browser)
        (stream.isProtected, stream.usesICE, stream.rtcpMux, stream.headerExtensions) = (true, true, true, extensions)
        bench.configure(browser, stream)
        bench.connect(browser.id, phone.id)
        return (bench, browser, phone)
    }

    private func rejected(_ phone: Bench.Phone) -> UInt64 { phone.counters.snapshot.packetsRejected }

    @Test("Before there are keys nothing is sent and nothing accepted, plain packets least of all")
    func beforeKeys() throws {
        var (bench, browser, phone) = conversation()
        let far = try FarEnd()
        bench.speak(&phone)
        bench.sendBytes(browser, far.packet(), from: browser.address)
        bench.speak(&browser)
        bench.tick(3)
        #expect(bench.heard(browser).isEmpty)
        #expect(bench.heard(phone).isEmpty)
        #expect(rejected(browser) == 2)
    }

    @Test("With keys, packets are forwarded both ways, and each side gets them as it knows them")
    func forwarded() throws {
        var (bench, browser, phone) = conversation()
        let far = try FarEnd()
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        let said = [UInt8](repeating: 0x33, count: 160)
        bench.sendBytes(browser, far.packet(said), from: browser.address)
        bench.speak(&phone, said)
        let plain = bench.heard(phone), secret = bench.heard(browser)
        #expect(plain.map(\.payload) == [said])
        #expect(secret.map(\.bytes.count) == [12 + 160 + 16])
        #expect(secret.compactMap(far.opened).map(\.payload) == [said])
        #expect(rejected(browser) == 0)
    }

    @Test("What is protected for one listener reaches the others untouched")
    func severalListeners() throws {
        var (bench, browser, phone) = conversation()
        let other = bench.openPhone()
        bench.apply(.connect(phone.id), other.id)
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        let said = [UInt8](repeating: 0x21, count: 160)
        for _ in 0..<3 { bench.speak(&phone, said) }
        #expect(bench.heard(other).map(\.payload) == [said, said, said])
        let far = try FarEnd()
        #expect(bench.heard(browser).compactMap(far.opened).map(\.payload) == [said, said, said])
    }

    @Test("Audio that is made here is protected too")
    func made() throws {
        let (bench, browser, _) = conversation()
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        bench.apply(.play(.audio(constant(1_000, ms: 100)), token: 1), browser.id)
        bench.tick(5)
        let far = try FarEnd()
        let sent = bench.heard(browser)
        #expect(sent.count == 5)
        #expect(sent.compactMap(far.opened).count == sent.count)
    }

    private static let extensions = {
        var extensions = HeaderExtensions()
        (extensions.audioLevel, extensions.absoluteSendTime) = (1, 2)
        extensions.setMid(4, "a")
        return extensions
    }()

    @Test("Packets tell how loud they are and when they were sent, and at first which section they are of")
    func headerExtensions() throws {
        var extensions = Self.extensions
        extensions.setMid(4, "audio")
        let (bench, browser, _) = conversation(extensions)
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        bench.apply(.play(.audio(constant(8_192, ms: 3_000)), token: 1), browser.id)
        bench.tick(150)
        let far = try FarEnd()
        let sent = bench.heard(browser).compactMap(far.opened)
        #expect(sent.count == 150)
        let levels = sent.compactMap { sent in sent.bytes.withUnsafeBytes { extensions.level(in: sent.packet, $0) } }
        // A quarter of full scale.
        #expect(levels == [UInt8](repeating: 0x80 | 12, count: 150))
        let named = sent.prefix { $0.packet.extensionLength == 12 }
        #expect(named.count == LegTransport.namingPackets)
        #expect(sent.dropFirst(named.count).allSatisfy { $0.packet.extensionLength == 8 })
        let times = sent.map { Int($0.bytes[19]) << 16 | Int($0.bytes[20]) << 8 | Int($0.bytes[21]) }
        let steps = zip(times, times.dropFirst()).map { ($1 - $0) & 0xFF_FFFF }
        // 20 ms in parts of 2 to the 18th of a second.
        #expect(steps.allSatisfy { abs($0 - 5_243) <= 1 })
    }

    @Test("Loudness that one browser tells is told to the other under its own number; packets of other sections are not taken")
    func headerExtensionsForwarded() throws {
        var other = HeaderExtensions()
        other.audioLevel = 7
        let bench = Bench()
        let phones = try [Self.extensions, other].map { extensions in
            let phone = bench.openPhone(configure: false)
            var stream = bench.stream(phone)
            (stream.isProtected, stream.usesICE, stream.rtcpMux, stream.headerExtensions) = (true, true, true, extensions)
            bench.configure(phone, stream)
            bench.apply(.protect(try FarEnd.protection()), phone.id)
            return phone
        }
        bench.connect(phones[0].id, phones[1].id)
        let (far, listener) = (try FarEnd(), try FarEnd())
        bench.sendBytes(phones[0], far.packet(extensions: [0xBE, 0xDE, 0, 1, 0x10, 33, 0x40, 0x61]), from: phones[0].address)
        bench.sendBytes(phones[0], far.packet(extensions: [0xBE, 0xDE, 0, 1, 0x10, 33, 0x40, 0x62]), from: phones[0].address)
        bench.sendBytes(phones[0], far.packet(), from: phones[0].address)
        let heard = bench.heard(phones[1]).compactMap(listener.opened)
        #expect(heard.map(\.packet.extensionLength) == [4, 0])
        #expect(heard.first?.bytes[12..<20] == [0xBE, 0xDE, 0, 1, 0x70, 33, 0, 0])
        #expect(heard.allSatisfy { $0.payload.count == 160 })
        #expect(rejected(phones[0]) == 1)
    }

    @Test("Replayed, changed and foreign packets are counted and dropped; the call goes on")
    func attacks() throws {
        let (bench, browser, phone) = conversation()
        let far = try FarEnd()
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        let first = far.packet()
        bench.sendBytes(browser, first, from: browser.address)
        bench.sendBytes(browser, first, from: browser.address)
        var changed = far.packet()
        changed[40] ^= 1
        bench.sendBytes(browser, changed, from: browser.address)
        bench.sendBytes(browser, [UInt8](repeating: 0x80, count: 13), from: browser.address)
        bench.sendBytes(browser, [], from: browser.address)
        bench.sendBytes(browser, far.packet(), from: browser.address)
        #expect(bench.heard(phone).count == 2)
        #expect(rejected(browser) == 4)
    }

    @Test("A genuine packet is taken from wherever the far end sends, a forged one moves nothing")
    func moved() throws {
        var (bench, browser, phone) = conversation()
        let far = try FarEnd()
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        bench.sendBytes(browser, far.packet(), from: Bench.address("203.0.113.9", 9))
        #expect(bench.heard(phone).count == 1)
        bench.speak(&phone)
        #expect(bench.heard(browser).first?.destination == browser.address)
    }

    @Test("Reports are protected as well, and forged ones ignored")
    func reports() throws {
        var settings = Bench.quiet
        settings.rtcpIntervalNs = 1_000_000_000
        let bench = Bench(settings)
        let browser = bench.openPhone(configure: false)
        var stream = bench.stream(browser)
        (stream.isProtected, stream.usesICE, stream.rtcpMux) = (true, true, true)
        bench.configure(browser, stream)
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        let far = try FarEnd()
        let ours = UInt32(truncatingIfNeeded: browser.counters[.localSSRC])
        let report = RTCP.encode([.receiverReport(ssrc: 9, blocks: [RTCPReportBlock(ssrc: ours, cumulativeLost: 7)])])
        bench.sendBytes(browser, report, from: browser.address)
        bench.tick(20)
        #expect(browser.counters.snapshot.remotePacketsLost == 0)
        #expect(rejected(browser) == 1)
        bench.sendBytes(browser, far.control(report), from: browser.address)
        #expect(browser.counters.snapshot.remotePacketsLost == 7)
        bench.tick(120)
        let sent = bench.heard(browser)
        #expect(!sent.isEmpty)
        // Nothing of a report but its header and its source is readable.
        #expect(sent.allSatisfy { $0.bytes.withUnsafeBytes { (try? RTCP.parse($0)) == nil } })
    }

    // MARK: - ICE and DTLS

    private static let user = ICECredentials(user: "abcdefgh", password: String(repeating: "p", count: 22))

    private static func request(for user: String) -> [UInt8] {
        var attributes = STUNAttributes()
        attributes.username = "\(user):far"
        return STUNMessage(.request, id: .init(tag: 1, rest: 2), attributes: attributes).encoded(password: Array("secret".utf8))
    }

    @Test("Only datagrams of ICE that may be for us, and DTLS of the far end, are handed over")
    func filter() throws {
        let (bench, browser, _) = conversation()
        let user = try #require(Self.user)
        let request = Self.request(for: "abcdefgh"), stray = Self.request(for: "abcdefgx")
        let hello: [UInt8] = [22, 254, 253] + [UInt8](repeating: 0, count: 40)
        bench.sendBytes(browser, request, from: browser.address)
        #expect(bench.graph.datagrams.isEmpty)
        bench.apply(.transportFilter(TransportFilter(tag: 7, user: user, peers: [browser.address])), browser.id)
        let stranger = Bench.address("203.0.113.9", 9)
        bench.sendBytes(browser, request, from: stranger)
        bench.sendBytes(browser, stray, from: browser.address)
        bench.sendBytes(browser, hello, from: browser.address)
        bench.sendBytes(browser, hello, from: stranger)
        #expect(
            bench.graph.datagrams.map(\.datagram) == [
                TransportDatagram(.stun, request, from: stranger), TransportDatagram(.dtls, hello, from: browser.address),
            ])
        bench.graph.datagrams = []
    }

    @Test("A flood of checks is handed over in part, and costs the media nothing")
    func flood() throws {
        let (bench, browser, phone) = conversation()
        let far = try FarEnd()
        bench.apply(.protect(try FarEnd.protection()), browser.id)
        bench.apply(.transportFilter(TransportFilter(tag: 7, user: try #require(Self.user))), browser.id)
        let request = Self.request(for: "abcdefgh")
        for _ in 0..<10_000 { bench.sendBytes(browser, request, from: browser.address) }
        bench.tick(50)
        for _ in 0..<10_000 { bench.sendBytes(browser, request, from: browser.address) }
        #expect(bench.graph.datagrams.count == Int(2 * LegTransport.burst))
        bench.graph.datagrams = []
        bench.sendBytes(browser, far.packet(), from: browser.address)
        #expect(bench.heard(phone).count == 1)
    }

    @Test("Datagrams of ours leave from the port of the media")
    func sent() throws {
        let (bench, browser, _) = conversation()
        let target = Bench.address("203.0.113.9", 9)
        bench.apply(.sendDatagram([1, 2, 3], to: target), browser.id)
        #expect(bench.heard(browser).map(\.bytes) == [[1, 2, 3]])
    }

    @Test("Keys are let go of when they are replaced and when the leg ends")
    func released() throws {
        let (bench, browser, _) = conversation()
        weak var first: MediaProtection?
        weak var second: MediaProtection?
        do {
            let one = try FarEnd.protection(), two = try FarEnd.protection()
            (first, second) = (one, two)
            bench.apply(.protect(one), browser.id)
            bench.apply(.protect(two), browser.id)
        }
        #expect(bench.graph.discarded.count == 1)
        for kept in bench.graph.discarded { kept.release() }
        bench.graph.discarded = []
        #expect(first == nil)
        #expect(second != nil)
        _ = bench.graph.close(browser.id)
        for kept in bench.graph.discarded { kept.release() }
        bench.graph.discarded = []
        #expect(second == nil)
    }
}
