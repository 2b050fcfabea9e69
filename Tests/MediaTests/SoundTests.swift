import Audio
import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Media

/// A folder of a test that is gone with it.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/arioso-sounds-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        let entries = Array(SoundFilesWalk.all(path).reversed())
        for entry in entries where unlink(entry) != 0 { rmdir(entry) }
        rmdir(path)
    }

    /// Writes a file, making its folders.
    func write(_ name: String, _ bytes: [UInt8]) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            mkdir(folder, 0o755)
        }
        guard let file = fopen("\(path)/\(name)", "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    /// Writes a sound of one level; the rate is that of the format.
    func write(sound name: String, _ format: SoundFormat, level: Int16, ms: Int = 100) {
        let samples = [Int16](repeating: level, count: format.sampleRate * ms / 1_000)
        write(
            "\(name).\(format.fileExtension)", SoundFile.encode(PCMAudio(samples: samples, sampleRate: format.sampleRate), format: format))
    }
}

/// Lists a folder with everything below, parents first; links are not followed.
enum SoundFilesWalk {
    static func all(_ folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var result: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard name != ".", name != ".." else { continue }
            result.append("\(folder)/\(name)")
            var status = stat()
            if lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR { result += all("\(folder)/\(name)") }
        }
        return result
    }
}

@Suite("Sounds")
struct SoundTests {
    let folder = TemporaryFolder()
    let queue = DispatchQueue(label: "control")

    private func store(_ change: (inout SoundConfiguration) -> Void = { _ in }) -> SoundStore {
        var configuration = SoundConfiguration(folders: [folder.path])
        change(&configuration)
        return SoundStore(configuration: configuration) { [queue] work in queue.async(execute: work) }
    }

    private func level(_ result: Result<PCMBuffer, SoundError>) -> Int? {
        guard case .success(let buffer) = result, buffer.count > 50 else { return nil }
        return Int(buffer.samples[buffer.count / 2])
    }

    @Test("Languages fall back to their parents, then the default, then none")
    func languages() {
        for (index, place) in ["", "en/", "pt/", "pt_BR/", "pt_BR_f_Ana/"].enumerated() {
            for sound in 0...index { folder.write(sound: "\(place)s\(sound)", .sln, level: Int16(1_000 * index)) }
        }
        let store = store()
        func found(_ name: String, _ language: String) -> Int? {
            level(store.loadNow(name, language: language, rate: 8_000)).map { $0 / 1_000 }
        }
        #expect(found("s0", "pt_BR_f_Ana") == 4)
        #expect(found("s0", "pt_BR_m_Rui") == 3)
        #expect(found("s0", "pt-PT") == 2)
        #expect(found("s0", "xx") == 1)
        #expect(found("s0", "../pt") == 1)
        #expect(found("s4", "pt_BR_f_Ana") == 4)
        #expect(found("s1", "en") == 1)
        #expect(store.loadNow("s4", language: "en", rate: 8_000).failure == .notFound(name: "s4", language: "en"))
        #expect(SoundName.fallbacks(of: "en_US-x", defaultLanguage: "en") == ["en_US-x", "en_US", "en"])
        #expect(SoundName.fallbacks(of: "", defaultLanguage: "e/n") == [])
    }

    @Test("The format that loses least at a rate is chosen", arguments: [(8_000, 1), (16_000, 2), (24_000, 3), (32_000, 3), (48_000, 3)])
    func formats(rate: Int, expected: Int) {
        folder.write(sound: "en/a", .ulaw, level: 9_000)
        folder.write(sound: "en/a", .wav, level: 1_000)
        folder.write(sound: "en/a", .sln16, level: 2_000)
        folder.write(sound: "en/a", .g722, level: 9_000)
        folder.write(sound: "en/a", .sln32, level: 3_000)
        let result = store().loadNow("a", language: "en", rate: rate)
        #expect(level(result).map { ($0 + 50) / 1_000 } == expected)
        #expect((try? result.get())?.sampleRate == rate)
        #expect((try? result.get())?.durationMs == 100)
    }

    @Test(
        "No name leads out of the folders",
        arguments: [
            "../secret", "en/../../secret", "..", ".", "a/./b", "", "/", "a/", "/etc/passwd", "x\0y",
            String(repeating: "a", count: SoundName.maxBytes + 1),
        ])
    func traversal(name: String) {
        let outside = TemporaryFolder()
        outside.write(sound: "secret", .wav, level: 1)
        #expect(store().loadNow(name, language: "en", rate: 8_000).failure != nil)
        #expect(store().loadNow("\(outside.path)/secret", language: "en", rate: 8_000).failure != nil)
    }

    @Test("Absolute names and links work inside the folders only")
    func links() {
        let outside = TemporaryFolder()
        outside.write(sound: "secret", .wav, level: 1)
        folder.write(sound: "en_US/a", .wav, level: 5_000)
        symlink("\(outside.path)/secret.wav", "\(folder.path)/en_US/out.wav")
        symlink(outside.path, "\(folder.path)/far")
        symlink("\(folder.path)/en_US", "\(folder.path)/en")
        let store = store()
        #expect(level(store.loadNow("\(folder.path)/en_US/a", language: "", rate: 8_000)) == 5_000)
        #expect(level(store.loadNow("a", language: "en", rate: 8_000)) == 5_000)
        for name in ["out", "/\(folder.path)/far/secret", "far/secret"] {
            #expect(store.loadNow(name, language: "en_US", rate: 8_000).failure == .notFound(name: name, language: "en_US"))
        }
        #expect(
            SoundFiles(folders: [folder.path]).index() == [
                SoundEntry(id: "a", variants: [.init(language: "en", format: "slin")])
            ])
    }

    @Test("The list names each sound once with its languages and codings")
    func list() async {
        folder.write(sound: "en/b", .wav, level: 1)
        folder.write(sound: "en/b", .sln, level: 1)
        folder.write(sound: "en/b", .ulaw, level: 1)
        folder.write(sound: "fr/b", .sln16, level: 1)
        folder.write(sound: "en/digits/1", .g722, level: 1)
        folder.write("en/readme.txt", [1])
        folder.write("en/.wav", [1])
        let store = store()
        let entries = await withCheckedContinuation { done in store.list { done.resume(returning: $0) } }
        #expect(
            entries == [
                SoundEntry(
                    id: "b",
                    variants: [
                        .init(language: "en", format: "slin"), .init(language: "en", format: "ulaw"),
                        .init(language: "fr", format: "slin16"),
                    ]),
                SoundEntry(id: "digits/1", variants: [.init(language: "en", format: "g722")]),
            ])
    }

    @Test("Files at the size limit are read, one byte more is refused; what is no sound is told")
    func errors() {
        folder.write(sound: "en/a", .ulaw, level: 1, ms: 100)
        folder.write("en/bad.wav", [1, 2, 3])
        let path = "\(folder.path)/en/a.ulaw"
        #expect(store { $0.maxFileBytes = 800 }.loadNow("a", language: "en", rate: 8_000).failure == nil)
        #expect(store { $0.maxFileBytes = 799 }.loadNow("a", language: "en", rate: 8_000).failure == .tooLarge(path: path, limit: 799))
        guard case .undecodable? = store().loadNow("bad", language: "en", rate: 8_000).failure else {
            Issue.record("bad.wav was decoded"); return
        }
    }

    @Test("The cache keeps what was used last within its bytes, and gives the same audio until the file changes")
    func caching() throws {
        for name in ["a", "b", "c"] { folder.write(sound: "en/\(name)", .sln, level: 7, ms: 1_000) }
        let store = store { $0.cacheBytes = 2 * 16_000 }
        func load(_ name: String) throws -> ObjectIdentifier {
            ObjectIdentifier(try store.loadNow(name, language: "en", rate: 8_000).get())
        }
        let a = try store.loadNow("a", language: "en", rate: 8_000).get(), b = try store.loadNow("b", language: "en", rate: 8_000).get()
        #expect(try load("a") == ObjectIdentifier(a))
        let c = try store.loadNow("c", language: "en", rate: 8_000).get()
        #expect(try load("a") == ObjectIdentifier(a) && load("c") == ObjectIdentifier(c))
        #expect(try load("b") != ObjectIdentifier(b))
        folder.write(sound: "en/c", .sln, level: 9, ms: 500)
        #expect(try store.loadNow("c", language: "en", rate: 8_000).get().durationMs == 500)
    }

    @Test("Completions come through deliver; too many waiting loads are refused")
    func waiting() async {
        folder.write(sound: "en/a", .sln, level: 7)
        let store = store { $0.maxWaiting = 0 }
        let refused = await withCheckedContinuation { done in
            store.load("a", language: "en", rate: 8_000) { done.resume(returning: $0.failure) }
        }
        #expect(refused == .overloaded)
        let other = self.store()
        let key = DispatchSpecificKey<Bool>()
        queue.setSpecific(key: key, value: true)
        let onLoop = await withCheckedContinuation { done in
            other.load("a", language: "en", rate: 8_000) { result in
                done.resume(returning: result.failure == nil && DispatchQueue.getSpecific(key: key) == true)
            }
        }
        #expect(onLoop)
    }

    @Test("The installed sounds are found", .enabled(if: access("/usr/share/asterisk/sounds/en/hello-world.wav", R_OK) == 0))
    func installed() throws {
        let store = store { $0.folders = ["/usr/share/asterisk/sounds"] }
        let hello = try store.loadNow("hello-world", language: "en_US", rate: 8_000).get()
        #expect((1_000...3_000).contains(hello.durationMs))
        #expect(try store.loadNow("digits/1", language: "de", rate: 16_000).get().sampleRate == 16_000)
        #expect(
            SoundFiles(folders: ["/usr/share/asterisk/sounds"]).index().first { $0.id == "hello-world" }?.variants.contains(
                .init(language: "en", format: "slin")) == true)
    }
}

extension Result {
    /// Gives the error, nil on success.
    var failure: Failure? {
        if case .failure(let error) = self { return error }
        return nil
    }
}
