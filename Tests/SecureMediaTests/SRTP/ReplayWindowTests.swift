import Testing

@testable import SecureMedia

@Suite("The replay window")
struct ReplayWindowTests {
    @Test("It agrees with a list of all numbers that were seen")
    func agrees() {
        var random = SplitMix64(state: 3)
        var window = ReplayWindow()
        var seen: Set<UInt64> = []
        var highest: UInt64 = 0
        for _ in 0..<20_000 {
            let number = UInt64.random(
                in: (highest > 200 ? highest - 200 : 0)...(highest + (Int.random(in: 0...50, using: &random) == 0 ? 300 : 3)),
                using: &random)
            let isNew = !seen.contains(number) && (seen.isEmpty || number + ReplayWindow.width > highest)
            #expect(window.admits(number) == isNew)
            guard isNew else { continue }
            window.note(number)
            seen.insert(number)
            highest = max(highest, number)
        }
    }

    @Test(
        "A number of 16 bits is taken for the nearest one",
        arguments: [
            (0x0001, 0x0_ffff, 0x1_0001), (0xffff, 0x1_0000, 0x0_ffff), (0xffff, 0x0_0000, 0x0_ffff), (0x8000, 0x0_7fff, 0x0_8000),
            (0x0000, 0x0_8000, 0x0_0000), (0x0000, 0x0_8001, 0x1_0000), (0x7fff, 0x2_7fff, 0x2_7fff),
        ] as [(UInt16, UInt64, UInt64)])
    func guess(sequence: UInt16, highest: UInt64, expected: UInt64) {
        #expect(PacketIndex.guess(sequence, highest: highest) == expected)
    }
}
