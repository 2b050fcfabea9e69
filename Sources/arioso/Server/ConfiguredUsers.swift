import ARIServer
import CallCore
import Dispatch
import Store

/// The ARI users of the configuration.
@CallActor
final class ConfiguredUsers: ARIUserDirectory {
    private var byName: [String: ARIUser] = [:]

    init(_ users: [Configuration.ARIUser]) {
        replace(with: users)
    }

    func replace(with users: [Configuration.ARIUser]) {
        byName = [:]
        for user in users where user.enabled { byName[user.name] = ARIUser(user) }
    }

    func user(named name: String) -> ARIUser? { byName[name] }
}

extension ARIUser {
    fileprivate init(_ user: Configuration.ARIUser) {
        self.init(
            name: user.name, password: Password(stored: user.password), isReadOnly: user.readOnly,
            applications: user.applications.isEmpty ? nil : Set(user.applications))
        guard !user.allowedNetworks.isEmpty else { return }
        permitsAddress = { [networks = user.allowedNetworks] in networks.contains(address: $0) }
    }
}

extension ARIUser.Password {
    /// Checks run one after another: each takes 32 MiB and about a tenth of a second.
    private static let queue = DispatchQueue(label: "arioso.passwords")

    /// A password as it is stored: hashed, or as it is when somebody wrote it into the database by hand.
    fileprivate init(stored text: String) {
        guard let hash = PasswordHash(text) else {
            self = .plain(text)
            return
        }
        self = .hashed(hash: text) { password in
            await withCheckedContinuation { continuation in
                Self.queue.async { continuation.resume(returning: hash.matches(password)) }
            }
        }
    }
}
