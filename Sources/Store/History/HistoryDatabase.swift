internal import Dispatch
internal import Foundation
internal import GRDB
public import Logging
internal import Synchronization

/// What was: the calls that are over and the log, in a file of their own, written in batches in the background, so that no call waits for it.
///
/// A crash of the machine can lose the last second. All methods but `keep` block.
public final class HistoryDatabase: Sendable {
    /// The file's name in the data folder.
    public static let fileName = "history.sqlite"
    /// How long entries are gathered before they are written.
    static let gatherMs = 1_000
    /// Entries that wait while the file can't be written; beyond it the oldest are lost, and that is said.
    static let waitingLimit = 100_000
    static let retryMs = 5_000
    /// Entries that are deleted in one go.
    static let deletionBatch = 5_000

    /// Something to keep, put into words later and in the background.
    enum Entry: Sendable {
        case call(@Sendable () -> StoredCall)
        case line(@Sendable () -> StoredLogLine)
    }

    private struct State {
        var waiting: [Entry] = []
        var lost = 0
        var isScheduled = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let database: DatabaseQueue
    private let path: String
    private let logger: Logger
    private let writes = DispatchQueue(label: "arioso.store.history", qos: .utility)

    /// Opens the file in a data folder, or makes it.
    /// - Throws: `StoreError` when it can't be used.
    public init(folder: String, logger: Logger) throws(StoreError) {
        path = "\(folder)/\(Self.fileName)"
        self.logger = logger
        do {
            var settings = GRDB.Configuration()
            settings.journalMode = .wal
            settings.busyMode = .timeout(5)
            settings.label = "arioso.history"
            // The write-ahead log keeps the file sound without waiting for the disk each time.
            settings.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
            database = try DatabaseQueue(path: path, configuration: settings)
            var migrator = DatabaseMigrator()
            migrator.registerMigration("1 calls") { try $0.execute(sql: Self.callTable) }
            migrator.registerMigration("2 log") { try $0.execute(sql: Self.logTable) }
            try migrator.migrate(database)
            // Numbers and names of people: for the owner alone, like the settings.
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    // MARK: Writing

    /// Keeps something; returns at once.
    func keep(_ entry: Entry) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.waiting.append(entry)
            guard state.waiting.count > Self.waitingLimit else { return }
            state.waiting.removeFirst(Self.waitingLimit / 10)
            state.lost += Self.waitingLimit / 10
        }
        schedule(afterMs: Self.gatherMs)
    }

    private func schedule(afterMs delayMs: Int) {
        let isFirst = state.withLock { state in
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard isFirst else { return }
        writes.asyncAfter(deadline: .now() + .milliseconds(delayMs)) { [self] in
            state.withLock { $0.isScheduled = false }
            if !writeWaiting() { schedule(afterMs: Self.retryMs) }
        }
    }

    /// Waits until everything so far is written.
    public func flush() {
        writes.sync { _ = writeWaiting() }
    }

    /// Writes everything so far; what comes later is not kept.
    public func close() {
        flush()
        state.withLock { $0.isClosed = true }
    }

    /// - Returns: whether nothing is left.
    private func writeWaiting() -> Bool {
        let (entries, lost) = state.withLock { state in
            defer { (state.waiting, state.lost) = ([], 0) }
            return (state.waiting, state.lost)
        }
        if lost > 0 { logger.error("entries are missing in the history", metadata: ["count": "\(lost)"]) }
        guard !entries.isEmpty else { return true }
        do {
            try database.write { try Self.write(entries, to: $0) }
            return true
        } catch {
            logger.error("the history can't be written; it is tried again", metadata: ["reason": "\(StoreError(error, path: path))"])
            state.withLock { $0.waiting.insert(contentsOf: entries, at: 0) }
            return false
        }
    }

    private static func write(_ entries: [Entry], to db: Database) throws {
        let call = try db.cachedStatement(sql: insertCall)
        let line = try db.cachedStatement(sql: insertLine)
        for entry in entries {
            switch entry {
            case .call(let make): try call.execute(arguments: make().arguments)
            case .line(let make): try line.execute(arguments: make().arguments)
            }
        }
    }

    /// Deletes rows in the background, some at a time, so that nobody waits long.
    func remove(from table: StaticString, where condition: String, _ value: Int64) {
        writes.async { [self] in
            do {
                while try database.write({ db -> Int in
                    try db.execute(
                        sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(condition) LIMIT ?)",
                        arguments: [value, Self.deletionBatch])
                    return db.changesCount
                }) == Self.deletionBatch {}
            } catch {
                logger.error("old entries can't be deleted", metadata: ["reason": "\(StoreError(error, path: path))"])
            }
        }
    }

    /// Reads what is there, everything so far included.
    func reading<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        flush()
        do {
            return try database.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

/// Conditions of a query, with their values.
struct QueryFilter {
    private var conditions: [String] = []
    private var values: [any DatabaseValueConvertible] = []

    mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
        conditions.append(condition)
        values.append(value)
    }

    /// Wants a text in one of several columns, in whatever case.
    mutating func add(_ text: String, inOneOf columns: [String]) {
        guard !text.isEmpty else { return }
        conditions.append("(" + columns.map { "instr(lower(\($0)), lower(?)) > 0" }.joined(separator: " OR ") + ")")
        values += columns.map { _ in text }
    }

    /// `WHERE …`, or nothing.
    var clause: String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }

    func arguments(limit: Int) -> StatementArguments { StatementArguments(values) + [max(0, limit)] }
}
