internal import GRDB

extension HistoryDatabase {
    static let callTable = """
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY, channel TEXT NOT NULL, started INTEGER NOT NULL, answered INTEGER, ended INTEGER NOT NULL,
            caller_name TEXT NOT NULL, caller_number TEXT NOT NULL, caller_endpoint TEXT NOT NULL, dialled TEXT NOT NULL,
            answered_by TEXT NOT NULL, application TEXT NOT NULL, account_code TEXT NOT NULL, disposition TEXT NOT NULL,
            cause INTEGER NOT NULL, timeline TEXT NOT NULL) STRICT;
        CREATE INDEX calls_started ON calls(started);
        """
    static let insertCall = "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    /// Keeps a call; returns at once.
    /// - Parameter make: puts it into words, later and in the background.
    public func keepCall(_ make: @escaping @Sendable () -> StoredCall) { keep(.call(make)) }

    /// Deletes calls that ended before a moment.
    public func removeCalls(endedBeforeMs: Int64) { remove(from: "calls", where: "ended < ?", endedBeforeMs) }

    /// Lists calls without their timelines, the latest first.
    public func calls(_ query: CallQuery) throws(StoreError) -> [StoredCall] {
        var filter = QueryFilter()
        filter.add(
            query.text, inOneOf: ["caller_name", "caller_number", "dialled", "answered_by", "application", "account_code", "channel"])
        if let fromMs = query.fromMs { filter.add("started >= ?", fromMs) }
        if let toMs = query.toMs { filter.add("started < ?", toMs) }
        if !query.disposition.isEmpty { filter.add("disposition = ?", query.disposition) }
        if let beforeRow = query.beforeRow { filter.add("id < ?", beforeRow) }
        let sql = "SELECT *, '' AS timeline FROM calls \(filter.clause) ORDER BY id DESC LIMIT ?"
        let values = filter.arguments(limit: query.limit)
        return try reading { try Row.fetchAll($0, sql: sql, arguments: values).map(StoredCall.init) }
    }

    /// Gives a call with its timeline; nil when there is none in this row.
    public func call(row: Int) throws(StoreError) -> StoredCall? {
        try reading { try Row.fetchOne($0, sql: "SELECT * FROM calls WHERE id = ?", arguments: [row]).map(StoredCall.init) }
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

    var arguments: StatementArguments {
        [
            channel, startedMs, answeredMs, endedMs, callerName, callerNumber, callerEndpoint, dialled, answeredBy, application,
            accountCode,
            disposition, cause, timeline,
        ]
    }
}
