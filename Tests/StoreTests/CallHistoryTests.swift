import Foundation
import Logging
import Testing

@testable import Store

@Suite("The call history")
struct CallHistoryTests {
    private func withHistory(_ body: (HistoryDatabase, _ folder: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("arioso-history-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(try HistoryDatabase(folder: folder, logger: Logger(label: "test")), folder)
    }

    private static func call(_ number: Int, disposition: String = "ANSWERED", name: String = "") -> StoredCall {
        StoredCall(
            channel: "1.\(number)", startedMs: Int64(number) * 1_000, answeredMs: nil, endedMs: Int64(number) * 1_000 + 500,
            callerName: name,
            callerNumber: "20\(number)", callerEndpoint: "PJSIP/20\(number)", dialled: "1000", answeredBy: "", application: "",
            accountCode: "",
            disposition: disposition, cause: 16, timeline: "[\(number)]")
    }

    @Test("Calls are there at once, after a restart too, and for their owner alone")
    func keeps() throws {
        try withHistory { history, folder throws in
            for number in 1...3 { history.keepCall { Self.call(number) } }
            #expect(try history.calls(CallQuery()).map(\.channel) == ["1.3", "1.2", "1.1"])
            let row = try #require(history.calls(CallQuery()).first?.row)
            #expect(try history.call(row: row)?.timeline == "[3]")
            #expect(try history.call(row: 99) == nil)
            history.close()
            history.keepCall { Self.call(4) }
            let again = try HistoryDatabase(folder: folder, logger: Logger(label: "test"))
            #expect(try again.calls(CallQuery()).count == 3)
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/history.sqlite")[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("Calls are found by text, time, result and place")
    func finds() throws {
        try withHistory { history, _ throws in
            history.keepCall { Self.call(1, name: "Ann 100%") }
            history.keepCall { Self.call(2, disposition: "BUSY", name: "Bob") }
            history.keepCall { Self.call(3, name: "ann") }
            func found(_ change: (inout CallQuery) -> Void) throws -> [String] {
                var query = CallQuery()
                change(&query)
                return try history.calls(query).map(\.channel)
            }
            #expect(try found { $0.text = "ANN" } == ["1.3", "1.1"])
            #expect(try found { $0.text = "100%" } == ["1.1"])
            #expect(try found { $0.text = "%" } == ["1.1"])
            #expect(try found { $0.text = "' OR 1=1 --" } == [])
            #expect(try found { $0.text = "203" } == ["1.3"])
            #expect(try found { $0.disposition = "BUSY" } == ["1.2"])
            #expect(try found { ($0.fromMs, $0.toMs) = (2_000, 3_000) } == ["1.2"])
            #expect(try found { $0.limit = 1 } == ["1.3"])
            let last = try #require(history.calls(CallQuery()).first)
            #expect(try found { $0.beforeRow = last.row } == ["1.2", "1.1"])
        }
    }

    @Test("Old calls go")
    func removes() throws {
        try withHistory { history, _ throws in
            for number in 1...20 { history.keepCall { Self.call(number) } }
            history.flush()
            history.removeCalls(endedBeforeMs: 15_500)
            #expect(try history.calls(CallQuery()).count == 6)
        }
    }

    @Test("A file that is no database is told, and left alone")
    func refusesOthers() throws {
        try withHistory { history, folder throws in
            history.close()
            let other = "\(folder)/other"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            try Data("not a database, but somebody's text".utf8).write(to: URL(fileURLWithPath: "\(other)/history.sqlite"))
            #expect(throws: StoreError.self) { try HistoryDatabase(folder: other, logger: Logger(label: "test")) }
            #expect(try String(contentsOfFile: "\(other)/history.sqlite", encoding: .utf8).hasPrefix("not a database"))
        }
    }

    @Test("Lines of the log are found by text, level, time and place, and go when they are old")
    func log() throws {
        try withHistory { history, _ throws in
            for (number, level) in StoredLogLine.Level.allCases.enumerated() {
                history.keepLine {
                    StoredLogLine(
                        atMs: Int64(number) * 1_000, level: level, message: "Line \(number)", details: "address=192.0.2.\(number)")
                }
            }
            func found(_ change: (inout LogQuery) -> Void) throws -> [String] {
                var query = LogQuery()
                change(&query)
                return try history.lines(query).map(\.message)
            }
            #expect(try found { _ in } == ["Line 3", "Line 2", "Line 1", "Line 0"])
            #expect(try found { $0.level = .warning } == ["Line 3", "Line 2"])
            #expect(try found { $0.text = "line 2" } == ["Line 2"])
            #expect(try found { $0.text = "192.0.2.1" } == ["Line 1"])
            #expect(try found { ($0.fromMs, $0.toMs) = (1_000, 3_000) } == ["Line 2", "Line 1"])
            #expect(try found { ($0.beforeRow, $0.limit) = (3, 1) } == ["Line 1"])
            history.removeLines(beforeMs: 2_000)
            #expect(try found { _ in } == ["Line 3", "Line 2"])
        }
    }
}
