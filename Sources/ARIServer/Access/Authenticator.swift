import CallCore
import Crypto

/// What a client showed to prove who it is.
struct Credentials: Sendable {
    var name: String
    var password: String

    /// Bytes of decoded Basic credentials.
    static let limit = 255

    /// Splits `name:password` at the first colon; nil when either is empty.
    init?(_ text: some Collection<UInt8>) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        name = String(decoding: text[..<colon], as: UTF8.self)
        password = String(decoding: text[text.index(after: colon)...], as: UTF8.self)
        guard !name.isEmpty, !password.isEmpty else { return nil }
    }

    /// Tells whether a field begins with the name of the scheme, in any case, and a blank.
    private static func startsWithBasic(_ text: String.UTF8View) -> Bool {
        text.prefix(6).elementsEqual("basic ".utf8) { $0 | 0x20 == $1 }
    }

    /// Finds the credentials of a request: a Basic header if there is one, even a bad one, else the field `api_key`.
    static func of(authorization: String?, apiKey: String?) -> Credentials? {
        if let authorization, startsWithBasic(authorization.utf8) {
            let encoded = trimmed(String(authorization.utf8.dropFirst(6)) ?? "")
            guard let decoded = Base64.decode(encoded[...]), decoded.count <= limit else { return nil }
            return Credentials(decoded)
        }
        return apiKey.flatMap { Credentials($0.utf8) }
    }
}

/// Who opened a connection, as long as that is worth anything: until the user goes or gets another password.
struct Login: Sendable, Equatable {
    let name: String
    fileprivate let proof: String

    /// A log-in that proved to be `user`.
    init(_ user: ARIUser) {
        name = user.name
        proof = user.password.identity
    }
}

/// Checks credentials against the user directory.
@CallActor
final class Authenticator {
    enum Outcome {
        case user(ARIUser)
        case denied
        /// The password has to be checked against a hash, which takes a while.
        case checking(@CallActor () async -> ARIUser?)
    }

    private let users: any ARIUserDirectory
    /// What each user's password looks like that last matched a hash, so that the slow check runs once and not at each request. Keyed
    /// with a secret of this process, so that no password is kept.
    private var verified: [String: (hash: String, code: HashedAuthenticationCode<SHA256>)] = [:]
    private let key = SymmetricKey(size: .bits256)
    /// Slow checks that run or wait.
    private var checkCount = 0

    /// Slow checks at the same time; more are refused as if the password were wrong.
    private static let checkLimit = 64

    init(users: any ARIUserDirectory) {
        self.users = users
    }

    /// Somebody proved to be the user.
    func noteUse(of user: ARIUser, from address: String) { users.used(user.name, from: address) }

    /// The user of that name, for a connection that needs no password.
    func user(named name: String) -> ARIUser? { users.user(named: name) }

    /// The user of an earlier log-in; nil when it is worth nothing any more.
    func user(of login: Login) -> ARIUser? {
        users.user(named: login.name).flatMap { $0.password.identity == login.proof ? $0 : nil }
    }

    func authenticate(_ credentials: Credentials?) -> Outcome {
        guard let credentials, let user = users.user(named: credentials.name) else { return .denied }
        switch user.password {
        case .plain(let password):
            return !password.isEmpty && equalsInConstantTime(password, credentials.password) ? .user(user) : .denied
        case .hashed(let hash, let verify):
            let code = HMAC<SHA256>.authenticationCode(for: Array(credentials.password.utf8), using: key)
            if let known = verified[user.name], known.hash == hash, known.code == code { return .user(user) }
            guard checkCount < Self.checkLimit else { return .denied }
            return .checking { [self] in
                checkCount += 1
                defer { checkCount -= 1 }
                guard await verify(credentials.password) else { return nil }
                verified[user.name] = (hash, code)
                return users.user(named: user.name)
            }
        }
    }
}

/// Compares a secret with what a client sent, in a time that depends only on the length of the latter.
func equalsInConstantTime(_ secret: String, _ given: String) -> Bool {
    let secret = Array(secret.utf8)
    let given = Array(given.utf8)
    var difference = secret.count ^ given.count
    guard !secret.isEmpty else { return given.isEmpty }
    for (index, byte) in given.enumerated() { difference |= Int(byte ^ secret[index % secret.count]) }
    return difference == 0
}
