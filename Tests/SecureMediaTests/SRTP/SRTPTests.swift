import Testing

@testable import SecureMedia

@Suite("Encrypted packets")
struct SRTPTests {
    private func ends(_ profile: SRTPProfile, seed: UInt64 = 1) throws -> (SRTPMasterKey, PacketMaker) {
        var maker = PacketMaker(seed: seed)
        return (try #require(SRTPMasterKey(profile, keyAndSalt: maker.master(profile))), maker)
    }

    @Test(
        "What is sent is opened again, across wraps of the numbers, with losses, and in any order within the window",
        arguments: SRTPProfile.allCases)
    func roundTrip(profile: SRTPProfile) throws {
        var (key, maker) = try ends(profile)
        let sender = try Sealer(profile, key)
        let receiver = try Opener(profile, key)
        var sent: [(plain: [UInt8], sealed: [UInt8])] = []
        for step in 0..<200_000 where step % 29 < 3 {
            let plain = maker.packet(sequence: UInt16(truncatingIfNeeded: 60_000 + step), ssrc: 7)
            sent.append((plain, try #require(sender.protected(plain))))
        }
        for start in stride(from: 0, to: sent.count, by: 5) {
            for packet in sent[start..<min(start + 5, sent.count)].shuffled(using: &maker.random) {
                #expect(receiver.opened(packet.sealed) == .opened(packet.plain))
            }
        }
    }

    @Test("A packet is opened once", arguments: SRTPProfile.allCases)
    func replay(profile: SRTPProfile) throws {
        var (key, maker) = try ends(profile)
        let sender = try Sealer(profile, key)
        let receiver = try Opener(profile, key)
        let sealed = try (0..<300).map { number in
            let plain = maker.packet(sequence: UInt16(number), ssrc: 1)
            return try #require(sender.protected(plain))
        }
        for packet in sealed where receiver.opened(packet) == .refused(.replayed) { Issue.record("one was taken for a copy") }
        for packet in sealed { #expect(receiver.opened(packet) == .refused(.replayed)) }
        let report = try #require(sender.protected(maker.report(ssrc: 1), isControl: true))
        guard case .opened = receiver.opened(report, isControl: true) else {
            Issue.record("the report was refused")
            return
        }
        #expect(receiver.opened(report, isControl: true) == .refused(.replayed))
    }

    @Test("A packet with any bit changed is refused, and leaves no trace", arguments: SRTPProfile.allCases)
    func forgery(profile: SRTPProfile) throws {
        var (key, maker) = try ends(profile)
        let sender = try Sealer(profile, key)
        let receiver = try Opener(profile, key)
        let first = maker.packet(sequence: 9, ssrc: 3)
        let sealedFirst = try #require(sender.protected(first))
        #expect(receiver.opened(sealedFirst) == .opened(first))
        let plain = maker.packet(sequence: 10, ssrc: 3)
        let sealed = try #require(sender.protected(plain))
        for bit in 0..<sealed.count * 8 {
            var changed = sealed
            changed[bit / 8] ^= 1 << (bit % 8)
            if case .opened = receiver.opened(changed) { Issue.record("with bit \(bit) changed it was opened") }
        }
        #expect(receiver.opened(sealed) == .opened(plain))
        for length in 0..<sealed.count {
            if case .opened = receiver.opened(Array(sealed[..<length])) { Issue.record("\(length) bytes of it were opened") }
        }
    }

    @Test("Who listens in late finds out how often the numbers have wrapped", arguments: SRTPProfile.allCases)
    func lateJoiner(profile: SRTPProfile) throws {
        var (key, maker) = try ends(profile)
        let sender = try Sealer(profile, key)
        let receiver = try Opener(profile, key)
        for number in stride(from: 0, to: 150_000, by: 100) {
            _ = sender.protected(maker.packet(sequence: UInt16(truncatingIfNeeded: number), ssrc: 5))
        }
        for number in 150_001..<150_010 {
            let plain = maker.packet(sequence: UInt16(truncatingIfNeeded: number), ssrc: 5)
            let sealed = try #require(sender.protected(plain))
            #expect(receiver.opened(sealed) == .opened(plain))
        }
    }

    @Test("Sources beyond those that are followed take the place of the most silent one, and none is mixed up")
    func sources() throws {
        let profile = SRTPProfile.aes128CMSHA1With80
        var (key, maker) = try ends(profile)
        let receiver = try Opener(profile, key)
        for ssrc in UInt32(1)...20 {
            let sender = try Sealer(profile, key)
            for number in 0..<10 {
                let plain = maker.packet(sequence: UInt16(truncatingIfNeeded: 65_530 + number), ssrc: ssrc)
                let sealed = try #require(sender.protected(plain))
                #expect(receiver.opened(sealed) == .opened(plain))
            }
        }
    }

    @Test("Reports are opened again", arguments: SRTPProfile.allCases)
    func reports(profile: SRTPProfile) throws {
        var (key, maker) = try ends(profile)
        let sender = try Sealer(profile, key)
        let receiver = try Opener(profile, key)
        for _ in 0..<200 {
            let plain = maker.report(ssrc: 77)
            let sealed = try #require(sender.protected(plain, isControl: true))
            #expect(sealed.count == plain.count + 4 + profile.rtcpTagBytes)
            #expect(receiver.opened(sealed, isControl: true) == .opened(plain))
        }
    }
}
