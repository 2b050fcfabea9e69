internal import Dispatch
internal import Foundation
internal import GRDB
public import Logging
internal import Synchronization

/// The calls that are over, in a file of their own: written in batches in the background, so that no call waits for it.
///
/// A crash of the machine can lose the last second. All methods but `keep` block.
public final class CallHistoryDatabase: Sendable {
    /// The file's name in the data folder.
    public static let fileName = "history.sqlite"
    /// How long calls are gathered before they are written.
    static let gatherMs = 1_000
    /// Calls that wait while the file can't be written; beyond it the oldest are lost, and that is said.
    static let waitingLimit = 100_000
    static let retryMs = 5_000
    /// Calls that are deleted in one go.
    static let deletionBatch = 5_000

    private struct State {
        var waiting: [@Sendable () -> StoredCall] = []
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
            migrator.registerMigration("1 calls") { try $0.execute(sql: Self.tables) }
            try migrator.migrate(database)
            // Numbers and names of people: for the owner alone, like the settings.
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static let tables = """
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY, channel TEXT NOT NULL, started INTEGER NOT NULL, answered INTEGER, ended INTEGER NOT NULL,
            caller_name TEXT NOT NULL, caller_number TEXT NOT NULL, caller_endpoint TEXT NOT NULL, dialled TEXT NOT NULL,
            answered_by TEXT NOT NULL, application TEXT NOT NULL, account_code TEXT NOT NULL, disposition TEXT NOT NULL,
            cause INTEGER NOT NULL, timeline TEXT NOT NULL) STRICT;
        CREATE INDEX calls_started ON calls(started);
        """

    // MARK: Writing

    /// Keeps a call; returns at once.
    /// - Parameter make: puts it into words, later and in the background.
    public func keep(_ make: @escaping @Sendable () -> StoredCall) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.waiting.append(make)
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

    /// Waits until every call so far is written.
    public func flush() {
        writes.sync { _ = writeWaiting() }
    }

    /// Writes every call so far; later ones are not kept.
    public func close() {
        flush()
        state.withLock { $0.isClosed = true }
    }

    /// - Returns: whether nothing is left.
    private func writeWaiting() -> Bool {
        let (calls, lost) = state.withLock { state in
            defer { (state.waiting, state.lost) = ([], 0) }
            return (state.waiting, state.lost)
        }
        if lost > 0 { logger.error("calls are missing in the call history", metadata: ["count": "\(lost)"]) }
        guard !calls.isEmpty else { return true }
        do {
            try database.write { db in
                let insert = try db.makeStatement(
                    sql: "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                for call in calls { try insert.execute(arguments: call().arguments) }
            }
            return true
        } catch {
            logger.error("the call history can't be written; it is tried again", metadata: ["reason": "\(StoreError(error, path: path))"])
            state.withLock { $0.waiting.insert(contentsOf: calls, at: 0) }
            return false
        }
    }

    /// Deletes calls that ended before a moment.
    public func remove(endedBeforeMs: Int64) {
        writes.async { [self] in
            do {
                while try database.write({ db -> Int in
                    try db.execute(
                        sql: "DELETE FROM calls WHERE id IN (SELECT id FROM calls WHERE ended < ? LIMIT ?)",
                        arguments: [endedBeforeMs, Self.deletionBatch])
                    return db.changesCount
                }) == Self.deletionBatch {}
            } catch {
                logger.error("old calls can't be deleted", metadata: ["reason": "\(StoreError(error, path: path))"])
            }
        }
    }

    // MARK: Reading

    /// Lists calls without their timelines, the latest first.
    public func calls(_ query: CallQuery) throws(StoreError) -> [StoredCall] {
        var conditions: [String] = []
        var arguments: [any DatabaseValueConvertible] = []
        func add(_ condition: String, _ values: any DatabaseValueConvertible...) {
            conditions.append(condition)
            arguments += values
        }
        if !query.text.isEmpty {
            let searched = ["caller_name", "caller_number", "dialled", "answered_by", "application", "account_code", "channel"]
            conditions.append("(" + searched.map { "instr(lower(\($0)), lower(?)) > 0" }.joined(separator: " OR ") + ")")
            arguments += searched.map { _ in query.text }
        }
        if let fromMs = query.fromMs { add("started >= ?", fromMs) }
        if let toMs = query.toMs { add("started < ?", toMs) }
        if !query.disposition.isEmpty { add("disposition = ?", query.disposition) }
        if let beforeRow = query.beforeRow { add("id < ?", beforeRow) }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = "SELECT *, '' AS timeline FROM calls \(filter) ORDER BY id DESC LIMIT ?"
        let values = StatementArguments(arguments) + [max(0, query.limit)]
        return try reading { try Row.fetchAll($0, sql: sql, arguments: values).map(StoredCall.init) }
    }

    /// Gives a call with its timeline; nil when there is none in this row.
    public func call(row: Int) throws(StoreError) -> StoredCall? {
        try reading { try Row.fetchOne($0, sql: "SELECT * FROM calls WHERE id = ?", arguments: [row]).map(StoredCall.init) }
    }

    private func reading<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        flush()
        do {
            return try database.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

extension StoredCall {
    fileprivate init(_ row: Row) {
        self.init(
            channel: row["channel"], startedMs: row["started"], answeredMs: row["answered"], endedMs: row["ended"],
            callerName: row["caller_name"], callerNumber: row["caller_number"], callerEndpoint: row["caller_endpoint"],
            dialled: row["dialled"], answeredBy: row["answered_by"], application: row["application"], accountCode: row["account_code"],
            disposition: row["disposition"], cause: row["cause"], timeline: row["timeline"])
        self.row = row["id"]
    }

    fileprivate var arguments: StatementArguments {
        [
            channel, startedMs, answeredMs, endedMs, callerName, callerNumber, callerEndpoint, dialled, answeredBy, application,
            accountCode,
            disposition, cause, timeline,
        ]
    }
}
