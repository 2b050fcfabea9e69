internal import Foundation
internal import GRDB
public import Logging

/// The database of an installation: the one truth of its configuration, and what dialplan and programs keep.
///
/// It lies in `arioso.sqlite` in the data folder and is readable for its owner alone. All methods block for file access, so
/// call them off the control loop; only `keyValues` is made for it.
public final class Store: Sendable {
    /// The file's name in the data folder.
    public static let fileName = "arioso.sqlite"

    /// The data folder, as an absolute path.
    public let folder: String
    /// The database file, as an absolute path.
    public let path: String
    /// This start made the database: there was none before.
    public let isNew: Bool
    /// What dialplan (`DB(family/key)`) and programs keep.
    public let keyValues: KeyValueDatabase

    let queue: DatabaseQueue
    private let generatedEntityID: String

    /// Opens the database of a data folder and brings it to the present version; makes what is not there.
    ///
    /// - Parameters:
    ///   - folder: made with mode 0700 when it does not exist.
    ///   - busyTimeoutMs: how long to wait for another process.
    ///   - logger: told about failures that nobody waits for.
    /// - Throws: `StoreError` with what to do about it.
    public init(
        folder: String, busyTimeoutMs: Int = 5_000, logger: Logger = Logger(label: "arioso.store")
    ) throws(StoreError) {
        self.folder = URL(fileURLWithPath: folder).path
        path = "\(self.folder)/\(Self.fileName)"
        let path = path
        isNew = try DataFolder.prepare(self.folder, database: path)
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.settings(busyTimeoutMs: busyTimeoutMs))
            try Self.migrate(queue, path: path)
            generatedEntityID = try queue.write { try Self.entityID(in: $0) }
            keyValues = try KeyValueDatabase(queue, path: path, logger: logger)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func settings(busyTimeoutMs: Int) -> GRDB.Configuration {
        var settings = GRDB.Configuration()
        settings.journalMode = .wal
        settings.busyMode = .timeout(Double(busyTimeoutMs) / 1000)
        settings.label = "arioso.store"
        return settings
    }

    private static func migrate(_ queue: DatabaseQueue, path: String) throws {
        let migrator = Migrations.migrator()
        guard try !queue.read({ try migrator.hasBeenSuperseded($0) }) else { throw StoreError.newerVersion(path: path) }
        try migrator.migrate(queue)
    }

    // MARK: Configuration

    /// Reads the configuration.
    ///
    /// - Throws: `StoreError.invalid` when someone stored values that cannot be used, or another `StoreError`.
    public func configuration() throws(StoreError) -> Configuration {
        try perform { try self.queue.read { try ConfigurationTables.read(from: $0) } }
    }

    /// A number that grows with every change of the configuration, also with those by other processes.
    public func revision() throws(StoreError) -> Int {
        try perform { try self.queue.read { try Int.fetchOne($0, sql: "SELECT number FROM revision") ?? 0 } }
    }

    /// Replaces the sections that a file has, all or nothing.
    ///
    /// - Parameter check: a last look at the whole before anything changes, such as parsing the dialplan; gives errors.
    /// - Returns: what changed; empty when the file says what is stored already.
    /// - Throws: `ConfigurationErrors` when the whole would not be right, `StoreError`.
    @discardableResult
    public func apply(
        _ file: ConfigurationFile, check: (Configuration) -> [ConfigurationProblem] = { _ in [] }
    ) throws -> [ConfigurationChange] {
        try change(file.sections, check) { try file.merged(onto: $0) }
    }

    /// Replaces the whole configuration, all or nothing.
    ///
    /// - Returns: what changed.
    /// - Throws: `ConfigurationErrors` when the configuration is not right, `StoreError`.
    @discardableResult
    public func replace(
        with configuration: Configuration, check: (Configuration) -> [ConfigurationProblem] = { _ in [] }
    ) throws -> [ConfigurationChange] {
        let errors = configuration.problems().filter { $0.severity == .error }
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
        return try change(Set(Configuration.fields.map(\.key)), check) { _ in configuration }
    }

    /// Changes sections; what is wrong with the stored values of others is in the way.
    private func change(
        _ sections: Set<String>, _ check: (Configuration) -> [ConfigurationProblem], _ make: (Configuration) throws -> Configuration
    ) throws -> [ConfigurationChange] {
        do {
            return try queue.write { db in
                let (stored, wrong) = try ConfigurationTables.readUsable(from: db)
                let inTheWay = wrong.filter { !sections.contains($0.section) }
                guard inTheWay.isEmpty else { throw StoreError.invalid(path: path, ConfigurationErrors(inTheWay)) }
                let new = try make(stored).hashingPasswords(known: stored)
                let errors = check(new).filter { $0.severity == .error }
                guard errors.isEmpty else { throw ConfigurationErrors(errors) }
                let changes = stored.changes(to: new)
                let changed = changes.map(\.topSection) + wrong.map(\.section)
                try ConfigurationTables.write(new, sections: Set(changed), to: db)
                return changes
            }
        } catch let error as ConfigurationErrors {
            throw error
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Replaces the configuration by what `make` makes of the stored one.
    func transform(_ make: (Configuration) throws -> Configuration) throws -> [ConfigurationChange] {
        try queue.write { db in
            let stored = try ConfigurationTables.read(from: db)
            let new = try make(stored).hashingPasswords(known: stored)
            let changes = stored.changes(to: new)
            try ConfigurationTables.write(new, sections: Set(changes.map(\.topSection)), to: db)
            return changes
        }
    }

    /// Watches for changes of the configuration by any process.
    ///
    /// - Parameters:
    ///   - intervalMs: how often to look; a look costs some microseconds.
    ///   - onChange: called on a background thread, in order, with the new configuration, or with why it cannot be used;
    ///     never for changes before the start of the watch.
    /// - Returns: the watch, which ends when it is cancelled or released.
    public func watch(
        from known: Configuration? = nil, intervalMs: Int = 500,
        onChange: @escaping @Sendable (Result<Configuration, StoreError>) -> Void
    ) throws(StoreError) -> ConfigurationWatch {
        let start = if let known { known } else { try configuration() }
        return ConfigurationWatch(store: self, known: start, intervalMs: intervalMs, onChange: onChange)
    }

    // MARK: Installation

    /// Gives a path of the configuration as an absolute path: one that does not start with `/` lies in the data folder.
    public func absolutePath(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    /// The entity id to use: the configured one, or else the one made with the database.
    public func entityID(for configuration: Configuration) -> String {
        configuration.identity.entityID.isEmpty ? generatedEntityID : configuration.identity.entityID
    }

    private static func entityID(in db: Database) throws -> String {
        let name = "entityId"
        if let stored = try String.fetchOne(db, sql: "SELECT value FROM installation WHERE name = ?", arguments: [name]) {
            return stored
        }
        var bytes = (0..<6).map { _ in UInt8.random(in: 0...255) }
        // A locally administered, individual address (IEEE 802 section 8.2), so that it meets no network card's.
        bytes[0] = bytes[0] & 0xFC | 0x02
        let made = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
        try db.execute(sql: "INSERT INTO installation VALUES (?, ?)", arguments: [name, made])
        return made
    }

    // MARK: End

    /// Writes what is still to be written and closes the file.
    public func close() throws(StoreError) {
        try keyValues.close()
        try perform { try self.queue.close() }
    }

    func perform<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch let errors as ConfigurationErrors {
            throw .invalid(path: path, errors)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
