internal import COpenSSL

/// Encrypts and authenticates single packets with the session keys of one direction and one of the two protocols.
///
/// Works in place on the packet's bytes and allocates nothing. Pointers are OpenSSL's way of being called; the caller has checked that
/// all offsets lie inside the packet.
struct PacketCipher: ~Copyable {
    private let profile: SRTPProfile
    private let tagBytes: Int
    /// For both ways in counter mode, else for encryption.
    private let cipher: OpaquePointer
    /// Nil in GCM, which proves by itself.
    private let mac: UnsafeMutablePointer<arioso_hmac_sha1>?
    /// The salt as the words it is combined with a packet's numbers in.
    private let salt: (high: UInt64, low: UInt64)

    /// - Parameter decrypts: GCM needs to know.
    init(_ profile: SRTPProfile, _ keys: SessionKeys, tagBytes: Int, decrypts: Bool) throws(CipherUnavailable) {
        guard let contexts = Self.contexts(profile, keys, decrypts: decrypts) else { throw CipherUnavailable() }
        self.profile = profile
        self.tagBytes = tagBytes
        (cipher, mac) = contexts
        let padded = keys.salt + [UInt8](repeating: 0, count: 16 - keys.salt.count)
        salt = padded.withUnsafeBytes {
            (UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)), UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    private typealias Contexts = (cipher: OpaquePointer, mac: UnsafeMutablePointer<arioso_hmac_sha1>?)

    private static func contexts(_ profile: SRTPProfile, _ keys: SessionKeys, decrypts: Bool) -> Contexts? {
        guard let cipher = EVP_CIPHER_CTX_new() else { return nil }
        let isReady: Bool
        switch profile {
        case .aes128CMSHA1With80, .aes128CMSHA1With32:
            isReady = EVP_EncryptInit_ex2(cipher, EVP_aes_128_ctr(), keys.key, nil, nil) == 1
        case .aes128GCM, .aes256GCM:
            let algorithm = profile == .aes128GCM ? EVP_aes_128_gcm() : EVP_aes_256_gcm()
            isReady = EVP_CipherInit_ex2(cipher, algorithm, keys.key, nil, decrypts ? 0 : 1, nil) == 1
        }
        guard isReady else {
            EVP_CIPHER_CTX_free(cipher)
            return nil
        }
        guard !profile.isGCM else { return (cipher, nil) }
        let mac = UnsafeMutablePointer<arioso_hmac_sha1>.allocate(capacity: 1)
        mac.initialize(to: arioso_hmac_sha1())
        arioso_hmac_sha1_key(mac, keys.authentication, keys.authentication.count)
        return (cipher, mac)
    }

    deinit {
        EVP_CIPHER_CTX_free(cipher)
        guard let mac else { return }
        OPENSSL_cleanse(mac, MemoryLayout<arioso_hmac_sha1>.size)
        mac.deallocate()
    }

    // MARK: Counter mode with HMAC (RFC 3711 section 4)

    /// Encrypts or decrypts with the key stream of a packet.
    private func combineWithKeyStream(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, ssrc: UInt32, index: UInt64) -> Bool {
        // IV = (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16), section 4.1.1
        var counter = ((salt.high ^ UInt64(ssrc)).bigEndian, (salt.low ^ index << 16).bigEndian)
        var written: Int32 = 0
        return withUnsafeBytes(of: &counter) { iv in
            EVP_EncryptInit_ex2(cipher, nil, nil, iv.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
        } && EVP_EncryptUpdate(cipher, bytes, &written, bytes, Int32(truncatingIfNeeded: count)) == 1
    }

    /// Writes the proof of some bytes, and of a word that is not sent with RTP, to `tag`, which has room for 20 bytes.
    private func sign(_ bytes: UnsafePointer<UInt8>, _ count: Int, word: UInt32?, tag: UnsafeMutablePointer<UInt8>) -> Bool {
        guard let mac else { return false }
        guard let word else {
            arioso_hmac_sha1_sign(mac, bytes, count, nil, 0, tag)
            return true
        }
        var bigEndian = word.bigEndian
        withUnsafeBytes(of: &bigEndian) {
            arioso_hmac_sha1_sign(mac, bytes, count, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), 4, tag)
        }
        return true
    }

    /// Whether a packet carries its proof, compared in constant time.
    private func isSigned(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, word: UInt32?, tag: UnsafePointer<UInt8>
    ) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SessionKeys.authenticationBytes) { expected in
            guard let base = expected.baseAddress, sign(bytes, count, word: word, tag: base) else { return false }
            return CRYPTO_memcmp(base, tag, tagBytes) == 0
        }
    }

    // MARK: GCM (RFC 7714)

    /// The IV of an RTP packet (section 8.1) or, with `index`, of an RTCP one (section 9.1): zeros, SSRC, and the packet's number.
    private func initialize(ssrc: UInt32, high: UInt16, low: UInt32) -> Bool {
        // 12 bytes: 00 00, SSRC, then 48 bits of number.
        let number = (UInt64(ssrc) << 16) | UInt64(high)
        var iv = ((salt.high ^ number).bigEndian, (UInt32(truncatingIfNeeded: salt.low >> 32) ^ low).bigEndian)
        return withUnsafeBytes(of: &iv) {
            EVP_CipherInit_ex2(cipher, nil, nil, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), -1, nil) == 1
        }
    }

    private func addAssociated(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
        var written: Int32 = 0
        return EVP_CipherUpdate(cipher, nil, &written, bytes, Int32(truncatingIfNeeded: count)) == 1
    }

    private func addAssociated(_ word: UInt32) -> Bool {
        var bigEndian = word.bigEndian
        return withUnsafeBytes(of: &bigEndian) { addAssociated($0.baseAddress?.assumingMemoryBound(to: UInt8.self), 4) }
    }

    private func seal(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
        var written: Int32 = 0
        return EVP_CipherUpdate(cipher, bytes, &written, bytes, Int32(truncatingIfNeeded: count)) == 1
            && EVP_CipherFinal_ex(cipher, bytes + count, &written) == 1
            && EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), bytes + count) == 1
    }

    private func unseal(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
        var written: Int32 = 0
        return EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), bytes + count) == 1
            && EVP_CipherUpdate(cipher, bytes, &written, bytes, Int32(truncatingIfNeeded: count)) == 1
            && EVP_CipherFinal_ex(cipher, bytes + count, &written) == 1
    }

    // MARK: RTP

    /// Encrypts the payload and puts the proof behind it; there is room for it.
    func protectRTP(_ packet: UnsafeMutablePointer<UInt8>, header: Int, count: Int, ssrc: UInt32, index: UInt64) -> Bool {
        let rollover = UInt32(truncatingIfNeeded: index >> 16)
        if profile.isGCM {
            return initialize(index, ssrc) && addAssociated(packet, header) && seal(packet + header, count - header)
        }
        guard combineWithKeyStream(packet + header, count - header, ssrc: ssrc, index: index) else { return false }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SessionKeys.authenticationBytes) { tag in
            guard let base = tag.baseAddress, sign(packet, count, word: rollover, tag: base) else { return false }
            (packet + count).update(from: base, count: tagBytes)
            return true
        }
    }

    /// Checks and decrypts; `count` is without the proof, which stands behind.
    func unprotectRTP(_ packet: UnsafeMutablePointer<UInt8>, header: Int, count: Int, ssrc: UInt32, index: UInt64) -> Bool {
        if profile.isGCM {
            return initialize(index, ssrc) && addAssociated(packet, header) && unseal(packet + header, count - header)
        }
        return isSigned(packet, count, word: UInt32(truncatingIfNeeded: index >> 16), tag: packet + count)
            && combineWithKeyStream(packet + header, count - header, ssrc: ssrc, index: index)
    }

    private func initialize(_ index: UInt64, _ ssrc: UInt32) -> Bool {
        initialize(ssrc: ssrc, high: UInt16(truncatingIfNeeded: index >> 32), low: UInt32(truncatingIfNeeded: index))
    }

    // MARK: RTCP (RFC 3711 section 3.4, RFC 7714 section 9)

    /// Bytes of an RTCP packet that stay readable.
    static let controlHeader = 8

    /// Encrypts what is behind the first header, and adds the index and the proof.
    /// - Parameter word: the index, with the highest bit set for a packet that is encrypted.
    func protectRTCP(_ packet: UnsafeMutablePointer<UInt8>, count: Int, ssrc: UInt32, word: UInt32) -> Bool {
        let index = word & 0x7fff_ffff
        let body = packet + Self.controlHeader, length = count - Self.controlHeader
        if profile.isGCM {
            guard initialize(ssrc: ssrc, high: 0, low: index), addAssociated(packet, Self.controlHeader), addAssociated(word),
                seal(body, length)
            else { return false }
            store(word, at: packet + count + tagBytes)
            return true
        }
        guard combineWithKeyStream(body, length, ssrc: ssrc, index: UInt64(index)) else { return false }
        store(word, at: packet + count)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SessionKeys.authenticationBytes) { tag in
            guard let base = tag.baseAddress, sign(packet, count + 4, word: nil, tag: base) else { return false }
            (packet + count + 4).update(from: base, count: tagBytes)
            return true
        }
    }

    /// Checks and decrypts; `count` is without index and proof. A packet that is only signed stays as it is.
    func unprotectRTCP(_ packet: UnsafeMutablePointer<UInt8>, count: Int, ssrc: UInt32, word: UInt32) -> Bool {
        let index = word & 0x7fff_ffff
        let isEncrypted = word >> 31 == 1
        let body = packet + Self.controlHeader, length = count - Self.controlHeader
        if profile.isGCM {
            guard initialize(ssrc: ssrc, high: 0, low: index) else { return false }
            guard isEncrypted else { return addAssociated(packet, count) && addAssociated(word) && unseal(packet + count, 0) }
            return addAssociated(packet, Self.controlHeader) && addAssociated(word) && unseal(body, length)
        }
        guard isSigned(packet, count + 4, word: nil, tag: packet + count + 4) else { return false }
        return !isEncrypted || combineWithKeyStream(body, length, ssrc: ssrc, index: UInt64(index))
    }

    private func store(_ word: UInt32, at place: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(place).storeBytes(of: word.bigEndian, as: UInt32.self)
    }
}
