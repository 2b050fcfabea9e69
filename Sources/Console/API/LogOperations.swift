import ARIModel
import HTTPTypes
import Store

/// What the server said.
struct LogOperations: Sendable {
    let database: HistoryDatabase?
    let blocking: Blocking

    private static let pageLimit = 500

    var all: [AdminOperation] {
        var list = AdminOperation(.get, "/log", "Lists what the server said, the latest first.", answer: "LogLine", list: true) { call in
            guard let database else { throw AdminError(503, "The history can't be used; the server's own output says why.") }
            let query = try query(call)
            return .json(.array(try await blocking.run { try database.lines(query) }.map(Self.shown)))
        }
        list.query = [
            .init("text", "Part of what was said, or of its details."),
            .init("level", "From which level on: `info`, `notice`, `warning` or `error`."),
            .init("from", "From then on, in milliseconds since 1970.", type: "integer"),
            .init("to", "Before, in milliseconds since 1970.", type: "integer"),
            .init("before", "Only lines before this one's `row`.", type: "integer"),
            .init("limit", "How many, 1–\(Self.pageLimit).", type: "integer"),
        ]
        return [list]
    }

    private func query(_ call: AdminCall) throws(AdminError) -> LogQuery {
        var query = LogQuery()
        query.text = call.query["text"] ?? ""
        query.level = try level(call.query["level"] ?? "")
        query.fromMs = try call.integer("from").map { Int64($0) }
        query.toMs = try call.integer("to").map { Int64($0) }
        query.beforeRow = try call.integer("before")
        query.limit = min(max(1, try call.integer("limit") ?? 100), Self.pageLimit)
        return query
    }

    private func level(_ word: String) throws(AdminError) -> StoredLogLine.Level {
        guard !word.isEmpty else { return .info }
        guard let level = StoredLogLine.Level.allCases.first(where: { $0.word == word }) else {
            throw .wrong([.init(path: "level", message: "is not known", advice: "Use info, notice, warning or error.")])
        }
        return level
    }

    private static func shown(_ line: StoredLogLine) -> JSONValue {
        [
            "row": .int(line.row), "atMs": .int(Int(line.atMs)), "level": .string(line.level.word), "message": .string(line.message),
            "details": .string(line.details),
        ]
    }
}

extension StoredLogLine.Level {
    fileprivate var word: String {
        switch self {
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        }
    }
}
