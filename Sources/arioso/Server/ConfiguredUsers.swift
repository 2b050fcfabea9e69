import ARIServer
import CallCore
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
        for user in users where user.enabled {
            byName[user.name] = ARIUser(
                name: user.name, password: .plain(user.password), isReadOnly: user.readOnly,
                applications: user.applications.isEmpty ? nil : Set(user.applications))
        }
    }

    func user(named name: String) -> ARIUser? { byName[name] }
}
