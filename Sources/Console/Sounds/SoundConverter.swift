import Audio
import Foundation

/// Makes a sound file that the server plays of one that somebody has: mono, 16 bits, at a rate of telephony.
enum SoundConverter {
    enum Failure: Error, CustomStringConvertible {
        case noConverter
        case unreadable(String)
        case tooSlow

        var description: String {
            switch self {
            case .noConverter:
                "sox is not installed on the server. Install it, or send WAV with 16 bits, one channel and 8000, 16000 or 48000 samples a second."
            case .unreadable(let reason): "The file can't be read as a sound: \(reason)"
            case .tooSlow: "Converting took too long."
            }
        }
    }

    /// File name extensions that sox is asked to read.
    static let kinds: Set<String> = [
        "wav", "mp3", "ogg", "oga", "opus", "flac", "aiff", "aif", "au", "gsm", "ul", "al", "webm", "m4a", "amr", "sln",
    ]
    private static let limitSeconds = 60.0

    /// Blocks. What is right already is not touched.
    ///
    /// - Parameter kind: the file name extension, one of `kinds`.
    /// - Returns: a WAV file and the format whose rate it has.
    static func convert(_ bytes: [UInt8], kind: String) throws(Failure) -> (bytes: [UInt8], format: SoundFormat) {
        if kind == "wav", let ready = ready(bytes) { return ready }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("arioso-sound-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appendingPathComponent("in.\(kind)"), folder.appendingPathComponent("out.wav"))
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(bytes).write(to: source)
        } catch {
            throw .unreadable("\(error)")
        }
        // Speech of a telephone has no more than 16,000 samples a second; music files lose what no phone would play.
        try run(source, target)
        guard let made = try? Data(contentsOf: target), let ready = ready(Array(made)) else { throw .unreadable("nothing came of it") }
        return ready
    }

    /// A WAV file as the server plays it, as it is.
    private static func ready(_ bytes: [UInt8]) -> (bytes: [UInt8], format: SoundFormat)? {
        for format in [SoundFormat.wav, .wav16, .wav48] {
            guard let audio = try? SoundFile.decode(bytes: bytes, format: format), audio.sampleRate == format.sampleRate else { continue }
            return audio.samples.isEmpty ? nil : (SoundFile.encodeWAV(audio), format)
        }
        return nil
    }

    private static func run(_ source: URL, _ target: URL) throws(Failure) {
        guard let sox = ["/usr/bin/sox", "/usr/local/bin/sox"].first(where: FileManager.default.isExecutableFile) else {
            throw .noConverter
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: sox)
        process.arguments = ["-V1", source.path, "-b", "16", "-c", "1", "-r", "16000", target.path]
        let errors = Pipe()
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let done = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in done.signal() }
        do {
            try process.run()
        } catch {
            throw .unreadable("\(error)")
        }
        guard done.wait(timeout: .now() + limitSeconds) == .success else {
            process.terminate()
            throw .tooSlow
        }
        guard process.terminationStatus != 0 else { return }
        let said = String(decoding: errors.fileHandleForReading.availableData.prefix(1_000), as: UTF8.self)
        let line = said.split(separator: "\n").last.map(String.init) ?? "sox gave up"
        throw .unreadable(line.replacing(source.path, with: "the file").replacing("sox FAIL ", with: ""))
    }
}
