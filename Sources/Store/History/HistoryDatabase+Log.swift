internal import GRDB

extension HistoryDatabase {
    static let logTable = """
        CREATE TABLE log (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, level INTEGER NOT NULL, message TEXT NOT NULL, details TEXT NOT NULL) STRICT;
        CREATE INDEX log_at ON log(at);
        """
    static let insertLine = "INSERT INTO log VALUES (NULL, ?, ?, ?, ?)"
    /// Lines that are kept; of more the oldest are deleted with the next clean-up.
    static let lineLimit = 200_000

    /// Keeps a line of the log; returns at once.
    /// - Parameter make: puts it into words, later and in the background.
    public func keepLine(_ make: @escaping @Sendable () -> StoredLogLine) { keep(.line(make)) }

    /// Deletes lines that were written before a moment, and the oldest of too many.
    public func removeLines(beforeMs: Int64?) {
        if let beforeMs { remove(from: "log", where: "at < ?", beforeMs) }
        remove(from: "log", where: "id <= (SELECT max(id) FROM log) - ?", Int64(Self.lineLimit))
    }

    /// Lists lines of the log, the latest first.
    public func lines(_ query: LogQuery) throws(StoreError) -> [StoredLogLine] {
        var filter = QueryFilter()
        filter.add(query.text, inOneOf: ["message", "details"])
        if let fromMs = query.fromMs { filter.add("at >= ?", fromMs) }
        if let toMs = query.toMs { filter.add("at < ?", toMs) }
        if query.level != .info { filter.add("level >= ?", query.level.rawValue) }
        if let beforeRow = query.beforeRow { filter.add("id < ?", beforeRow) }
        let sql = "SELECT * FROM log \(filter.clause) ORDER BY id DESC LIMIT ?"
        let values = filter.arguments(limit: query.limit)
        return try reading { try Row.fetchAll($0, sql: sql, arguments: values).map(StoredLogLine.init) }
    }
}

extension StoredLogLine {
    fileprivate init(_ row: Row) {
        self.init(atMs: row["at"], level: Level(rawValue: row["level"]) ?? .info, message: row["message"], details: row["details"])
        self.row = row["id"]
    }

    var arguments: StatementArguments { [atMs, level.rawValue, message, details] }
}
