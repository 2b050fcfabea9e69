internal import COpenSSL

/// Encrypts and authenticates single packets with the session keys of one direction and one of the two protocols.
///
/// Works in place on the packet's bytes and allocates nothing. Pointers are OpenSSL's way of being called; the caller has checked that
/// all offsets lie inside the packet.
struct PacketCipher: ~Copyable {
    private let profile: SRTPProfile
    private let tagBytes: Int
    /// Whether packets are opened rather than made.
    private let decrypts: Bool
    /// All that is kept of the keys: OpenSSL's contexts are the thread's.
    private var keys = arioso_srtp_keys()
    /// The salt as the words it is combined with a packet's numbers in.
    private let salt: (high: UInt64, low: UInt64)

    /// - Parameter decrypts: GCM needs to know.
    init(_ profile: SRTPProfile, _ keys: SessionKeys, tagBytes: Int, decrypts: Bool) throws(CipherUnavailable) {
        self.profile = profile
        self.tagBytes = tagBytes
        self.decrypts = decrypts
        let padded = keys.salt + [UInt8](repeating: 0, count: 16 - keys.salt.count)
        salt = padded.withUnsafeBytes {
            (UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)), UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
        if profile.isGCM {
            withUnsafeMutableBytes(of: &self.keys.key) { $0.copyBytes(from: keys.key.prefix($0.count)) }
        } else {
            arioso_srtp_ctr_keys(&self.keys, keys.key, keys.authentication, keys.authentication.count)
        }
        guard isUsable else { throw CipherUnavailable() }
    }

    /// Tells whether OpenSSL has what it takes.
    private var isUsable: Bool {
        guard !profile.isGCM else { return context(ssrc: 0, high: 0, low: 0) != nil }
        var nothing: UInt8 = 0
        return combineWithKeyStream(&nothing, 0, ssrc: 0, index: 0)
    }

    // MARK: Counter mode with HMAC (RFC 3711 section 4)

    /// Encrypts or decrypts with the key stream of a packet.
    private func combineWithKeyStream(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, ssrc: UInt32, index: UInt64) -> Bool {
        // IV = (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16), section 4.1.1
        var counter = ((salt.high ^ UInt64(ssrc)).bigEndian, (salt.low ^ index << 16).bigEndian)
        return withUnsafeBytes(of: &counter) { iv in
            withUnsafePointer(to: keys) {
                arioso_aes_ctr($0, iv.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes, Int32(truncatingIfNeeded: count)) == 1
            }
        }
    }

    /// Writes the proof of some bytes, and of a word that is not sent with RTP, to `tag`, which has room for 20 bytes.
    private func sign(_ bytes: UnsafePointer<UInt8>, _ count: Int, word: UInt32?, tag: UnsafeMutablePointer<UInt8>) {
        var bigEndian = (word ?? 0).bigEndian
        withUnsafeBytes(of: &bigEndian) { more in
            withUnsafePointer(to: keys) {
                arioso_hmac_sha1_sign($0, bytes, count, more.baseAddress?.assumingMemoryBound(to: UInt8.self), word == nil ? 0 : 4, tag)
            }
        }
    }

    /// Whether a packet carries its proof, compared in constant time.
    private func isSigned(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, word: UInt32?, tag: UnsafePointer<UInt8>
    ) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SessionKeys.authenticationBytes) { expected in
            guard let base = expected.baseAddress else { return false }
            sign(bytes, count, word: word, tag: base)
            return CRYPTO_memcmp(base, tag, tagBytes) == 0
        }
    }

    // MARK: GCM (RFC 7714)

    /// The thread's context with the IV of an RTP packet (section 8.1) or an RTCP one (section 9.1): zeros, SSRC, and the packet's number.
    private func context(ssrc: UInt32, high: UInt16, low: UInt32) -> OpaquePointer? {
        // 12 bytes: 00 00, SSRC, then 48 bits of number.
        let number = (UInt64(ssrc) << 16) | UInt64(high)
        var iv = ((salt.high ^ number).bigEndian, (UInt32(truncatingIfNeeded: salt.low >> 32) ^ low).bigEndian)
        return withUnsafeBytes(of: &iv) { iv in
            withUnsafeBytes(of: keys.key) { key in
                arioso_aes_gcm(
                    key.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(profile.keyBytes),
                    iv.baseAddress?.assumingMemoryBound(to: UInt8.self), decrypts ? 0 : 1)
            }
        }
    }

    private static func addAssociated(_ cipher: OpaquePointer, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
        var written: Int32 = 0
        return EVP_CipherUpdate(cipher, nil, &written, bytes, Int32(truncatingIfNeeded: count)) == 1
    }

    private static func addAssociated(_ cipher: OpaquePointer, _ word: UInt32) -> Bool {
        var bigEndian = word.bigEndian
        return withUnsafeBytes(of: &bigEndian) { addAssociated(cipher, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), 4) }
    }

    private func seal(_ cipher: OpaquePointer, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
        var written: Int32 = 0
        return EVP_CipherUpdate(cipher, bytes, &written, bytes, Int32(truncatingIfNeeded: count)) == 1
            && EVP_CipherFinal_ex(cipher, bytes + count, &written) == 1
            && EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), bytes + count) == 1
    }

    private func unseal(_ cipher: OpaquePointer, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
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
            guard let cipher = context(index, ssrc) else { return false }
            return Self.addAssociated(cipher, packet, header) && seal(cipher, packet + header, count - header)
        }
        guard combineWithKeyStream(packet + header, count - header, ssrc: ssrc, index: index) else { return false }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SessionKeys.authenticationBytes) { tag in
            guard let base = tag.baseAddress else { return false }
            sign(packet, count, word: rollover, tag: base)
            (packet + count).update(from: base, count: tagBytes)
            return true
        }
    }

    /// Checks and decrypts; `count` is without the proof, which stands behind.
    func unprotectRTP(_ packet: UnsafeMutablePointer<UInt8>, header: Int, count: Int, ssrc: UInt32, index: UInt64) -> Bool {
        if profile.isGCM {
            guard let cipher = context(index, ssrc) else { return false }
            return Self.addAssociated(cipher, packet, header) && unseal(cipher, packet + header, count - header)
        }
        return isSigned(packet, count, word: UInt32(truncatingIfNeeded: index >> 16), tag: packet + count)
            && combineWithKeyStream(packet + header, count - header, ssrc: ssrc, index: index)
    }

    private func context(_ index: UInt64, _ ssrc: UInt32) -> OpaquePointer? {
        context(ssrc: ssrc, high: UInt16(truncatingIfNeeded: index >> 32), low: UInt32(truncatingIfNeeded: index))
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
            guard let cipher = context(ssrc: ssrc, high: 0, low: index), Self.addAssociated(cipher, packet, Self.controlHeader),
                Self.addAssociated(cipher, word), seal(cipher, body, length)
            else { return false }
            store(word, at: packet + count + tagBytes)
            return true
        }
        guard combineWithKeyStream(body, length, ssrc: ssrc, index: UInt64(index)) else { return false }
        store(word, at: packet + count)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SessionKeys.authenticationBytes) { tag in
            guard let base = tag.baseAddress else { return false }
            sign(packet, count + 4, word: nil, tag: base)
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
            guard let cipher = context(ssrc: ssrc, high: 0, low: index) else { return false }
            guard isEncrypted else {
                return Self.addAssociated(cipher, packet, count) && Self.addAssociated(cipher, word) && unseal(cipher, packet + count, 0)
            }
            return Self.addAssociated(cipher, packet, Self.controlHeader) && Self.addAssociated(cipher, word)
                && unseal(cipher, body, length)
        }
        guard isSigned(packet, count + 4, word: nil, tag: packet + count + 4) else { return false }
        return !isEncrypted || combineWithKeyStream(body, length, ssrc: ssrc, index: UInt64(index))
    }

    private func store(_ word: UInt32, at place: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(place).storeBytes(of: word.bigEndian, as: UInt32.self)
    }
}
