import Audio

/// How well what was heard is what was played, where the two fit best.
struct SoundMatch: CustomStringConvertible {
    static let correlationNeeded = 0.95
    static let coverageNeeded = 0.95
    /// Lags are first looked for on every so-manieth sample, then sample by sample around the best one.
    private static let coarseStep = 8

    /// 1 for the same wave, 0 for another one, −1 for the inverse.
    let correlation: Double
    /// How much of the sound's length was heard, 0...1.
    let coverage: Double
    /// How many milliseconds after the first packet the sound begins.
    let lagMs: Int

    var isGood: Bool { correlation >= Self.correlationNeeded && coverage >= Self.coverageNeeded }

    var description: String {
        "correlation \(Self.rounded(correlation)) (at least \(Self.correlationNeeded)), covered \(Self.rounded(coverage * 100)) % "
            + "(at least \(Self.rounded(Self.coverageNeeded * 100)) %), \(lagMs) ms after the first packet"
    }

    private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

    /// Compares two pieces of the same rate; the sound is taken through µ-law first, as the call did.
    init(heard: PCMAudio, played: PCMAudio) {
        let coded = (try? SoundFile.decode(bytes: SoundFile.encode(played, format: .ulaw), format: .ulaw)) ?? played
        let reference = coded.resampled(to: heard.sampleRate).samples.map(Double.init)
        let samples = heard.samples.map(Double.init)
        // The sound may begin late, or its beginning may be lost.
        let lags = -reference.count / 4...max(samples.count - reference.count / 2, 0)
        let coarse = Self.best(
            stride(from: lags.lowerBound, through: lags.upperBound, by: Self.coarseStep / 2), samples, reference, Self.coarseStep)
        let fine = Self.best(
            stride(from: coarse.lag - Self.coarseStep, through: coarse.lag + Self.coarseStep, by: 1), samples, reference, 1)
        correlation = fine.correlation
        let overlap = max(0, min(samples.count, fine.lag + reference.count) - max(0, fine.lag))
        coverage = reference.isEmpty ? 0 : Double(overlap) / Double(reference.count)
        lagMs = fine.lag * 1_000 / heard.sampleRate
    }

    private static func best(
        _ lags: StrideThrough<Int>, _ samples: [Double], _ reference: [Double], _ step: Int
    ) -> (lag: Int, correlation: Double) {
        var best = (lag: 0, correlation: -Double.infinity)
        for lag in lags {
            let found = correlation(samples, reference, lag, step)
            if found > best.correlation { best = (lag, found) }
        }
        return best.correlation.isFinite ? best : (0, 0)
    }

    /// The correlation coefficient at a lag, over the part that both have; what is missing of the sound counts as silence.
    private static func correlation(_ samples: [Double], _ reference: [Double], _ lag: Int, _ step: Int) -> Double {
        var product = 0.0, energyHeard = 0.0, energyPlayed = 0.0
        var index = 0
        while index < reference.count {
            let position = index + lag
            let heard = samples.indices.contains(position) ? samples[position] : 0
            product += heard * reference[index]
            energyHeard += heard * heard
            energyPlayed += reference[index] * reference[index]
            index += step
        }
        let scale = (energyHeard * energyPlayed).squareRoot()
        return scale > 0 ? product / scale : 0
    }
}
