/// Sizes and limits of a jitter buffer.
public struct JitterBufferConfiguration: Sendable, Hashable {
    /// Rate of the RTP timestamps in Hz.
    public var clockRate: Int
    /// Length of a frame until packets say otherwise, in ms.
    public var frameMs: Int
    /// Delay that is kept even on a perfect network.
    public var minimumDelayMs: Int
    /// Delay at the start of a stream, until the network is known.
    public var initialDelayMs: Int
    /// Delay that is never exceeded for long; packets beyond it are left out.
    public var maximumDelayMs: Int
    /// Largest payload kept; larger packets are refused.
    public var payloadCapacity: Int

    /// Limits of the values above; others are brought into them when a buffer is made.
    static let clockRates = 1000...192_000
    static let frameLengthsMs = 5...120
    static let delaysMs = 0...2000
    static let payloadCapacities = 1...9000

    public init(
        clockRate: Int = 8000, frameMs: Int = 20, minimumDelayMs: Int = 20, initialDelayMs: Int = 40,
        maximumDelayMs: Int = 200, payloadCapacity: Int = 640
    ) {
        self.clockRate = clockRate
        self.frameMs = frameMs
        self.minimumDelayMs = minimumDelayMs
        self.initialDelayMs = initialDelayMs
        self.maximumDelayMs = maximumDelayMs
        self.payloadCapacity = payloadCapacity
    }

    /// Returns the same with every value inside its limits, and the delays in order.
    var bounded: JitterBufferConfiguration {
        func into(_ range: ClosedRange<Int>, _ value: Int) -> Int { min(max(value, range.lowerBound), range.upperBound) }
        let largest = into(Self.delaysMs, maximumDelayMs)
        let smallest = min(into(Self.delaysMs, minimumDelayMs), largest)
        return JitterBufferConfiguration(
            clockRate: into(Self.clockRates, clockRate), frameMs: into(Self.frameLengthsMs, frameMs),
            minimumDelayMs: smallest, initialDelayMs: min(max(initialDelayMs, smallest), largest),
            maximumDelayMs: largest, payloadCapacity: into(Self.payloadCapacities, payloadCapacity))
    }
}

/// What a jitter buffer has done and where it stands.
public struct JitterBufferStatistics: Sendable, Hashable {
    /// Packets kept for playing.
    public var accepted = 0
    public var played = 0
    /// Frames that had to be made up.
    public var concealed = 0
    /// Packets that came after their time.
    public var late = 0
    public var duplicates = 0
    /// Frames left out to bring the delay down.
    public var dropped = 0
    /// Packets refused because their payload is too large.
    public var refused = 0
    /// How often the stream began anew.
    public var restarts = 0
    /// Delay of the frame played last beyond that of the fastest packet, in ms.
    public var delayMs = 0
    /// Delay that the network's jitter calls for, in ms.
    public var targetDelayMs = 0

    public init() {}
}
