/// Holds where sounds are looked for and how much of them is kept in memory.
public struct SoundConfiguration: Sendable {
    /// Folders that hold `<language>/<name>.<format>` and `<name>.<format>`, searched in order. Absolute names are served from inside
    /// them only.
    public var folders: [String]
    /// Language used where the wanted one has no such sound.
    public var defaultLanguage: String = "en"
    /// Bytes of decoded audio kept for the next player.
    public var cacheBytes: Int = 64 << 20
    /// Largest file read, in bytes.
    public var maxFileBytes: Int = 64 << 20
    /// Threads that read and decode, 1...16.
    public var threads: Int = 2
    /// Loads that may wait for a thread.
    public var maxWaiting: Int = 1_024

    /// Makes the default settings for some folders.
    public init(folders: [String]) { self.folders = folders }
}

/// Tells why a sound could not be loaded.
public enum SoundError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The name is empty, too long, or leads out of its folder.
    case badName(String)
    /// No folder holds the sound in the language, its parent languages or the default one.
    case notFound(name: String, language: String)
    /// The file is larger than the configuration allows.
    case tooLarge(path: String, limit: Int)
    /// The file could not be read; `reason` is the system's text.
    case unreadable(path: String, reason: String)
    /// The file's content is not what its name says.
    case undecodable(path: String, reason: String)
    /// Too many loads are waiting.
    case overloaded

    public var description: String {
        switch self {
        case .badName(let name): "'\(name)' is not a sound name; give a path below a sound folder, without '..' and extension"
        case .notFound(let name, let language): "no sound '\(name)' for language '\(language)' in the sound folders"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit) bytes"
        case .unreadable(let path, let reason): "can't read \(path): \(reason)"
        case .undecodable(let path, let reason): "can't decode \(path): \(reason)"
        case .overloaded: "too many sounds are being loaded; try again"
        }
    }
}

/// Describes one sound of the list behind GET /sounds.
public struct SoundEntry: Sendable, Equatable {
    /// Says that the sound exists in a language and a format.
    public struct Variant: Sendable, Hashable, Comparable {
        /// Folder name of the language, such as `en`.
        public var language: String
        /// ARI's name of the coding, such as `slin`.
        public var format: String

        public static func < (left: Variant, right: Variant) -> Bool {
            (left.language, left.format) < (right.language, right.format)
        }
    }

    /// Name that plays it (`sound:<id>`).
    public var id: String
    /// By language, then format; none twice.
    public var variants: [Variant]
}
