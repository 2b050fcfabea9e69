import Testing

@testable import SIP

@Suite("Keyed hash and tokens")
struct SipHashTests {
    // The published vectors for the key 00 01 … 0f and the inputs (empty), 00, 00 01, … of that many bytes.
    @Test(
        "SipHash-2-4 gives the published values",
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5),
        ] as [(UInt8, UInt64)])
    func publishedVectors(count: UInt8, expected: UInt64) {
        var hash = SipHash(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
        hash.combine(0..<count)
        #expect(hash.finalize() == expected)
    }

    @Test("A token source repeats with its seed and differs without it")
    func tokenSource() {
        var first = SIPTokenSource(seed0: 1, seed1: 2)
        var same = SIPTokenSource(seed0: 1, seed1: 2)
        var other = SIPTokenSource(seed0: 1, seed1: 3)
        let tokens = (0..<100).map { _ in first.nextToken() }
        #expect(tokens == (0..<100).map { _ in same.nextToken() })
        #expect(Set(tokens).count == 100 && tokens.allSatisfy { $0.utf8.count == 16 })
        #expect(Set(tokens).isDisjoint(with: (0..<100).map { _ in other.nextToken() }))
    }

    @Test(
        "Hexadecimal tokens are read back, and nothing else",
        arguments: [
            ("00000000000000ff", 255), ("ffffffffffffffff", .max), ("00000000000000FF", nil), ("ff", nil), ("", nil),
            ("00000000000000fg", nil), ("00000000000000ff0", nil),
        ] as [(String, UInt64?)])
    func hexTokens(text: String, value: UInt64?) {
        #expect(HexToken.value(text.utf8) == value)
        if let value { #expect(HexToken.text(value) == text) }
    }
}
