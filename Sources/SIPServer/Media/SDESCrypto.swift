import Foundation
import SecureMedia

/// One `a=crypto` line: a way to protect media, and the key of the side that wrote it (RFC 4568 section 4).
struct SDESCrypto: Equatable {
    /// Names the line in the answer.
    var tag: String
    var profile: SRTPProfile
    var key: SRTPMasterKey

    /// Those that are offered, the preferred one first.
    static let offered: [SRTPProfile] = [.aes128CMSHA1With80, .aes256GCM, .aes128GCM, .aes128CMSHA1With32]

    /// Makes a line with a new key.
    init?(tag: String, _ profile: SRTPProfile) {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<profile.keyBytes + profile.saltBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
        guard let key = SRTPMasterKey(profile, keyAndSalt: bytes) else { return nil }
        (self.tag, self.profile, self.key) = (tag, profile, key)
    }

    /// Reads a line; nil for what is not known here, has several keys or a key that ends before the call does.
    init?(attribute: String) {
        let words = attribute.split(separator: " ", maxSplits: 8).map(String.init)
        guard words.count >= 3, !words[0].isEmpty, words[0].utf8.count <= 9, words[0].allSatisfy({ $0.isASCII && $0.isNumber }),
            let profile = SRTPProfile.allCases.first(where: { $0.sdesName == words[1].uppercased() }),
            words[2].lowercased().hasPrefix("inline:"), !words[2].contains(";")
        else { return nil }
        // Session parameters would change how packets look.
        guard words.dropFirst(3).allSatisfy({ $0.uppercased().hasPrefix("WSH=") }) else { return nil }
        // Behind the key may stand a lifetime, which no call reaches, and a key identifier, which would be in every packet.
        let parts = words[2].dropFirst("inline:".count).split(separator: "|", omittingEmptySubsequences: false)
        guard !parts.dropFirst().contains(where: { $0.contains(":") }), let text = parts.first, text.utf8.count <= 64,
            let bytes = Data(base64Encoded: Self.padded(String(text))), let key = SRTPMasterKey(profile, keyAndSalt: Array(bytes))
        else { return nil }
        (tag, self.profile, self.key) = (words[0], profile, key)
    }

    private static func padded(_ text: String) -> String {
        text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    /// The value of `a=crypto`.
    var attribute: String { "\(tag) \(profile.sdesName) inline:\(Data(key.key + key.salt).base64EncodedString())" }
}
