import ARIModel
import ARIServer
import CallCore
import Dispatch
import Foundation
import Logging
import Synchronization

/// Log files that clients add over ARI: `<data>/logs/<name>.log`, written in the background, put aside when they are large.
final class LogFiles: Sendable {
    static let limit = 16
    /// Bytes after which a file is put aside.
    static let rotationBytes = 64 << 20
    /// Files put aside that are kept.
    static let kept = 4

    /// One file and the levels that go there.
    private struct Entry {
        let path: String
        let levels: Set<Logger.Level>
        let shown: String
        let handle: FileHandle
        var bytes: Int
    }

    private struct State {
        var folder = ""
        var consoleLevel = Logger.Level.info
        var entries: [String: Entry] = [:]
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "arioso.logs")

    /// Says where files are made, and what the console gets.
    func use(folder: String, consoleLevel: Logger.Level) {
        state.withLock { state in
            state.folder = folder
            state.consoleLevel = consoleLevel
        }
    }

    /// The place of the most talkative level that some file wants among all: asked for every line that might be written.
    private let lowest = Atomic<Int>(Logger.Level.allCases.count)

    /// The most talkative level that some file wants; nil while there is none.
    var lowestLevel: Logger.Level? {
        let place = lowest.load(ordering: .relaxed)
        return place < Logger.Level.allCases.count ? Logger.Level.allCases[place] : nil
    }

    private func levelsChanged() {
        let wanted = state.withLock { $0.entries.values.flatMap(\.levels).min() }
        let place = wanted.flatMap(Logger.Level.allCases.firstIndex) ?? Logger.Level.allCases.count
        lowest.store(place, ordering: .relaxed)
    }

    /// Writes a line to the files that want its level.
    func write(_ level: Logger.Level, _ line: @autoclosure () -> String) {
        guard let lowestLevel, level >= lowestLevel else { return }
        let names = state.withLock { state in state.entries.filter { $0.value.levels.contains(level) }.map(\.key) }
        guard !names.isEmpty else { return }
        let bytes = Data((line() + "\n").utf8)
        queue.async { [self] in
            for name in names { append(bytes, to: name) }
        }
    }

    private func append(_ bytes: Data, to name: String) {
        guard let entry = state.withLock({ $0.entries[name] }) else { return }
        do {
            try entry.handle.write(contentsOf: bytes)
        } catch {
            // A disk that is full must not take the server along; the console still has the line.
            return
        }
        let size = state.withLock { state in
            state.entries[name]?.bytes += bytes.count
            return state.entries[name]?.bytes ?? 0
        }
        if size > Self.rotationBytes { putAside(name) }
    }

    private func putAside(_ name: String) {
        guard let entry = state.withLock({ $0.entries[name] }) else { return }
        let files = FileManager.default
        try? files.removeItem(atPath: "\(entry.path).\(Self.kept)")
        for number in (1..<Self.kept).reversed() {
            try? files.moveItem(atPath: "\(entry.path).\(number)", toPath: "\(entry.path).\(number + 1)")
        }
        try? files.moveItem(atPath: entry.path, toPath: "\(entry.path).1")
        guard let handle = try? Self.open(entry.path) else { return }
        try? entry.handle.close()
        state.withLock { $0.entries[name] = Entry(path: entry.path, levels: entry.levels, shown: entry.shown, handle: handle, bytes: 0) }
    }

    private static func open(_ path: String) throws -> FileHandle {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        return handle
    }
}

extension LogFiles: LogChannels {
    var all: [LogChannel] {
        state.withLock { state in
            let console = LogChannel(
                channel: "Console", type: "Console", status: "Enabled",
                configuration: LevelName.shown(LevelName.all.filter { $0.levels.contains { $0 >= state.consoleLevel } }))
            let files = state.entries.values.sorted { $0.path < $1.path }.map {
                LogChannel(channel: $0.path, type: "File", status: "Enabled", configuration: $0.shown)
            }
            return [console] + files
        }
    }

    func add(_ name: String, levels: [String]) throws(LogChannelProblem) {
        guard (1...64).contains(name.utf8.count), !name.hasPrefix("."), name.utf8.allSatisfy(Self.isNameByte) else { throw .badName }
        let wanted = LevelName.all.filter { levels.contains($0.name) || levels.contains("*") }
        guard !wanted.isEmpty else { throw .noKnownLevel }
        let (folder, count, exists) = state.withLock { ($0.folder, $0.entries.count, $0.entries[name] != nil) }
        guard !exists else { throw .exists }
        guard count < Self.limit else { throw .tooMany }
        let path = "\(folder)/\(name).log"
        do {
            let handle = try Self.open(path)
            let bytes = Int((try? handle.offset()) ?? 0)
            let levels = Set(wanted.flatMap(\.levels))
            state.withLock {
                $0.entries[name] = Entry(path: path, levels: levels, shown: LevelName.shown(wanted), handle: handle, bytes: bytes)
            }
        } catch {
            throw .notWritable("\(error)")
        }
        levelsChanged()
    }

    func remove(_ name: String) -> Bool {
        guard let entry = state.withLock({ $0.entries.removeValue(forKey: name) }) else { return false }
        levelsChanged()
        queue.async { try? entry.handle.close() }
        return true
    }

    func rotate(_ name: String) -> Bool {
        guard state.withLock({ $0.entries[name] != nil }) else { return false }
        queue.async { [self] in putAside(name) }
        return true
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_.".utf8.contains(byte)
    }
}

/// A level by ARI's name.
private struct LevelName {
    let name: String
    let levels: [Logger.Level]

    static let all = [
        LevelName(name: "DEBUG", levels: [.trace, .debug]), LevelName(name: "VERBOSE", levels: [.info]),
        LevelName(name: "NOTICE", levels: [.notice]), LevelName(name: "WARNING", levels: [.warning]),
        LevelName(name: "ERROR", levels: [.error, .critical]),
    ]

    /// The names as ARI lists them, each followed by a blank.
    static func shown(_ names: [LevelName]) -> String { names.map { $0.name + " " }.joined() }
}
