internal import COpenSSL

/// The keys that packets are really protected with, made of a master key (RFC 3711 section 4.3).
struct SessionKeys: Equatable {
    var key: [UInt8]
    var salt: [UInt8]
    /// Empty for profiles that authenticate as they encrypt.
    var authentication: [UInt8]

    /// Which of the two protocols keys are for.
    enum Purpose {
        case rtp
        case rtcp

        var firstLabel: UInt8 { self == .rtp ? 0 : 3 }
    }

    static let authenticationBytes = 20

    init(key: [UInt8], salt: [UInt8], authentication: [UInt8] = []) {
        (self.key, self.salt, self.authentication) = (key, salt, authentication)
    }

    /// Derives them; the key derivation rate is 0, so once is enough.
    init(_ master: SRTPMasterKey, _ profile: SRTPProfile, for purpose: Purpose) throws(CipherUnavailable) {
        let label = purpose.firstLabel
        key = try Self.derive(master, label: label, bytes: profile.keyBytes)
        authentication = profile.isGCM ? [] : try Self.derive(master, label: label + 1, bytes: Self.authenticationBytes)
        salt = try Self.derive(master, label: label + 2, bytes: profile.saltBytes)
    }

    /// The pseudo-random function: the key stream of AES in counter mode, from a counter that holds salt and label.
    ///
    /// A salt of 96 bits is as if it had zeros behind it (RFC 7714 section 11).
    static func derive(_ master: SRTPMasterKey, label: UInt8, bytes: Int) throws(CipherUnavailable) -> [UInt8] {
        var counter = master.salt + [UInt8](repeating: 0, count: 16 - master.salt.count)
        counter[7] ^= label
        guard let context = EVP_CIPHER_CTX_new() else { throw CipherUnavailable() }
        defer { EVP_CIPHER_CTX_free(context) }
        let cipher = master.key.count == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr()
        guard EVP_EncryptInit_ex2(context, cipher, master.key, counter, nil) == 1 else { throw CipherUnavailable() }
        var output = [UInt8](repeating: 0, count: bytes)
        var written: Int32 = 0
        guard EVP_EncryptUpdate(context, &output, &written, [UInt8](repeating: 0, count: bytes), Int32(bytes)) == 1 else {
            throw CipherUnavailable()
        }
        return output
    }
}
