#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Measures how much of one frequency is in a piece of audio (Goertzel's algorithm).
public enum Goertzel {
    /// Returns the amplitude (peak of the sine, 0...32768) of `frequency` Hz in `count` samples.
    public static func amplitude(of frequency: Double, in pcm: UnsafePointer<Int16>, _ count: Int, sampleRate: Int) -> Double {
        guard count > 0, sampleRate > 0 else { return 0 }
        let angle = 2 * Double.pi * frequency / Double(sampleRate)
        let coefficient = 2 * cos(angle)
        var last = 0.0, beforeLast = 0.0
        for i in 0..<count {
            let value = Double(pcm[i]) + coefficient * last - beforeLast
            beforeLast = last
            last = value
        }
        let power = last * last + beforeLast * beforeLast - coefficient * last * beforeLast
        return max(power, 0).squareRoot() * 2 / Double(count)
    }

    /// Returns the share, 0...1, of the energy in `count` samples that is a sine of `frequency` Hz; 0 for silence.
    public static func share(of frequency: Double, in pcm: UnsafePointer<Int16>, _ count: Int, sampleRate: Int) -> Double {
        let rms = AudioLevel.rms(pcm, count)
        guard rms > 0 else { return 0 }
        let peak = amplitude(of: frequency, in: pcm, count, sampleRate: sampleRate)
        return min(peak * peak / 2 / (rms * rms), 1)
    }
}
