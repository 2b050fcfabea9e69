internal import COpenSSL

/// What a certificate is recognized by in session descriptions (RFC 8122 section 5).
public struct DTLSFingerprint: Sendable, Hashable, CustomStringConvertible {
    /// Such as `sha-256`, in small letters.
    public let algorithm: String
    public let bytes: [UInt8]

    /// Reads `sha-256 4A:AD:…`; nil for an algorithm that is not known or not safe any more.
    public init?(attribute: String) {
        let words = attribute.split(separator: " ")
        guard words.count == 2, let size = Self.sizes[words[0].lowercased()] else { return nil }
        let pairs = words[1].split(separator: ":", maxSplits: size, omittingEmptySubsequences: false)
        let bytes = pairs.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        guard bytes.count == size, pairs.count == size else { return nil }
        (algorithm, self.bytes) = (words[0].lowercased(), bytes)
    }

    private static let sizes = ["sha-256": 32, "sha-384": 48, "sha-512": 64]

    /// The fingerprint of a certificate of the far end.
    init?(_ algorithm: String, of certificate: OpaquePointer) {
        let digest: OpaquePointer? =
            switch algorithm {
            case "sha-256": EVP_sha256()
            case "sha-384": EVP_sha384()
            case "sha-512": EVP_sha512()
            default: nil
            }
        guard let digest else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard X509_digest(certificate, digest, &bytes, &count) == 1 else { return nil }
        (self.algorithm, self.bytes) = (algorithm, Array(bytes[..<Int(count)]))
    }

    /// The value of `a=fingerprint`.
    public var description: String {
        let digits = Array("0123456789ABCDEF")
        return algorithm + " " + bytes.map { String([digits[Int($0 >> 4)], digits[Int($0 & 15)]]) }.joined(separator: ":")
    }
}

/// Who this process is in DTLS: a key on the curve P-256 and a certificate that it signed itself, made at start; and how sessions are made.
///
/// `@unchecked Sendable`: what the pointer leads to is counted by reference with atomic words and not changed once it is made.
public final class DTLSIdentity: @unchecked Sendable {
    public let fingerprint: DTLSFingerprint
    let context: OpaquePointer

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Days for which the certificate is good; nobody but the fingerprint vouches for it.
    private static let days = 3_650

    public init() throws(Failure) {
        guard let key = arioso_make_p256_key() else { throw Failure(description: "OpenSSL makes no key") }
        defer { EVP_PKEY_free(key) }
        guard let certificate = Self.certificate(of: key) else { throw Failure(description: "OpenSSL makes no certificate") }
        defer { X509_free(certificate) }
        guard let fingerprint = DTLSFingerprint("sha-256", of: certificate), let context = Self.context(key, certificate) else {
            throw Failure(description: "OpenSSL does not offer DTLS with SRTP")
        }
        self.fingerprint = fingerprint
        self.context = context
    }

    deinit { SSL_CTX_free(context) }

    private static func certificate(of key: OpaquePointer) -> OpaquePointer? {
        guard let certificate = X509_new() else { return nil }
        var serial: UInt32 = 0
        withUnsafeMutableBytes(of: &serial) { _ = RAND_bytes($0.baseAddress?.assumingMemoryBound(to: UInt8.self), 4) }
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int(serial & 0x7fff_ffff))
        X509_set_version(certificate, 2)
        X509_gmtime_adj(X509_getm_notBefore(certificate), -86_400)
        X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86_400)
        let name = X509_get_subject_name(certificate)
        // MBSTRING_ASC, which is an expression in the header.
        let commonName = Array("Arioso".utf8)
        X509_NAME_add_entry_by_txt(name, "CN", 0x1001, commonName, Int32(commonName.count), -1, 0)
        guard X509_set_issuer_name(certificate, name) == 1, X509_set_pubkey(certificate, key) == 1,
            X509_sign(certificate, key, EVP_sha256()) > 0
        else {
            X509_free(certificate)
            return nil
        }
        return certificate
    }

    private static func context(_ key: OpaquePointer, _ certificate: OpaquePointer) -> OpaquePointer? {
        guard let context = SSL_CTX_new(DTLS_method()) else { return nil }
        SSL_CTX_set_options(context, arioso_ssl_safe_options())
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(DTLS1_2_VERSION), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, 0, nil)
        // The far end's certificate is signed by itself: it counts whether it has the fingerprint that was told.
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT) { _, _ in 1 }
        // Gives 0 for success, unlike everything else.
        let profiles = [SRTPProfile.aes128GCM, .aes256GCM, .aes128CMSHA1With80].map(\.dtlsName).joined(separator: ":")
        guard SSL_CTX_use_certificate(context, certificate) == 1, SSL_CTX_use_PrivateKey(context, key) == 1,
            SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES+SHA") == 1,
            SSL_CTX_set_tlsext_use_srtp(context, profiles) == 0
        else {
            SSL_CTX_free(context)
            return nil
        }
        return context
    }
}
