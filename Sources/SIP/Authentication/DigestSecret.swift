/// What proves a user: the password, or hashes of user, realm and password made beforehand (RFC 7616 3.4.2, `A1`).
public enum DigestSecret: Sendable, Equatable {
    case password(String)
    /// For each algorithm the lower-case hexadecimal hash of `user:realm:password`.
    case ha1([DigestAlgorithm: String])

    /// Hashes user, realm and password for storage.
    public static func ha1(user: String, realm: String, password: String, algorithm: DigestAlgorithm) -> String {
        algorithm.hex("\(user):\(realm):\(password)")
    }

    /// Gives the hash for an algorithm, nil when it was not stored.
    func ha1(user: String, realm: String, algorithm: DigestAlgorithm) -> String? {
        switch self {
        case .password(let password): Self.ha1(user: user, realm: realm, password: password, algorithm: algorithm)
        case .ha1(let stored): stored[algorithm]?.asciiLowercased
        }
    }
}
