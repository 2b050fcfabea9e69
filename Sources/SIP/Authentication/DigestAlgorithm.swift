/// A hash of digest authentication (RFC 7616 6.1, RFC 8760 2.1).
public enum DigestAlgorithm: Sendable, Hashable, CaseIterable {
    case md5
    case sha256

    /// Reads the `algorithm` parameter in any case; nil for one that is not known here, the `-sess` variants among them.
    public init?(_ name: String) {
        switch name.asciiLowercased {
        case "md5": self = .md5
        case "sha-256": self = .sha256
        default: return nil
        }
    }

    public var name: String {
        switch self {
        case .md5: "MD5"
        case .sha256: "SHA-256"
        }
    }

    /// Greater is stronger.
    var strength: Int {
        switch self {
        case .md5: 0
        case .sha256: 1
        }
    }

    /// The length of a hash in hexadecimal digits.
    var hexCount: Int {
        switch self {
        case .md5: 32
        case .sha256: 64
        }
    }

    /// Hashes and gives lower-case hexadecimal digits.
    func hex(_ bytes: [UInt8]) -> String {
        switch self {
        case .md5: Hashing.hex(Hashing.md5(bytes))
        case .sha256: Hashing.hex(Hashing.sha256(bytes))
        }
    }

    func hex(_ text: String) -> String { hex(Array(text.utf8)) }
}
