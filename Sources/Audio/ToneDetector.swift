#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tells when a tone of one frequency has lasted long enough, with the numbers of TONE_DETECT.
///
/// A frame has the tone when the tone's power exceeds the power of everything else in it by the threshold. A tone is told once;
/// it must be gone for longer than ``toleratedGapMs`` before it is told again. Nothing here allocates.
public struct ToneDetector: Sendable {
    /// How long a tone must last when TONE_DETECT does not say, in ms.
    public static let defaultDurationMs = 500
    /// By how much a tone must exceed everything else when TONE_DETECT does not say, in dB.
    public static let defaultThresholdDB = 16.0
    /// Quieter tones (peak of the sine) are never heard.
    public static let minimumAmplitude = 80.0
    /// Time without the tone, as after a lost packet, that does not end it.
    public static let toleratedGapMs = 40

    public let frequency: Int
    public let durationMs: Int
    private let share: Double
    private var block = Block()
    private var heardMs = 0
    private var gapMs = 0
    private var isTold = false

    /// The part of a frame that is measured: half periods of the tone fit into it a whole number of times, which makes the
    /// measurement exact whatever the phase.
    private struct Block {
        var sampleRate = 0
        var frameCount = 0
        var count = 0
    }

    /// Creates a detector for a frequency of at least 1 Hz that lasts `durationMs`, at least 1.
    public init(
        frequency: Int, durationMs: Int = ToneDetector.defaultDurationMs, thresholdDB: Double = ToneDetector.defaultThresholdDB
    ) {
        self.frequency = max(frequency, 1)
        self.durationMs = max(durationMs, 1)
        let ratio = pow(10, thresholdDB / 10)
        share = ratio / (1 + ratio)
    }

    /// Takes a frame of `count` samples that lasts `frameMs`.
    /// - Returns: true with the frame that makes the tone long enough. A tenth of the duration may be missing, because a tone
    ///   hardly begins or ends with a frame.
    public mutating func process(_ pcm: UnsafePointer<Int16>, _ count: Int, sampleRate: Int, frameMs: Int) -> Bool {
        guard hasTone(pcm, count, sampleRate) else {
            idle(frameMs: frameMs)
            return false
        }
        gapMs = 0
        guard !isTold else { return false }
        heardMs += frameMs
        isTold = Double(heardMs) >= 0.9 * Double(durationMs)
        return isTold
    }

    /// Lets the time of a frame pass without audio.
    public mutating func idle(frameMs: Int) {
        guard heardMs > 0 else { return }
        gapMs += frameMs
        if gapMs > Self.toleratedGapMs { (heardMs, gapMs, isTold) = (0, 0, false) }
    }

    private mutating func hasTone(_ pcm: UnsafePointer<Int16>, _ count: Int, _ sampleRate: Int) -> Bool {
        // Above half the rate there is only the mirror of another frequency.
        guard count > 0, frequency < sampleRate / 2 else { return false }
        if block.sampleRate != sampleRate || block.frameCount != count { fitBlock(count, sampleRate) }
        let peak = Goertzel.amplitude(of: Double(frequency), in: pcm, block.count, sampleRate: sampleRate)
        guard peak >= Self.minimumAmplitude else { return false }
        let rms = AudioLevel.rms(pcm, block.count)
        return peak * peak / 2 >= share * rms * rms
    }

    /// Finds the length, between three quarters and all of a frame, that half periods fit best.
    private mutating func fitBlock(_ frameCount: Int, _ sampleRate: Int) {
        let halfPeriodsPerSample = 2 * Double(frequency) / Double(sampleRate)
        var best = (count: frameCount, misfit: 1.0)
        for count in (frameCount - frameCount / 4)...frameCount {
            let halfPeriods = Double(count) * halfPeriodsPerSample
            let misfit = abs(halfPeriods - halfPeriods.rounded())
            if misfit <= best.misfit { best = (count, misfit) }
        }
        block = Block(sampleRate: sampleRate, frameCount: frameCount, count: best.count)
    }
}
