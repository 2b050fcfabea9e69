internal import COpenSSL
internal import Glibc

/// What a DTLS session wants done, or tells.
public enum DTLSAction: Sendable, Equatable {
    case send([UInt8])
    /// Both sides have the keys, and the far end is who it said to be.
    case secured(SRTPKeys)
    /// It will never be secure; the reason is for the log.
    case failed(DTLSFailure)
    /// The far end has ended the session.
    case closed
}

public enum DTLSFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The far end is not the one whose fingerprint signalling told.
    case fingerprintMismatch
    /// The far end knows none of the ways to protect media.
    case noProfile
    /// The handshake went wrong.
    case handshake(String)
    /// The far end did not answer.
    case timedOut

    public var description: String {
        switch self {
        case .fingerprintMismatch: "the far end's certificate is not the one that signalling told"
        case .noProfile: "the far end protects media in no way that is known here"
        case .handshake(let reason): "the DTLS handshake failed: \(reason)"
        case .timedOut: "the far end does not answer in DTLS"
        }
    }
}

/// Which side speaks first (RFC 8842 section 5.2): `active` sends the ClientHello.
public enum DTLSRole: Sendable, Equatable {
    case active
    case passive
}

/// Agrees with the far end on keys for SRTP: DTLS 1.2 over datagrams that others carry (RFC 5764).
///
/// Sans-IO but for OpenSSL's own clock, which tells when to repeat. One thread at a time: a handshake costs a millisecond, and belongs on
/// no thread that others wait for.
public final class DTLSSession {
    /// Bytes of one datagram that is sent.
    static let mtu = 1_200
    /// Bytes of datagrams that are taken; longer ones are no handshake.
    public static let maximumBytes = 4_096
    /// Repetitions until the far end is given up, with OpenSSL's doubling about 30 s.
    static let maxTimeouts = 6

    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private let role: DTLSRole
    private let expected: DTLSFingerprint
    private var timeouts = 0
    private var isSecured = false
    public private(set) var isOver = false

    /// - Parameter fingerprint: that of the far end's certificate, as signalling told it.
    public init(_ identity: DTLSIdentity, role: DTLSRole, fingerprint: DTLSFingerprint) throws(DTLSFailure) {
        guard let ssl = SSL_new(identity.context), let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            throw .handshake("no memory")
        }
        (self.ssl, self.incoming, self.outgoing, self.role, expected) = (ssl, incoming, outgoing, role, fingerprint)
        _ = arioso_bio_set_empty_is_retry(incoming)
        _ = arioso_bio_set_empty_is_retry(outgoing)
        // The session owns both from now on.
        SSL_set_bio(ssl, incoming, outgoing)
        SSL_ctrl(ssl, SSL_CTRL_SET_MTU, Self.mtu, nil)
        if role == .active { SSL_set_connect_state(ssl) } else { SSL_set_accept_state(ssl) }
    }

    deinit { SSL_free(ssl) }

    /// Begins; the passive side says nothing yet.
    public func start() -> [DTLSAction] { isOver ? [] : handshake() }

    /// Takes a datagram from the far end.
    public func receive(_ datagram: [UInt8]) -> [DTLSAction] {
        guard !isOver, !datagram.isEmpty, datagram.count <= Self.maximumBytes else { return [] }
        guard BIO_write(incoming, datagram, Int32(datagram.count)) > 0 else { return [] }
        return isSecured ? read() : handshake()
    }

    /// Milliseconds until ``advance()`` is to be called; nil while nothing is to be repeated.
    public var msToDeadline: Int64? {
        guard !isOver else { return nil }
        var left = timeval()
        guard arioso_dtls_timeout(ssl, &left) == 1 else { return nil }
        return Int64(left.tv_sec) * 1_000 + Int64(left.tv_usec) / 1_000 + 1
    }

    /// Repeats what got no answer.
    public func advance() -> [DTLSAction] {
        guard !isOver else { return [] }
        let result = arioso_dtls_handle_timeout(ssl)
        if result > 0 { timeouts += 1 }
        guard result >= 0, timeouts <= Self.maxTimeouts else { return fail(.timedOut) }
        return drain()
    }

    /// Tells the far end that this is the end.
    public func close() -> [DTLSAction] {
        guard !isOver, isSecured else {
            isOver = true
            return []
        }
        isOver = true
        ERR_clear_error()
        SSL_shutdown(ssl)
        return drain()
    }

    // MARK: - The handshake

    private func handshake() -> [DTLSAction] {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        var actions = drain()
        if result == 1 { return actions + finished() }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: break
        default: actions += fail(.handshake(Self.reason()))
        }
        return actions
    }

    private func finished() -> [DTLSAction] {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return fail(.handshake("the far end has no certificate")) }
        defer { X509_free(certificate) }
        guard DTLSFingerprint(expected.algorithm, of: certificate) == expected else { return fail(.fingerprintMismatch) }
        guard let keys = keys() else { return fail(.noProfile) }
        isSecured = true
        return [.secured(keys)] + read()
    }

    /// RFC 5764 section 4.2: the client's key, the server's, and the salts in the same order.
    private func keys() -> SRTPKeys? {
        guard let chosen = SSL_get_selected_srtp_profile(ssl), let number = UInt16(exactly: chosen.pointee.id),
            let profile = SRTPProfile(rawValue: number)
        else { return nil }
        let label = "EXTRACTOR-dtls_srtp"
        var material = [UInt8](repeating: 0, count: 2 * (profile.keyBytes + profile.saltBytes))
        guard SSL_export_keying_material(ssl, &material, material.count, label, label.utf8.count, nil, 0, 0) == 1 else { return nil }
        let salts = material[(2 * profile.keyBytes)...]
        let client = SRTPMasterKey(profile, key: Array(material[..<profile.keyBytes]), salt: Array(salts.prefix(profile.saltBytes)))
        let server = SRTPMasterKey(
            profile, key: Array(material[profile.keyBytes..<(2 * profile.keyBytes)]), salt: Array(salts.suffix(profile.saltBytes)))
        guard let client, let server else { return nil }
        return role == .active
            ? SRTPKeys(profile: profile, sending: client, receiving: server)
            : SRTPKeys(profile: profile, sending: server, receiving: client)
    }

    /// Looks through what came after the handshake: repetitions are answered, the end is told, data is nobody's.
    private func read() -> [DTLSAction] {
        var buffer = [UInt8](repeating: 0, count: Self.maximumBytes)
        for _ in 0..<16 {
            ERR_clear_error()
            let count = SSL_read(ssl, &buffer, Int32(buffer.count))
            guard count <= 0 else { continue }
            let error = SSL_get_error(ssl, count)
            guard error == SSL_ERROR_ZERO_RETURN else { return drain() }
            isOver = true
            return drain() + [.closed]
        }
        return drain()
    }

    private func fail(_ failure: DTLSFailure) -> [DTLSAction] {
        isOver = true
        return drain() + [.failed(failure)]
    }

    private static func reason() -> String {
        let code = ERR_get_error()
        guard code != 0 else { return "the far end broke it off" }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: - Datagrams

    /// Takes out what is to be sent: whole records, as many as fit into a datagram (RFC 6347 section 4.1.1). OpenSSL's memory does not keep
    /// the bounds of what was written.
    private func drain() -> [DTLSAction] {
        let count = arioso_bio_pending(outgoing)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        guard BIO_read(outgoing, &bytes, Int32(count)) == Int32(count) else { return [] }
        var datagrams: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= 13 {
            let start = rest.startIndex
            let length = 13 + Int(rest[start + 11]) << 8 + Int(rest[start + 12])
            let record = rest.prefix(length)
            if let last = datagrams.last, last.count + record.count <= Self.mtu {
                datagrams[datagrams.count - 1] += record
            } else {
                datagrams.append(Array(record))
            }
            rest = rest.dropFirst(length)
        }
        return datagrams.map { .send($0) }
    }
}
