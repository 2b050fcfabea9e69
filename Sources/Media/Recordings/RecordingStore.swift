public import Audio
internal import Dispatch
internal import Glibc

/// Writes recordings and keeps them: files in one folder, named `<name>.<format>`, looked after by background threads, so that no disk ever
/// holds up a call.
///
/// Completions are called on the control loop. What is asked of one name is done in the order in which it was asked, but for lists and copies.
///
/// `@unchecked Sendable`: `open` is touched on `writing` only.
public final class RecordingStore: @unchecked Sendable {
    /// Recordings that may be written at one time.
    public static let maxOpen = 4_096
    /// How often what was recorded is written to the disk.
    static let periodMs = 1_000

    private let files: StoredRecordings
    private let deliver: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let log: @Sendable (String) -> Void
    private let writing = DispatchQueue(label: "arioso.recordings.write")
    private let reading = DispatchQueue(label: "arioso.recordings.read")
    private let timer: any DispatchSourceTimer
    private var open: [RecordingName: Entry] = [:]

    private struct Entry {
        let file: RecordingFile
        let onFailure: @Sendable (RecordingError) -> Void
        var isReported = false
    }

    /// Makes a store; headers that a killed process left behind are repaired in the background.
    ///
    /// - Parameters:
    ///   - folder: made with the first recording.
    ///   - log: told, from any thread, what an administrator should know.
    ///   - deliver: runs a closure on the control loop; completions are called there.
    public init(
        folder: String, log: @escaping @Sendable (String) -> Void = { _ in },
        deliver: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
    ) {
        files = StoredRecordings(folder: folder)
        self.log = log
        self.deliver = deliver
        timer = DispatchSource.makeTimerSource(queue: writing)
        let files = files
        writing.async {
            let names = files.repair()
            if !names.isEmpty { log("repaired \(names.count) recordings that were cut off, the first is \(names[0])") }
        }
        timer.setEventHandler { [weak self] in self?.writeAll() }
        timer.schedule(deadline: .now() + .milliseconds(Self.periodMs), repeating: .milliseconds(Self.periodMs))
        timer.resume()
    }

    deinit { timer.cancel() }

    // MARK: Writing

    /// Opens the file of a recording and writes to it what a tap gets, until ``finish(_:trimMs:completion:)`` or ``discard(_:completion:)``.
    ///
    /// - Parameters:
    ///   - onFailure: called once when nothing more can be written; the recording is still to be finished.
    ///   - completion: told when the file is there.
    public func begin(
        _ name: RecordingName, format: SoundFormat, existing: ExistingRecording, from tap: AudioTap,
        onFailure: @escaping @Sendable (RecordingError) -> Void, completion: @escaping @Sendable (Result<Void, RecordingError>) -> Void
    ) {
        writing.async { [self] in
            let result = Result { () throws(RecordingError) in
                guard open.count < Self.maxOpen else { throw .overloaded }
                guard open[name] == nil else { throw .exists }
                try files.makeFolders(for: name)
                if existing != .append, let found = try? files.find(name) {
                    if existing == .refuse { throw .exists }
                    if found.format != format { try files.delete(name) }
                }
                let file = try RecordingFile(files.path(of: name, format), format, existing: existing, from: tap)
                open[name] = Entry(file: file, onFailure: onFailure)
            }
            deliver { completion(result) }
        }
    }

    /// Writes the rest of a recording whose tap has ended and closes its file.
    ///
    /// - Parameters:
    ///   - trimMs: milliseconds taken off at its end.
    ///   - completion: told how many milliseconds the file holds.
    public func finish(_ name: RecordingName, trimMs: Int = 0, completion: @escaping @Sendable (Result<Int, RecordingError>) -> Void) {
        writing.async { [self] in
            let file = open.removeValue(forKey: name)?.file
            file?.finish(trimMs: trimMs)
            let result: Result<Int, RecordingError> =
                file.map { file in file.failure.map { .failure($0) } ?? .success(file.durationMs) } ?? .failure(.notFound)
            deliver { completion(result) }
        }
    }

    /// Ends a recording and removes its file.
    public func discard(_ name: RecordingName, completion: @escaping @Sendable () -> Void) {
        writing.async { [self] in
            open.removeValue(forKey: name)?.file.discard()
            deliver(completion)
        }
    }

    private func writeAll() {
        for (name, entry) in open {
            entry.file.write()
            guard let failure = entry.file.failure, !entry.isReported else { continue }
            open[name]?.isReported = true
            log("can't write a recording: \(failure)")
            let onFailure = entry.onFailure
            deliver { onFailure(failure) }
        }
    }

    // MARK: What is kept

    /// Finds a recording.
    public func find(_ name: RecordingName, completion: @escaping @Sendable (Result<RecordingEntry, RecordingError>) -> Void) {
        answer(on: writing, completion) { (files) throws(RecordingError) in
            RecordingEntry(name: name.description, format: try files.find(name).format)
        }
    }

    /// Lists all recordings by name.
    public func list(completion: @escaping @Sendable ([RecordingEntry]) -> Void) {
        reading.async { [self] in
            let entries = files.list()
            deliver { completion(entries) }
        }
    }

    /// Lists all recordings by name, with what their files tell.
    public func listDetails(completion: @escaping @Sendable ([RecordingDetails]) -> Void) {
        reading.async { [self] in
            let details = files.details()
            deliver { completion(details) }
        }
    }

    /// Removes a recording.
    public func delete(_ name: RecordingName, completion: @escaping @Sendable (Result<Void, RecordingError>) -> Void) {
        answer(on: writing, completion) { (files) throws(RecordingError) in try files.delete(name) }
    }

    /// Copies a recording under a name that nothing has yet.
    public func copy(
        _ name: RecordingName, to other: RecordingName, completion: @escaping @Sendable (Result<RecordingEntry, RecordingError>) -> Void
    ) {
        answer(on: reading, completion) { (files) throws(RecordingError) in try files.copy(name, to: other) }
    }

    /// Loads a recording for a player, at a rate in Hz; one that is still being made as far as it is written.
    public func load(_ name: RecordingName, rate: Int, completion: @escaping @Sendable (Result<PCMBuffer, RecordingError>) -> Void) {
        answer(on: reading, completion) { (files) throws(RecordingError) in
            let found = try files.find(name)
            let content = try RecordingContent(found)
            let bytes = try content.read(upTo: SoundFile.maximumBytes)
            do throws(SoundFileError) {
                return PCMBuffer(try SoundFile.decode(bytes: bytes, format: found.format).resampled(to: rate))
            } catch {
                throw .system(path: found.path, reason: error.description)
            }
        }
    }

    /// Opens the file of a recording for who wants its bytes.
    public func open(_ name: RecordingName, completion: @escaping @Sendable (Result<RecordingContent, RecordingError>) -> Void) {
        answer(on: writing, completion) { (files) throws(RecordingError) in try RecordingContent(try files.find(name)) }
    }

    /// Reads on in a file; no bytes at its end.
    public func read(
        _ content: RecordingContent, upTo limit: Int, completion: @escaping @Sendable (Result<[UInt8], RecordingError>) -> Void
    ) {
        answer(on: reading, completion) { (_) throws(RecordingError) in try content.read(upTo: limit) }
    }

    private func answer<Value: Sendable>(
        on queue: DispatchQueue, _ completion: @escaping @Sendable (Result<Value, RecordingError>) -> Void,
        work: @escaping @Sendable (StoredRecordings) throws(RecordingError) -> Value
    ) {
        queue.async { [self] in
            let result = Result { () throws(RecordingError) in try work(files) }
            deliver { completion(result) }
        }
    }
}
