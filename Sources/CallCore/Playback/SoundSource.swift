public import Media

/// Finds and loads sounds in the background; the call core never waits for a disk. Completions come on the control loop.
@CallActor
public protocol SoundSource: AnyObject {
    /// Loads a sound by its name without extension, or by an absolute path inside a sound folder, in the best language there is,
    /// at `sampleRate`.
    func load(
        _ name: String, language: String, sampleRate: Int,
        completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void)

    /// Loads one piece of the music of a class; `turn` chooses which.
    func loadMusic(
        class name: String, turn: Int, sampleRate: Int, completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void)

    /// All sounds, for `GET /sounds`.
    func list(completion: @escaping @CallActor @Sendable ([SoundEntry]) -> Void)
}
