internal import COpenSSL

/// One `a=crypto` line: a way to protect media, and the key of the side that wrote it (RFC 4568 section 4).
public struct SDESCrypto: Sendable, Equatable {
    /// Names the line in the answer.
    public var tag: String
    public let profile: SRTPProfile
    public let key: SRTPMasterKey

    /// Those that are offered, the preferred one first.
    public static let offered: [SRTPProfile] = [.aes128CMSHA1With80, .aes256GCM, .aes128GCM, .aes128CMSHA1With32]
    /// Bytes of a key in base64, with room to spare.
    private static let longestKey = 64

    /// Makes a line with a new key; nil when the system gives no random numbers.
    public init?(tag: String, _ profile: SRTPProfile) {
        var bytes = [UInt8](repeating: 0, count: profile.keyBytes + profile.saltBytes)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1, let key = SRTPMasterKey(profile, keyAndSalt: bytes) else { return nil }
        (self.tag, self.profile, self.key) = (tag, profile, key)
    }

    /// Reads a line; nil for what is not known here, has several keys or a key that ends before the call does.
    public init?(attribute: String) {
        let words = attribute.split(separator: " ", maxSplits: 8).map(String.init)
        guard words.count >= 3, !words[0].isEmpty, words[0].utf8.count <= 9, words[0].allSatisfy({ $0.isASCII && $0.isNumber }),
            let profile = SRTPProfile.allCases.first(where: { $0.sdesName == words[1].uppercased() }),
            words[2].lowercased().hasPrefix("inline:"), !words[2].contains(";")
        else { return nil }
        // Session parameters would change how packets look.
        guard words.dropFirst(3).allSatisfy({ $0.uppercased().hasPrefix("WSH=") }) else { return nil }
        // Behind the key may stand a lifetime, which no call reaches, and a key identifier, which would be in every packet.
        let parts = words[2].dropFirst("inline:".count).split(separator: "|", omittingEmptySubsequences: false)
        guard !parts.dropFirst().contains(where: { $0.contains(":") }), let text = parts.first,
            let bytes = Self.decoded(text.utf8.filter { $0 != UInt8(ascii: "=") }), let key = SRTPMasterKey(profile, keyAndSalt: bytes)
        else { return nil }
        (tag, self.profile, self.key) = (words[0], profile, key)
    }

    private static func decoded(_ text: [UInt8]) -> [UInt8]? {
        guard !text.isEmpty, text.count <= longestKey, text.count % 4 != 1 else { return nil }
        let missing = (4 - text.count % 4) % 4
        let padded = text + [UInt8](repeating: UInt8(ascii: "="), count: missing)
        var bytes = [UInt8](repeating: 0, count: padded.count / 4 * 3)
        // What stands for the padding is counted as zeros.
        guard EVP_DecodeBlock(&bytes, padded, Int32(padded.count)) == Int32(bytes.count) else { return nil }
        return Array(bytes.dropLast(missing))
    }

    /// The value of `a=crypto`.
    public var attribute: String {
        let bytes = key.key + key.salt
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return "\(tag) \(profile.sdesName) inline:\(String(decoding: text.prefix(Int(count)), as: UTF8.self))"
    }
}
