internal import Audio
internal import Dispatch
internal import Synchronization

/// Finds, decodes and keeps sound files for players, on its own threads.
///
/// A name like `digits/1` is looked for in each folder under the wanted language, its parents (`en_US` → `en`) and the default one,
/// then without language, in the format that loses least at the wanted rate. Absolute names work inside the folders. No name and no
/// symbolic link leads out of them.
public final class SoundStore: Sendable {
    private let configuration: SoundConfiguration
    private let files: SoundFiles
    private let deliver: @Sendable (@escaping @Sendable () -> Void) -> Void
    /// Serial queues; one name always takes the same one, so a file wanted twice at once is decoded once.
    private let queues: [DispatchQueue]
    private let cache: Mutex<SoundCache>
    private let waiting = Mutex(0)

    /// Makes a store.
    ///
    /// - Parameter deliver: runs a closure on the control loop; completions are called there.
    public init(configuration: SoundConfiguration, deliver: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void) {
        self.configuration = configuration
        self.deliver = deliver
        files = SoundFiles(folders: configuration.folders)
        queues = (0..<min(max(configuration.threads, 1), 16)).map { DispatchQueue(label: "arioso.sounds.\($0)") }
        cache = Mutex(SoundCache(limitBytes: configuration.cacheBytes))
    }

    /// Loads a sound at a rate in Hz, in the background; the completion is called through `deliver`.
    public func load(_ name: String, language: String, rate: Int, completion: @escaping @Sendable (Result<PCMBuffer, SoundError>) -> Void) {
        let queue = queues[Int(UInt(bitPattern: name.hashValue) % UInt(queues.count))]
        enqueue(on: queue, refused: { completion(.failure(.overloaded)) }) { store in
            let result = store.loadNow(name, language: language, rate: rate)
            return { completion(result) }
        }
    }

    /// Lists all sounds by name, in the background; the completion is called through `deliver`. Empty when too many loads wait.
    public func list(completion: @escaping @Sendable ([SoundEntry]) -> Void) {
        enqueue(on: queues[0], refused: { completion([]) }) { store in
            let entries = store.files.index()
            return { completion(entries) }
        }
    }

    /// Lists the sounds in the folders themselves by name, in the background; the completion is called through `deliver`.
    public func listPlain(completion: @escaping @Sendable ([String]) -> Void) {
        enqueue(on: queues[0], refused: { completion([]) }) { store in
            let names = store.files.plainNames()
            return { completion(names) }
        }
    }

    private func enqueue(
        on queue: DispatchQueue, refused: @escaping @Sendable () -> Void,
        work: @escaping @Sendable (SoundStore) -> @Sendable () -> Void
    ) {
        let admitted = waiting.withLock { count in
            guard count < configuration.maxWaiting else { return false }
            count += 1
            return true
        }
        guard admitted else { return deliver(refused) }
        queue.async {
            let completion = work(self)
            self.waiting.withLock { $0 -= 1 }
            self.deliver(completion)
        }
    }

    /// Loads a sound on the calling thread, blocking it.
    func loadNow(_ text: String, language: String, rate: Int) -> Result<PCMBuffer, SoundError> {
        do throws(SoundError) {
            guard let name = SoundName(text) else { throw .badName(text) }
            guard let found = files.find(name, language: language, defaultLanguage: configuration.defaultLanguage, rate: rate) else {
                throw .notFound(name: text, language: language)
            }
            let key = SoundCache.Key(file: found, rate: rate)
            if let known = cache.withLock({ $0.find(key) }) { return .success(known) }
            let buffer = try decode(found, rate: rate)
            cache.withLock { $0.insert(buffer, for: key) }
            return .success(buffer)
        } catch {
            return .failure(error)
        }
    }

    private func decode(_ found: SoundFiles.Found, rate: Int) throws(SoundError) -> PCMBuffer {
        let bytes = try files.read(found, limit: configuration.maxFileBytes)
        do throws(SoundFileError) {
            return PCMBuffer(try SoundFile.decode(bytes: bytes, format: found.format).resampled(to: rate))
        } catch {
            throw .undecodable(path: found.path, reason: error.description)
        }
    }
}
