import Audio
public import Media

/// What a client asks to be recorded (ARI operations `record` of channels and bridges).
public struct RecordRequest: Sendable {
    /// Digits that end a recording.
    public enum Terminator: String, Sendable {
        case none
        case any
        case star = "*"
        case pound = "#"

        func matches(_ digit: Character) -> Bool {
            switch self {
            case .none: false
            case .any: true
            case .star, .pound: rawValue == String(digit)
            }
        }
    }

    public let name: RecordingName
    /// What the client called the format, such as `wav`.
    public let formatName: String
    let format: SoundFormat
    /// 0 for no limit.
    public var maxDurationSeconds: Int
    /// Silence that ends the recording; 0 for none.
    public var maxSilenceSeconds: Int
    public var existing: ExistingRecording
    /// Whether a beep comes first.
    public var beeps: Bool
    public var terminator: Terminator
    /// Two channels instead of one: of a channel what it says and what it hears, of a bridge its members by turns.
    public let isStereo: Bool

    /// Tells why nothing can be recorded in that way.
    public enum Problem: Error, Equatable {
        case unknownFormat
        case noStereo
    }

    /// Makes a request.
    ///
    /// - Throws: `Problem.unknownFormat`, or `noStereo` for two channels in another format than those of WAV files.
    public init(
        name: RecordingName, formatName: String, maxDurationSeconds: Int = 0, maxSilenceSeconds: Int = 0,
        existing: ExistingRecording = .refuse, beeps: Bool = false, terminator: Terminator = .none, isStereo: Bool = false
    ) throws(Problem) {
        guard let format = SoundFormat(fileExtension: formatName) else { throw .unknownFormat }
        guard !isStereo || format.isWAV else { throw .noStereo }
        self.name = name
        self.format = format
        self.formatName = formatName
        self.maxDurationSeconds = maxDurationSeconds
        self.maxSilenceSeconds = maxSilenceSeconds
        self.existing = existing
        self.beeps = beeps
        self.terminator = terminator
        self.isStereo = isStereo
    }

    /// Whether a recording that is there can be continued.
    public func continues(_ entry: RecordingEntry) -> Bool { entry.format == format }

    /// Longest duration and silence in seconds: what a day has.
    static let maxSeconds = 86_400

    var limits: AudioTap.Limits {
        AudioTap.Limits(
            durationMs: min(maxDurationSeconds, Self.maxSeconds) * 1_000, silenceMs: min(maxSilenceSeconds, Self.maxSeconds) * 1_000)
    }
}
