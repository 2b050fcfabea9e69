public import Audio

/// Names something that a port can play.
public enum PlayItem: Sendable {
    /// Audio from a position in milliseconds; with `loop` it starts over at its end and never finishes.
    case audio(PCMBuffer, fromMs: Int = 0, loop: Bool = false)
    /// A tone program; one without loop finishes.
    case tone(ToneProgram)
    /// What comes from elsewhere, endless; nothing is said while nothing comes.
    case feed(AudioFeed)
    /// Packets of silence, endless.
    case silence
}

/// Describes one digit to be sent.
public struct DigitToSend: Sendable, Equatable {
    /// `0`-`9`, `*`, `#`, `A`-`D`; anything else counts as a pause of `durationMs`.
    public var digit: Character
    /// Milliseconds for which the digit lasts, 40...8000; others are brought to the nearest.
    public var durationMs: Int
    /// Milliseconds of silence behind it, 0...60000; others are brought to the nearest.
    public var gapAfterMs: Int

    /// Makes a digit with the usual lengths.
    public init(_ digit: Character, durationMs: Int = 100, gapAfterMs: Int = 100) {
        self.digit = digit
        self.durationMs = durationMs
        self.gapAfterMs = gapAfterMs
    }
}

/// Holds the thresholds of talk detection.
public struct TalkDetection: Sendable, Equatable {
    /// Milliseconds of silence that end a talk.
    public var silenceMs: Int
    /// Mean absolute sample, 0...32767, above which a frame counts as talk.
    public var threshold: Int

    /// Makes talk detection settings.
    public init(silenceMs: Int = 2_500, threshold: Int = 256) {
        self.silenceMs = silenceMs
        self.threshold = threshold
    }
}
