/// Tells when somebody starts and stops talking, with the two numbers of TALK_DETECT.
///
/// A frame is talk when the mean of its absolute samples reaches the threshold. Talk ends when no frame was talk for `silenceMs`.
public struct TalkDetector: Sendable {
    /// Silence that ends talking when TALK_DETECT names none, in ms.
    public static let defaultSilenceMs = 2500
    /// Mean amplitude that counts as talk when TALK_DETECT names none.
    public static let defaultThreshold = 256

    /// What changed with a frame.
    public enum Change: Sendable, Equatable {
        case started
        /// Talk is over; it lasted `durationMs`, not counting the silence that ended it.
        case finished(durationMs: Int)
    }

    public let threshold: Int
    public let silenceMs: Int
    private var startedMs: Int64 = 0
    private var lastTalkMs: Int64 = 0
    public private(set) var isTalking = false

    /// Creates a detector; `threshold` is a mean amplitude of 1...32768, `silenceMs` is at least 1.
    public init(threshold: Int = TalkDetector.defaultThreshold, silenceMs: Int = TalkDetector.defaultSilenceMs) {
        self.threshold = max(threshold, 1)
        self.silenceMs = max(silenceMs, 1)
    }

    /// Takes a frame of `count` samples that lasts `frameMs` and was complete at `nowMs`.
    public mutating func process(_ pcm: UnsafePointer<Int16>, _ count: Int, frameMs: Int, at nowMs: Int64) -> Change? {
        guard AudioLevel.meanAmplitude(pcm, count) >= threshold else { return idle(at: nowMs) }
        let change = idle(at: nowMs - Int64(frameMs))
        lastTalkMs = nowMs
        guard !isTalking else { return nil }
        isTalking = true
        startedMs = nowMs - Int64(frameMs)
        // Talk that goes on after a gap without frames both ends and starts here; the start follows with the next frame.
        if change != nil { isTalking = false }
        return change ?? .started
    }

    /// Lets time pass without audio, as when the phone sends nothing; call it about once per frame.
    public mutating func idle(at nowMs: Int64) -> Change? {
        guard isTalking, nowMs - lastTalkMs >= Int64(silenceMs) else { return nil }
        isTalking = false
        return .finished(durationMs: Int(clamping: lastTalkMs - startedMs))
    }

    /// Ends talking at once, as when the detector is taken off the channel.
    public mutating func stop() -> Change? {
        guard isTalking else { return nil }
        isTalking = false
        return .finished(durationMs: Int(clamping: lastTalkMs - startedMs))
    }
}
