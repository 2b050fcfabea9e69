import Audio
import Foundation
import Testing

@testable import Media

@Suite("Stored recordings")
struct RecordingStoreTests {
    private let folder = Folder()
    private let store: RecordingStore

    /// A folder that is removed at the end.
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.appending(path: "arioso-\(UUID().uuidString)").path
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    init() { store = RecordingStore(folder: folder.path) { $0() } }

    private func name(_ text: String) throws -> RecordingName { try #require(RecordingName(text)) }

    private func bytes(_ file: String) -> [UInt8] { Self.bytes(file, in: folder) }

    private static func bytes(_ file: String, in folder: Folder) -> [UInt8] {
        (FileManager.default.contents(atPath: "\(folder.path)/\(file)")).map { [UInt8]($0) } ?? []
    }

    private func put(_ bytes: [UInt8], _ file: String) throws { try Self.put(bytes, file, in: folder) }

    private static func put(_ bytes: [UInt8], _ file: String, in folder: Folder) throws {
        let path = URL(fileURLWithPath: "\(folder.path)/\(file)")
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: path)
    }

    private func begin(
        _ name: RecordingName, _ format: SoundFormat = .wav, _ existing: ExistingRecording = .refuse, _ tap: AudioTap
    ) async -> Result<Void, RecordingError> {
        await withCheckedContinuation { continuation in
            store.begin(name, format: format, existing: existing, from: tap, onFailure: { _ in }) { continuation.resume(returning: $0) }
        }
    }

    private func finish(_ name: RecordingName, trimMs: Int = 0) async -> Result<Int, RecordingError> {
        await withCheckedContinuation { continuation in store.finish(name, trimMs: trimMs) { continuation.resume(returning: $0) } }
    }

    /// Makes a tap that has heard a level for a time.
    private func tap(_ level: Int16, ms: Int, part: AudioTap.Part = .said, rate: Int = 8_000) -> AudioTap {
        let tap = AudioTap(part, sampleRate: rate) { _ in }
        feed(tap, level, ms: ms)
        return tap
    }

    private func feed(_ tap: AudioTap, _ level: Int16, ms: Int) {
        var arena = FrameArena()
        let count = Frame.count(atRate: tap.sampleRate)
        let samples = [Int16](repeating: level, count: count)
        for _ in 0..<ms / Frame.durationMs {
            arena.reset()
            samples.withUnsafeBufferPointer {
                let frame = $0.baseAddress.map { Frame(samples: $0, count: count, rate: tap.sampleRate) }
                _ = tap.take(frame, frame, &arena)
            }
        }
    }

    @Test("What was heard is in the file, in every format", arguments: SoundFormat.allCases)
    func formats(format: SoundFormat) async throws {
        let name = try name("a")
        let tap = tap(4_000, ms: 500, rate: format.sampleRate)
        #expect(try await begin(name, format, .refuse, tap).get() == ())
        #expect(try await finish(name).get() == 500)
        let heard = try SoundFile.decode(bytes: bytes("a.\(format.fileExtension)"), format: format)
        #expect(heard.sampleRate == format.sampleRate && heard.durationMs == 500)
        #expect(heard.samples.map { Int(abs($0)) }.max() ?? 0 > 3_000)
    }

    @Test("A file can be played while it is made: its header tells of all that is there", .timeLimit(.minutes(1)))
    func headerWhileRecording() async throws {
        let name = try name("live")
        let tap = tap(4_000, ms: 400)
        try await begin(name, .wav, .refuse, tap).get()
        func durationMs() throws -> Int { try SoundFile.decode(bytes: bytes("live.wav"), format: .wav).durationMs }
        while try durationMs() < 400 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try durationMs() == 400)
        _ = await finish(name)
    }

    @Test("Two channels are kept apart")
    func stereo() async throws {
        let name = try name("two")
        try await begin(name, .wav, .refuse, tap(4_000, ms: 100, part: .sides)).get()
        #expect(try await finish(name).get() == 100)
        let file = bytes("two.wav")
        #expect(file.count == 44 + 2 * 1_600 && file[22] == 2)
    }

    @Test("An existing recording refuses, is replaced or is continued, the last only with the same kind of audio")
    func existing() async throws {
        let name = try name("folder/b")
        for (mode, total) in [(ExistingRecording.refuse, 200), (.append, 400), (.overwrite, 200)] {
            try await begin(name, .wav, mode, tap(4_000, ms: 200)).get()
            #expect(try await finish(name).get() == total)
            #expect(try SoundFile.decode(bytes: bytes("folder/b.wav"), format: .wav).durationMs == total)
        }
        await #expect(throws: RecordingError.exists) { try await begin(name, .wav, .refuse, tap(1, ms: 20)).get() }
        await #expect(throws: RecordingError.exists) { try await begin(name, .ulaw, .refuse, tap(1, ms: 20)).get() }
        await #expect(throws: RecordingError.self) { try await begin(name, .wav, .append, tap(1, ms: 20, part: .sides)).get() }
        try await begin(name, .ulaw, .overwrite, tap(4_000, ms: 100)).get()
        #expect(try await finish(name).get() == 100)
        #expect(bytes("folder/b.wav").isEmpty && bytes("folder/b.ulaw").count == 800)
    }

    @Test("Silence at the end is taken off, and a recording thrown away leaves nothing")
    func trimAndDiscard() async throws {
        let name = try name("c")
        try await begin(name, .wav, .refuse, tap(4_000, ms: 1_000)).get()
        #expect(try await finish(name, trimMs: 300).get() == 700)
        #expect(bytes("c.wav").count == 44 + 2 * 5_600)
        let gone = try self.name("d")
        try await begin(gone, .wav, .refuse, tap(4_000, ms: 1_000)).get()
        await withCheckedContinuation { continuation in store.discard(gone) { continuation.resume() } }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/d.wav"))
    }

    @Test("Recordings are listed, found, copied and deleted by name; nothing leads out of the folder")
    func keeping() async throws {
        let audio = SoundFile.encode(PCMAudio(samples: [1, 2, 3], sampleRate: 8_000), format: .wav)
        try put(audio, "x.wav")
        try put(audio, "deep/er/y.wav")
        try put([1, 2], "x.ulaw")
        try put([1], "notes.txt")
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/out", withDestinationPath: "/tmp")
        let files = StoredRecordings(folder: folder.path)
        #expect(files.list() == [RecordingEntry(name: "deep/er/y", format: .wav), RecordingEntry(name: "x", format: .wav)])
        #expect(try files.copy(try name("x"), to: try name("deep/copy")) == RecordingEntry(name: "deep/copy", format: .wav))
        #expect(bytes("deep/copy.wav") == audio)
        #expect(throws: RecordingError.exists) { try files.copy(try name("x"), to: try name("deep/copy")) }
        #expect(throws: RecordingError.notFound) { try files.copy(try name("none"), to: try name("z")) }
        #expect(throws: RecordingError.forbidden) { try files.copy(try name("x"), to: try name("out/z")) }
        await #expect(throws: RecordingError.forbidden) { try await begin(try name("out/z"), .wav, .refuse, tap(1, ms: 20)).get() }
        try files.delete(try name("x"))
        #expect(throws: RecordingError.notFound) { try files.find(try name("x")) }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/x.ulaw"))
    }

    @Test(
        "Names that lead elsewhere or that no file could have are refused",
        arguments: [
            "", "..", "../x", "a/../b", "a//b", "/a", "a/", ".", "a/./b", "a\u{0}b", "a\nb", String(repeating: "a", count: 241),
            String(repeating: "a/", count: 8) + "a",
        ])
    func badNames(text: String) { #expect(RecordingName(text) == nil) }

    @Test("Names with folders, dots, blanks and other scripts are fine", arguments: ["a", "a/b", "v1.2 final", "звонок", ".hidden", "..a"])
    func goodNames(text: String) { #expect(RecordingName(text)?.description == text) }

    @Test("A file whose process was killed between data and header is repaired; other files are left alone")
    func repair() throws {
        let audio = SoundFile.encode(PCMAudio(samples: [Int16](repeating: 7, count: 100), sampleRate: 8_000), format: .wav)
        let cut = SoundFile.wavHeader(sampleRate: 8_000, dataBytes: 40) + audio.dropFirst(44) + [9]
        let foreign = Array("RIFF1234WAVEJUNK".utf8) + [UInt8](repeating: 3, count: 60)
        // Not the store's folder, which it repairs itself.
        let folder = Folder()
        func put(_ bytes: [UInt8], _ file: String) throws { try Self.put(bytes, file, in: folder) }
        func bytes(_ file: String) -> [UInt8] { Self.bytes(file, in: folder) }
        try put(audio, "whole.wav")
        try put(cut, "sub/cut.wav")
        try put(foreign, "foreign.wav")
        try put([1, 2, 3], "short.wav")
        #expect(StoredRecordings(folder: folder.path).repair() == ["sub/cut"])
        #expect(bytes("sub/cut.wav") == audio + [9])
        #expect(bytes("whole.wav") == audio && bytes("foreign.wav") == foreign && bytes("short.wav") == [1, 2, 3])
    }

    @Test("A disk that is full ends the recording with a reason, and what came before can be played")
    func fullDisk() async throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let tap = tap(4_000, ms: 200)
        // Writing through a link is refused; a device in place of the file is what a full disk looks like.
        #expect(throws: RecordingError.self) { try RecordingFile("/dev/full", .wav, existing: .append, from: tap) }
    }

    @Test("The content of a recording comes in pieces, from the beginning to the end that it had")
    func content() async throws {
        try put([UInt8](0..<200), "e.ulaw")
        let content = try RecordingContent(StoredRecordings(folder: folder.path).find(try name("e")))
        #expect(content.byteCount == 200)
        try put([UInt8](repeating: 0, count: 10), "other.ulaw")
        #expect(try content.read(upTo: 150) == [UInt8](0..<150))
        #expect(try content.read(upTo: 150) == [UInt8](150..<200))
        #expect(try content.read(upTo: 150).isEmpty)
    }
}
