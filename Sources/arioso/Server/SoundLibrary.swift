import CallCore
import Media
import NIOCore

/// Serves the call core with sounds and music from the folders of the configuration.
@CallActor
final class SoundLibrary: SoundSource {
    private var sounds: SoundStore
    private var music: [String: MusicClass] = [:]

    init(sounds folders: [String], music: [String: String], defaultLanguage: String) {
        sounds = Self.store(folders, language: defaultLanguage)
        use(music: music)
    }

    /// Takes other folders; what is playing goes on.
    func use(sounds folders: [String], music: [String: String], defaultLanguage: String) {
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
        sounds.load(name, language: language, rate: sampleRate) { result in
            CallActor.assumeIsolated { completion(result) }
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
