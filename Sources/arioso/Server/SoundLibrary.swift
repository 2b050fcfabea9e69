import CallCore
import Media
import NIOCore
import RemoteMedia

/// Serves the call core with sounds and music from the folders of the configuration.
@CallActor
final class SoundLibrary: SoundSource {
    private var sounds: SoundStore
    private var music: [String: MusicClass] = [:]
    private let remote: RemoteMedia
    /// Where files of other hosts are kept.
    private let remoteSounds: SoundStore

    /// - Parameter remoteFolder: where files of other hosts are kept.
    init(
        sounds folders: [String], music: [String: String], defaultLanguage: String, remoteFolder: String,
        remote settings: RemoteMediaSettings,
        log: @escaping @Sendable (String) -> Void
    ) {
        sounds = Self.store(folders, language: defaultLanguage)
        remote = RemoteMedia(folder: remoteFolder, settings: settings, log: log)
        remoteSounds = Self.store([remoteFolder], language: "")
        use(music: music)
    }

    /// Takes other folders and hosts; what is playing goes on.
    func use(sounds folders: [String], music: [String: String], defaultLanguage: String, remote settings: RemoteMediaSettings) {
        Task { await remote.use(settings) }
        sounds = Self.store(folders, language: defaultLanguage)
        use(music: music)
    }

    private func use(music folders: [String: String]) {
        music = folders.mapValues { MusicClass(folder: $0) }
    }

    fileprivate static func store(_ folders: [String], language: String) -> SoundStore {
        var configuration = SoundConfiguration(folders: folders)
        configuration.defaultLanguage = language
        return SoundStore(configuration: configuration) { work in CallActor.loop.execute(work) }
    }

    func load(
        _ name: String, language: String, sampleRate: Int,
        completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void
    ) {
        guard !Self.isRemote(name) else { return loadRemote(name, sampleRate: sampleRate, completion: completion) }
        sounds.load(name, language: language, rate: sampleRate) { result in
            CallActor.assumeIsolated { completion(result) }
        }
    }

    private static func isRemote(_ name: String) -> Bool {
        let start = name.prefix(8).lowercased()
        return start.hasPrefix("http://") || start == "https://"
    }

    private func loadRemote(
        _ address: String, sampleRate: Int, completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void
    ) {
        Task { @CallActor in
            do {
                let name = try await remote.name(of: address)
                remoteSounds.load(name, language: "", rate: sampleRate) { result in CallActor.assumeIsolated { completion(result) } }
            } catch {
                completion(.failure(.unreadable(path: address, reason: "\(error)")))
            }
        }
    }

    func loadMusic(
        class name: String, turn: Int, sampleRate: Int, completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void
    ) {
        guard let folder = music[name] else {
            completion(.failure(.notFound(name: "music class \(name)", language: "")))
            return
        }
        folder.load(turn: turn, sampleRate: sampleRate, completion: completion)
    }

    func list(completion: @escaping @CallActor @Sendable ([SoundEntry]) -> Void) {
        sounds.list { entries in CallActor.assumeIsolated { completion(entries) } }
    }
}

/// The pieces of one music class, listed when they are first wanted.
@CallActor
private final class MusicClass {
    private let store: SoundStore
    private let folder: String
    private var pieces: [String]?

    init(folder: String) {
        self.folder = folder
        store = SoundLibrary.store([folder], language: "")
    }

    func load(turn: Int, sampleRate: Int, completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void) {
        guard let pieces else {
            store.listPlain { names in
                CallActor.assumeIsolated {
                    self.pieces = names
                    self.load(turn: turn, sampleRate: sampleRate, completion: completion)
                }
            }
            return
        }
        guard !pieces.isEmpty else {
            completion(.failure(.notFound(name: "any sound file in \(folder)", language: "")))
            self.pieces = nil
            return
        }
        let piece = pieces[turn % pieces.count]
        store.load(piece, language: "", rate: sampleRate) { result in CallActor.assumeIsolated { completion(result) } }
    }
}
