import Audio
import Glibc

/// A sine of `amplitude` (peak) at `frequency` Hz.
func sine(_ frequency: Double, amplitude: Double, count: Int, sampleRate: Int) -> [Int16] {
    (0..<count).map { Int16((amplitude * sin(2 * .pi * frequency * Double($0) / Double(sampleRate))).rounded()) }
}

/// How much of the energy of `signal` is the tone, 0...1.
func share(of frequency: Double, in signal: some Collection<Int16>, sampleRate: Int) -> Double {
    let samples = Array(signal)
    return Goertzel.share(of: frequency, in: samples, samples.count, sampleRate: sampleRate)
}

/// Peak amplitude of the tone in `signal`.
func amplitude(of frequency: Double, in signal: some Collection<Int16>, sampleRate: Int) -> Double {
    let samples = Array(signal)
    return Goertzel.amplitude(of: frequency, in: samples, samples.count, sampleRate: sampleRate)
}

extension Array where Element == Int16 {
    /// Largest step between neighbours.
    var largestStep: Int { zip(self, dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0 }
}
