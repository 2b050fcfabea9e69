/// Says which tone is looked for on a port, and in whose audio.
public struct ToneDetection: Sendable, Equatable {
    /// Frequency in Hz, at least 1; one above half the sample rate is never heard.
    public var frequency: Int
    /// Milliseconds for which the tone must last, at least 1.
    public var durationMs: Int
    /// By how many dB the tone must exceed everything else.
    public var thresholdDB: Double
    /// Whether what the device says is looked at.
    public var incoming: Bool
    /// Whether what the device hears is looked at.
    public var outgoing: Bool

    /// Makes tone detection settings.
    public init(frequency: Int, durationMs: Int = 500, thresholdDB: Double = 16, incoming: Bool = true, outgoing: Bool = true) {
        self.frequency = frequency
        self.durationMs = durationMs
        self.thresholdDB = thresholdDB
        self.incoming = incoming
        self.outgoing = outgoing
    }
}
