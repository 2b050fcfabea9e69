/// Fills the place of lost frames with what was heard before, as ITU-T G.711 Appendix I does it: repeats the last pitch period, fades
/// it out from 10 to 60 ms, and blends back into the first good frame.
///
/// Adds no delay. Owns two small buffers, so it can't be copied; one per direction of a leg.
// Raw pointers: both buffers are allocated once in init, freed in deinit, and only indexed below the lengths given there.
// @unchecked Sendable: nothing but this value, which can't be copied, refers to the buffers.
public struct LossConcealer: ~Copyable, @unchecked Sendable {
    /// Time at full loudness before the fade begins.
    static let steadyMs = 10
    /// Time after which a gap is silent.
    public static let silentAfterMs = 60
    private static let shortestPitchMs = 5, longestPitchMs = 15, templateMs = 20, historyMs = 40, blendMs = 5

    private let sampleRate: Int
    private let history: UnsafeMutablePointer<Int16>
    private let historyCount: Int
    private let cycle: UnsafeMutablePointer<Float>
    private var cycleCount = 1
    private var position = 0
    /// Jump between the last real sample and the start of the cycle, taken out gradually so that nothing clicks.
    private var jump: Float = 0
    /// Samples made since the gap began; 0 when there is no gap.
    private var concealed = 0

    /// Creates a concealer for audio of `sampleRate` Hz, 8000...192000 (others are brought into that range).
    public init(sampleRate: Int) {
        let rate = min(max(sampleRate, 8000), 192_000)
        self.sampleRate = rate
        historyCount = rate * Self.historyMs / 1000
        history = .allocate(capacity: historyCount)
        history.initialize(repeating: 0, count: historyCount)
        let longest = rate * Self.longestPitchMs / 1000 + 1
        cycle = .allocate(capacity: longest)
        cycle.initialize(repeating: 0, count: longest)
    }

    deinit {
        history.deallocate()
        cycle.deallocate()
    }

    /// Tells whether the last frame was made up.
    public var isConcealing: Bool { concealed > 0 }

    /// Takes a good frame and, after a gap, blends its first 5 ms with what was made up.
    ///
    /// Set `discontinuity` when a frame before this one was left out on purpose: it is blended in the same way.
    public mutating func received(_ pcm: UnsafeMutablePointer<Int16>, _ count: Int, discontinuity: Bool = false) {
        guard count > 0 else { return }
        if discontinuity, concealed == 0 { beginGap() }
        if concealed > 0 || discontinuity { blend(into: pcm, min(count, sampleRate * Self.blendMs / 1000)) }
        concealed = 0
        remember(pcm, count)
    }

    /// Writes `count` samples in place of a lost frame.
    public mutating func conceal(into pcm: UnsafeMutablePointer<Int16>, _ count: Int) {
        guard count > 0 else { return }
        if concealed == 0 { beginGap() }
        for i in 0..<count { pcm[i] = Int16(min(max(nextSample(), -32768), 32767)) }
        remember(pcm, count)
    }

    /// Forgets what was heard before, as when the stream starts anew.
    public mutating func reset() {
        history.update(repeating: 0, count: historyCount)
        concealed = 0
    }

    private mutating func blend(into pcm: UnsafeMutablePointer<Int16>, _ count: Int) {
        let step = 1 / Float(count + 1)
        for i in 0..<count {
            let share = Float(i + 1) * step
            let value = nextSample() * (1 - share) + Float(pcm[i]) * share
            pcm[i] = Int16(min(max(value, -32768), 32767))
        }
    }

    private mutating func nextSample() -> Float {
        let steady = sampleRate * Self.steadyMs / 1000
        let silent = sampleRate * Self.silentAfterMs / 1000
        let gain = concealed <= steady ? 1 : max(0, Float(silent - concealed) / Float(silent - steady))
        let seam = sampleRate * Self.blendMs / 2000
        let bridge = concealed < seam ? jump * (1 - Float(concealed + 1) / Float(seam + 1)) : 0
        let value = cycle[position] * gain + bridge
        position = position + 1 == cycleCount ? 0 : position + 1
        concealed = min(concealed + 1, silent)
        return value
    }

    /// Cuts the last pitch period out of the history and smooths its end so that it can be repeated.
    private mutating func beginGap() {
        let pitch = findPitch()
        let start = historyCount - pitch
        for i in 0..<pitch { cycle[i] = Float(history[start + i]) }
        let overlap = pitch / 4
        for i in 0..<overlap {
            let share = Float(i + 1) / Float(overlap)
            let before = Float(history[start - overlap + i])
            cycle[pitch - overlap + i] = cycle[pitch - overlap + i] * (1 - share) + before * share
        }
        cycleCount = pitch
        position = 0
        jump = Float(history[historyCount - 1]) - Float(history[start - 1])
    }

    /// Finds the lag at which the last 20 ms resemble themselves most: first on every n-th sample (8 kHz worth), then finely around it.
    private func findPitch() -> Int {
        let shortest = sampleRate * Self.shortestPitchMs / 1000
        let longest = sampleRate * Self.longestPitchMs / 1000
        let coarse = max(sampleRate / 8000, 1)
        let best = bestLag(from: shortest, through: longest, by: coarse, samplesBy: coarse)
        guard coarse > 1 else { return best }
        return bestLag(from: max(best - coarse, shortest), through: min(best + coarse, longest), by: 1, samplesBy: coarse)
    }

    private func bestLag(from first: Int, through last: Int, by step: Int, samplesBy stride: Int) -> Int {
        let template = sampleRate * Self.templateMs / 1000
        let start = historyCount - template
        var best = first, bestScore = -Float.infinity
        var lag = first
        while lag <= last {
            var product: Float = 0, energy: Float = 1
            var i = start
            while i < historyCount {
                let past = Float(history[i &- lag])
                product += Float(history[i]) * past
                energy += past * past
                i &+= stride
            }
            let score = product / energy.squareRoot()
            if score > bestScore { (best, bestScore) = (lag, score) }
            lag += step
        }
        return best
    }

    private func remember(_ pcm: UnsafePointer<Int16>, _ count: Int) {
        if count >= historyCount {
            history.update(from: pcm + (count - historyCount), count: historyCount)
        } else {
            history.update(from: history + count, count: historyCount - count)
            (history + (historyCount - count)).update(from: pcm, count: count)
        }
    }
}
