import ARIServer
import CallCore
import Dispatch
import Store

/// The ARI users of the configuration.
@CallActor
final class ConfiguredUsers: ARIUserDirectory {
    private var byName: [String: ARIUser] = [:]
    private let store: Store
    private let scheduler: any CallScheduler
    /// When each was made and used last.
    private(set) var uses: [String: ARIUserUse] = [:]
    private var changed: Set<String> = []
    private var writing: ScheduledAction?
    private static let writeMs = 30_000

    init(_ users: [Configuration.ARIUser], store: Store, scheduler: any CallScheduler) {
        self.store = store
        self.scheduler = scheduler
        uses = (try? store.ariUserUses()) ?? [:]
        replace(with: users)
    }

    func replace(with users: [Configuration.ARIUser]) {
        byName = [:]
        for user in users where user.enabled { byName[user.name] = ARIUser(user) }
        let names = Set(users.map(\.name))
        let gone = uses.keys.filter { !names.contains($0) }
        let new = names.filter { uses[$0] == nil }
        guard !gone.isEmpty || !new.isEmpty else { return }
        for name in gone { uses[name] = nil }
        for name in new { uses[name] = ARIUserUse(createdMs: scheduler.nowMs) }
        changed.formUnion(gone + new)
        write()
    }

    func used(_ name: String, from address: String) {
        // The address is the same nearly always, and a minute is near enough.
        guard let use = uses[name], use.lastAddress != address || scheduler.nowMs - (use.lastUsedMs ?? 0) > 60_000 else { return }
        uses[name]?.lastUsedMs = scheduler.nowMs
        uses[name]?.lastAddress = address
        changed.insert(name)
        guard writing == nil else { return }
        writing = scheduler.schedule(afterMs: Self.writeMs) { [weak self] in self?.write() }
    }

    /// Stores what changed, in the background.
    func write() {
        writing?.cancel()
        writing = nil
        let changes = Dictionary(uniqueKeysWithValues: changed.map { ($0, uses[$0]) })
        changed = []
        guard !changes.isEmpty else { return }
        DispatchQueue.global(qos: .utility).async { [store] in try? store.keepARIUserUses(changes) }
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
