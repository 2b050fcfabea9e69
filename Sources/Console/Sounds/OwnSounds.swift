import Audio
import Foundation
import Media

/// The sounds that an administrator made or sent: WAV files in a folder for each language, which is searched before all others.
struct OwnSounds: Sendable {
    let folder: String

    static let limit = 20_000

    struct Entry: Sendable {
        var name: RecordingName
        var language: String
        var path: String
        var bytes: Int
        var modifiedMs: Int64
        var durationMs: Int
    }

    /// A language in the name of a folder, such as `en` or `pt_BR`.
    static func isLanguage(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte)
                    || (0x61...0x7A).contains(byte | 0x20)
            }
    }

    /// Lists them by name. Blocks.
    func all() -> [Entry] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        var entries: [Entry] = []
        while let path = walk.nextObject() as? String, entries.count < Self.limit {
            guard let slash = path.firstIndex(of: "/"), let dot = path.lastIndex(of: "."), slash < dot else { continue }
            let name = RecordingName(String(path[path.index(after: slash)..<dot]))
            guard let name, let format = SoundFormat(fileExtension: String(path[path.index(after: dot)...])), format.isWAV else { continue }
            if let entry = entry(name, String(path[..<slash]), format) { entries.append(entry) }
        }
        return entries.sorted { ($0.name.description, $0.language) < ($1.name.description, $1.language) }
    }

    func find(_ name: RecordingName, _ language: String) -> Entry? {
        [SoundFormat.wav48, .wav16, .wav].lazy.compactMap { entry(name, language, $0) }.first
    }

    private func entry(_ name: RecordingName, _ language: String, _ format: SoundFormat) -> Entry? {
        let path = path(name, language, format)
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path), facts[.type] as? FileAttributeType == .typeRegular,
            let bytes = facts[.size] as? Int, let modified = facts[.modificationDate] as? Date
        else { return nil }
        return Entry(
            name: name, language: language, path: path, bytes: bytes, modifiedMs: Int64(modified.timeIntervalSince1970 * 1_000),
            durationMs: format.samples(inBytes: max(0, bytes - SoundFile.wavHeaderBytes)) * 1_000 / format.sampleRate)
    }

    private func path(_ name: RecordingName, _ language: String, _ format: SoundFormat) -> String {
        "\(folder)/\(language)/\(name).\(format.fileExtension)"
    }

    /// Puts a sound there in place of one of the same name. Blocks.
    func write(_ bytes: [UInt8], _ format: SoundFormat, as name: RecordingName, _ language: String) throws {
        let path = path(name, language, format)
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        // Whole or not at all: a call may play it at this moment.
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        for other in [SoundFormat.wav, .wav16, .wav48] where other != format {
            try? FileManager.default.removeItem(atPath: self.path(name, language, other))
        }
    }

    /// - Returns: whether there was one.
    func remove(_ name: RecordingName, _ language: String) throws -> Bool {
        guard let entry = find(name, language) else { return false }
        try FileManager.default.removeItem(atPath: entry.path)
        return true
    }
}
