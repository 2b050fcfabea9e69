import ARIModel
import Foundation
import HTTPTypes
import Store

/// Calls that are over.
struct HistoryOperations: Sendable {
    let database: HistoryDatabase?
    let blocking: Blocking

    /// Calls in one answer, and in one file.
    private static let pageLimit = 500
    private static let fileLimit = 100_000

    var all: [AdminOperation] {
        var list = AdminOperation(.get, "/calls", "Lists calls that are over, the latest first.", answer: "Call", list: true) { call in
            .json(.array(try await calls(try query(call, limit: Self.pageLimit)).map(Self.shown)))
        }
        list.query =
            Self.filters + [
                .init("before", "Only calls before this one's `row`.", type: "integer"),
                .init("limit", "How many, 1–500.", type: "integer"),
            ]
        var file = AdminOperation(.get, "/calls.csv", "Gives calls as a table of comma-separated values, the latest first.") { call in
            var query = try query(call, limit: Self.fileLimit)
            query.limit = Self.fileLimit
            var answer = AdminAnswer(body: .bytes(Array(CallTable.text(try await calls(query)).utf8), type: "text/csv; charset=utf-8"))
            answer.fields.append((.contentDisposition, "attachment; filename=\"calls.csv\""))
            return answer
        }
        file.query = Self.filters
        file.contentType = "text/csv"
        let one = AdminOperation(.get, "/calls/{row}", "Gives a call with what happened in it.", answer: "CallWithTimeline") { call in
            guard let row = Int(call.parameter("row")), let found = try await stored(row) else {
                throw AdminError(404, "There is no such call.")
            }
            let moments = StoredTimeline(found.timeline).moments.map { moment -> JSONValue in
                [
                    "ms": .int(moment.ms), "what": .string(moment.what), "channel": .string(moment.channel),
                    "detail": .string(moment.detail),
                ]
            }
            return .json(Self.shown(found).with("timeline", .array(moments)))
        }
        return [list, file, one]
    }

    private static let filters: [AdminOperation.QueryParameter] = [
        .init("text", "Part of a name, a number, an application or a channel's id."),
        .init("from", "Began from then on, in milliseconds since 1970.", type: "integer"),
        .init("to", "Began before, in milliseconds since 1970.", type: "integer"),
        .init("result", "`ANSWERED`, `NO ANSWER`, `BUSY`, `CONGESTION` or `FAILED`."),
    ]

    private func query(_ call: AdminCall, limit: Int) throws(AdminError) -> CallQuery {
        var query = CallQuery()
        query.text = call.query["text"] ?? ""
        query.disposition = call.query["result"] ?? ""
        query.fromMs = try call.integer("from").map { Int64($0) }
        query.toMs = try call.integer("to").map { Int64($0) }
        query.beforeRow = try call.integer("before")
        query.limit = min(max(1, try call.integer("limit") ?? 100), limit)
        return query
    }

    private func calls(_ query: CallQuery) async throws -> [StoredCall] { try await reading { try $0.calls(query) } }

    private func stored(_ row: Int) async throws -> StoredCall? { try await reading { try $0.call(row: row) } }

    private func reading<Value: Sendable>(_ body: @escaping @Sendable (HistoryDatabase) throws -> Value) async throws -> Value {
        guard let database else { throw AdminError(503, "The call history can't be used; the log says why.") }
        return try await blocking.run { try body(database) }
    }

    private static func shown(_ call: StoredCall) -> JSONValue {
        [
            "row": .int(call.row), "channel": .string(call.channel), "startedMs": .int(Int(call.startedMs)),
            "answeredMs": call.answeredMs.map { .int(Int($0)) } ?? .null, "endedMs": .int(Int(call.endedMs)),
            "callerName": .string(call.callerName), "callerNumber": .string(call.callerNumber),
            "callerEndpoint": .string(call.callerEndpoint), "dialled": .string(call.dialled), "answeredBy": .string(call.answeredBy),
            "application": .string(call.application), "accountCode": .string(call.accountCode), "result": .string(call.disposition),
            "cause": .int(call.cause),
        ]
    }
}

/// Calls as comma-separated values (RFC 4180).
enum CallTable {
    static func text(_ calls: [StoredCall]) -> String {
        let head = [
            "started", "answered", "ended", "seconds", "talked", "caller name", "caller number", "caller endpoint", "dialled",
            "answered by", "application", "result", "cause", "account code", "channel",
        ]
        var text = head.joined(separator: ",") + "\r\n"
        for call in calls {
            let talkedMs = call.answeredMs.map { call.endedMs - $0 } ?? 0
            let fields = [
                time(call.startedMs), call.answeredMs.map(time) ?? "", time(call.endedMs), "\((call.endedMs - call.startedMs) / 1_000)",
                "\(talkedMs / 1_000)", call.callerName, call.callerNumber, call.callerEndpoint, call.dialled, call.answeredBy,
                call.application, call.disposition, "\(call.cause)", call.accountCode, call.channel,
            ]
            text += fields.map(field).joined(separator: ",") + "\r\n"
        }
        return text
    }

    private static func time(_ ms: Int64) -> String {
        Date(timeIntervalSince1970: Double(ms) / 1_000).formatted(.iso8601)
    }

    /// A caller chooses their name: what a spreadsheet would take for a formula is made text. A number with + is none.
    private static func field(_ text: String) -> String {
        let isNumber = text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
        let isFormula = text.first.map { "=@\t".contains($0) || ("+-".contains($0) && !isNumber) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
