import RTP
import Testing

@testable import Media

@Suite("Source latch")
struct SourceLatchTests {
    static let signalled = Bench.address("192.0.2.1", 4_000)
    static let samePeer = Bench.address("192.0.2.1", 9_999)
    static let nat = Bench.address("203.0.113.7", 31_000)
    static let stranger = Bench.address("198.51.100.66", 4_000)
    static let windowEndsNs: UInt64 = 1_000

    static func latch(strict: Bool, signalling: NetworkAddress? = nil) -> SourceLatch {
        var latch = SourceLatch(signalling: signalling)
        latch.configure(signalled: signalled, strict: strict, windowEndsNs: windowEndsNs)
        return latch
    }

    struct Case: Sendable {
        var what: String
        var strict: Bool
        var signalling: NetworkAddress?
        var packets: [(NetworkAddress, UInt64, SourceLatch.Verdict)]
    }

    static let cases: [Case] = [
        Case(
            what: "strict: signalled address, then held", strict: true,
            packets: [
                (signalled, 0, .latched), (signalled, 1, .accepted), (stranger, 2, .rejected), (samePeer, 3, .rejected),
            ]),
        Case(
            what: "strict: strangers first", strict: true,
            packets: [
                (stranger, 0, .rejected), (nat, 0, .rejected), (signalled, 1, .latched), (stranger, 2, .rejected),
            ]),
        Case(
            what: "strict: another port of the same host is learnt, the signalled one takes over", strict: true,
            packets: [
                (samePeer, 0, .latched), (samePeer, 1, .accepted), (signalled, 2, .latched), (samePeer, 3, .rejected),
            ]),
        Case(
            what: "NAT: the first packet decides", strict: false,
            packets: [
                (nat, 0, .latched), (stranger, 1, .rejected), (nat, 2, .accepted), (nat, 5_000, .accepted),
            ]),
        Case(
            what: "NAT: nothing is learnt after the window", strict: false,
            packets: [
                (nat, windowEndsNs + 1, .rejected), (samePeer, windowEndsNs + 2, .latched),
            ]),
        Case(what: "NAT: learnt at the last moment", strict: false, packets: [(nat, windowEndsNs, .latched)]),
        Case(
            what: "NAT with known signalling: only that host, whenever it comes", strict: false,
            signalling: Bench.address("203.0.113.7", 5_060),
            packets: [
                (stranger, 0, .rejected), (nat, windowEndsNs + 1, .latched), (stranger, windowEndsNs + 2, .rejected),
            ]),
    ]

    @Test("Packets are admitted by source", arguments: cases)
    func admission(_ test: Case) {
        var latch = Self.latch(strict: test.strict, signalling: test.signalling)
        for (source, atNs, verdict) in test.packets { #expect(latch.admit(source, nowNs: atNs) == verdict, "\(test.what)") }
    }

    @Test("Without a signalled address nothing is admitted")
    func unconfigured() {
        var latch = SourceLatch(signalling: nil)
        #expect(latch.admit(Self.stranger, nowNs: 0) == .rejected)
        #expect(latch.destination == nil)
    }

    @Test("Only another remote makes the latch forget its source")
    func reconfiguration() {
        var latch = Self.latch(strict: false)
        #expect(latch.admit(Self.nat, nowNs: 0) == .latched)
        latch.configure(signalled: Self.signalled, strict: false, windowEndsNs: 99_000)
        #expect(latch.admit(Self.stranger, nowNs: 50_000) == .rejected)
        #expect(latch.destination == Self.nat)
        latch.configure(signalled: Self.samePeer, strict: false, windowEndsNs: 99_000)
        #expect(latch.destination == Self.samePeer)
        #expect(latch.admit(Self.stranger, nowNs: 50_000) == .latched)
    }

    @Test("A strict leg sends where signalling said, a leg behind NAT where packets come from")
    func destinations() {
        var strict = Self.latch(strict: true), behindNAT = Self.latch(strict: false)
        _ = strict.admit(Self.samePeer, nowNs: 0)
        _ = behindNAT.admit(Self.nat, nowNs: 0)
        #expect(strict.destination == Self.signalled)
        #expect(behindNAT.destination == Self.nat)
    }

    @Test("RTCP is taken from the source's host only")
    func control() {
        var latch = Self.latch(strict: false)
        #expect(latch.admitsControl(from: Self.samePeer))
        _ = latch.admit(Self.nat, nowNs: 0)
        #expect(latch.admitsControl(from: Bench.address("203.0.113.7", 1)))
        #expect(!latch.admitsControl(from: Self.signalled))
    }
}
