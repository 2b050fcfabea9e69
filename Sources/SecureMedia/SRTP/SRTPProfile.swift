/// How packets are encrypted and authenticated (RFC 3711, RFC 5764 section 4.1.2, RFC 7714).
public enum SRTPProfile: UInt16, Sendable, CaseIterable {
    case aes128CMSHA1With80 = 0x0001
    case aes128CMSHA1With32 = 0x0002
    case aes128GCM = 0x0007
    case aes256GCM = 0x0008

    /// Bytes of the master key.
    public var keyBytes: Int { self == .aes256GCM ? 32 : 16 }

    /// Bytes of the master salt.
    public var saltBytes: Int { isGCM ? 12 : 14 }

    /// Whether encryption and authentication are one (AEAD).
    var isGCM: Bool { self == .aes128GCM || self == .aes256GCM }

    /// Bytes that proof of an RTP packet takes.
    var rtpTagBytes: Int {
        switch self {
        case .aes128CMSHA1With80: 10
        case .aes128CMSHA1With32: 4
        case .aes128GCM, .aes256GCM: 16
        }
    }

    /// Bytes that proof of an RTCP packet takes; never cut to 32 bits (RFC 3711 section 5.2).
    var rtcpTagBytes: Int { isGCM ? 16 : 10 }

    /// The name in DTLS (RFC 5764 section 4.1.2), as OpenSSL spells it.
    var dtlsName: String {
        switch self {
        case .aes128CMSHA1With80: "SRTP_AES128_CM_SHA1_80"
        case .aes128CMSHA1With32: "SRTP_AES128_CM_SHA1_32"
        case .aes128GCM: "SRTP_AEAD_AES_128_GCM"
        case .aes256GCM: "SRTP_AEAD_AES_256_GCM"
        }
    }

    /// The name in session descriptions (RFC 4568 section 6.2, RFC 7714 section 14.2).
    public var sdesName: String {
        switch self {
        case .aes128CMSHA1With80: "AES_CM_128_HMAC_SHA1_80"
        case .aes128CMSHA1With32: "AES_CM_128_HMAC_SHA1_32"
        case .aes128GCM: "AEAD_AES_128_GCM"
        case .aes256GCM: "AEAD_AES_256_GCM"
        }
    }

    /// Bytes by which a packet may grow.
    public static let longestTrailer = 16 + 4
}

/// OpenSSL gives no cipher: it has no memory, or was built or configured without what SRTP needs.
public struct CipherUnavailable: Error, Sendable, CustomStringConvertible {
    public init() {}

    public var description: String { "OpenSSL does not offer the ciphers of SRTP" }
}

/// A master key with its salt, for one direction.
public struct SRTPMasterKey: Sendable, Equatable {
    public let key: [UInt8]
    public let salt: [UInt8]

    /// - Returns: nil when the lengths are not those of the profile.
    public init?(_ profile: SRTPProfile, key: [UInt8], salt: [UInt8]) {
        guard key.count == profile.keyBytes, salt.count == profile.saltBytes else { return nil }
        self.key = key
        self.salt = salt
    }

    /// Takes key and salt that stand behind one another.
    public init?(_ profile: SRTPProfile, keyAndSalt bytes: [UInt8]) {
        self.init(profile, key: Array(bytes.prefix(profile.keyBytes)), salt: Array(bytes.dropFirst(profile.keyBytes)))
    }
}

/// What both directions of a stream are protected with.
public struct SRTPKeys: Sendable, Equatable {
    public var profile: SRTPProfile
    public var sending: SRTPMasterKey
    public var receiving: SRTPMasterKey

    public init(profile: SRTPProfile, sending: SRTPMasterKey, receiving: SRTPMasterKey) {
        self.profile = profile
        self.sending = sending
        self.receiving = receiving
    }
}
