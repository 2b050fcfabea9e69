import Testing

@testable import SIP

@Suite("Instants")
struct SIPInstantTests {
    @Test(
        "Adding milliseconds saturates and never goes back",
        arguments: [
            (5, 10, 15), (5, 0, 5), (5, -10, 5), (5, .max, UInt64.max / 1_000_000),
        ] as [(UInt64, Int, UInt64)])
    func advanced(startMs: UInt64, byMs: Int, expectedMs: UInt64) {
        #expect(SIPInstant(milliseconds: startMs).advanced(byMs: byMs).nanoseconds / 1_000_000 == expectedMs)
    }

    @Test(
        "Differences are whole milliseconds, never negative",
        arguments: [
            (0, 0, 0), (1_999_999, 0, 1), (0, 5_000_000, 0), (UInt64.max, 0, 18_446_744_073_709),
        ] as [(UInt64, UInt64, Int)])
    func difference(laterNs: UInt64, earlierNs: UInt64, expectedMs: Int) {
        let later = SIPInstant(nanoseconds: laterNs)
        #expect(later.milliseconds(since: SIPInstant(nanoseconds: earlierNs)) == expectedMs)
    }
}
