internal import Dispatch
internal import GRDB
internal import Logging
internal import Synchronization

/// Texts kept by family and key, for dialplan and programs.
///
/// Everything is in memory, so that no call waits for a file; changes are written soon afterwards in the background, and
/// by `flush()`. A crash of the machine can lose the last moments.
public final class KeyValueDatabase: Sendable {
    /// Bytes of a family or of a key.
    public static let maxNameBytes = 256
    /// Bytes of a value.
    public static let maxValueBytes = 64 << 10
    /// Values in all.
    public static let maxValues = 200_000
    /// How long changes are gathered before they are written.
    static let gatherMs = 100
    /// How long to wait after a failure.
    static let retryMs = 5_000

    fileprivate struct Name: Hashable {
        let family: String
        let key: String
    }

    fileprivate struct State {
        var families: [String: [String: String]] = [:]
        var count = 0
        /// What is still to be written; nil: to be deleted.
        var pending: [Name: String?] = [:]
        var isScheduled = false
        /// The file is closed: nothing is written any more.
        var isClosed = false
    }

    private let state = Mutex(State())
    private let database: DatabaseQueue
    private let path: String
    private let logger: Logger
    private let writes = DispatchQueue(label: "arioso.store.keyValues")

    init(_ database: DatabaseQueue, path: String, logger: Logger) throws {
        self.database = database
        self.path = path
        self.logger = logger
        let rows = try database.read { try Row.fetchAll($0, sql: "SELECT family, key, value FROM key_values") }
        state.withLock { state in
            state.count = rows.count
            for row in rows { state.families[row["family"], default: [:]][row["key"]] = row["value"] }
        }
    }

    // MARK: Reading

    /// Finds a value; nil when there is none.
    public func value(family: String, key: String) -> String? {
        state.withLock { $0.families[family]?[key] }
    }

    /// Lists the keys of a family that start with a text, in their order.
    public func keys(family: String, prefix: String = "") -> [String] {
        let keys = state.withLock { $0.families[family]?.keys.filter { $0.hasPrefix(prefix) } ?? [] }
        return keys.sorted()
    }

    /// Gives all keys and values of a family.
    public func values(family: String) -> [String: String] {
        state.withLock { $0.families[family] ?? [:] }
    }

    /// Lists the families that have values, in their order.
    public var families: [String] {
        state.withLock { Array($0.families.keys) }.sorted()
    }

    // MARK: Writing

    /// Keeps a value.
    ///
    /// - Returns: false when a limit is passed or a name is empty; then nothing changes.
    @discardableResult
    public func set(_ value: String, family: String, key: String) -> Bool {
        let names = [family, key]
        guard names.allSatisfy({ (1...Self.maxNameBytes).contains($0.utf8.count) }), value.utf8.count <= Self.maxValueBytes
        else { return false }
        let isKept = state.withLock { state in
            let isNew = state.families[family]?[key] == nil
            guard !isNew || state.count < Self.maxValues else { return false }
            state.families[family, default: [:]][key] = value
            state.count += isNew ? 1 : 0
            state.pending[Name(family: family, key: key)] = .some(value)
            return true
        }
        if isKept { schedule(afterMs: Self.gatherMs) }
        return isKept
    }

    /// Deletes a value.
    ///
    /// - Returns: the value that was there; nil when there was none.
    @discardableResult
    public func remove(family: String, key: String) -> String? {
        let removed = state.withLock { $0.remove(Name(family: family, key: key)) }
        if removed != nil { schedule(afterMs: Self.gatherMs) }
        return removed
    }

    /// Deletes the values of a family whose keys start with a text.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func removeAll(family: String, prefix: String = "") -> Int {
        let count = state.withLock { state in
            let keys = state.families[family]?.keys.filter { $0.hasPrefix(prefix) } ?? []
            for key in keys { _ = state.remove(Name(family: family, key: key)) }
            return keys.count
        }
        if count > 0 { schedule(afterMs: Self.gatherMs) }
        return count
    }

    // MARK: Files

    /// Waits until every change so far is written. Blocks.
    public func flush() throws(StoreError) {
        do {
            try writes.sync { try writePending() }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Writes every change so far; later ones stay in memory.
    func close() throws(StoreError) {
        try flush()
        state.withLock { $0.isClosed = true }
    }

    private func schedule(afterMs delayMs: Int) {
        let isFirst = state.withLock { state in
            defer { state.isScheduled = true }
            return !state.isScheduled && !state.isClosed
        }
        guard isFirst else { return }
        writes.asyncAfter(deadline: .now() + .milliseconds(delayMs)) { [self] in
            state.withLock { $0.isScheduled = false }
            do {
                try writePending()
            } catch {
                logger.error("Values of the dialplan database could not be written: \(StoreError(error, path: path))")
                schedule(afterMs: Self.retryMs)
            }
        }
    }

    private func writePending() throws {
        let changes = state.withLock { state in
            defer { state.pending = [:] }
            return state.pending
        }
        guard !changes.isEmpty else { return }
        do {
            try database.write { try Self.write(changes, to: $0) }
        } catch {
            // Newer changes win over those that failed.
            state.withLock { $0.pending.merge(changes) { newer, _ in newer } }
            throw error
        }
    }

    private static func write(_ changes: [Name: String?], to db: Database) throws {
        let insert = try db.makeStatement(
            sql: "INSERT INTO key_values VALUES (?, ?, ?) ON CONFLICT (family, key) DO UPDATE SET value = excluded.value")
        let delete = try db.makeStatement(sql: "DELETE FROM key_values WHERE family = ? AND key = ?")
        for (name, value) in changes {
            if let value {
                try insert.execute(arguments: [name.family, name.key, value])
            } else {
                try delete.execute(arguments: [name.family, name.key])
            }
        }
    }
}

extension KeyValueDatabase.State {
    fileprivate mutating func remove(_ name: KeyValueDatabase.Name) -> String? {
        guard let removed = families[name.family]?.removeValue(forKey: name.key) else { return nil }
        if families[name.family]?.isEmpty == true { families[name.family] = nil }
        count -= 1
        pending[name] = .some(nil)
        return removed
    }
}
