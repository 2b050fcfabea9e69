import Testing

@testable import SecureMedia

@Suite("The vectors of the RFCs")
struct VectorTests {
    @Test("Session keys are derived as RFC 3711 section B.3 says")
    func derivation() throws {
        let master = try #require(
            SRTPMasterKey(
                .aes128CMSHA1With80, key: hex("E1F97A0D3E018BE0D64FA32C06DE4139"), salt: hex("0EC675AD498AFEEBB6960B3AABE6")))
        let keys = try SessionKeys(master, .aes128CMSHA1With80, for: .rtp)
        #expect(keys.key == hex("C61E7A93744F39EE10734AFE3FF7A087"))
        #expect(keys.salt == hex("30CBBC08863D8C85D49DB34A9AE1"))
        #expect(keys.authentication == hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"))
    }

    @Test("A packet is sealed with AES-128 in GCM as RFC 7714 section 16.1.1 says, and opened again")
    func gcm() throws {
        let keys = SessionKeys(key: hex("000102030405060708090a0b0c0d0e0f"), salt: hex("517569642070726f2071756f"))
        let plain = hex(
            """
            8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573
            """)
        let sealed = hex(
            """
            8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d
            7f27beb1 6a9152cf 765ee439 0cce
            """)
        let sender = try Sealer(.aes128GCM, keys)
        #expect(sender.protected(plain) == sealed)
        let receiver = try Opener(.aes128GCM, keys)
        #expect(receiver.opened(sealed) == .opened(plain))
    }
}
