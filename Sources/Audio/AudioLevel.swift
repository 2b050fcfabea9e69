#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Measures how loud a frame of audio is.
public enum AudioLevel {
    /// Level reported for silence, in dBov (RFC 6464 section 3).
    public static let silenceDBov = -127.0

    /// Returns the root mean square of `count` samples, 0...32768.
    public static func rms(_ pcm: UnsafePointer<Int16>, _ count: Int) -> Double {
        guard count > 0 else { return 0 }
        var energy: Int64 = 0
        for i in 0..<count {
            let value = Int32(pcm[i])
            energy &+= Int64(value &* value)
        }
        return (Double(energy) / Double(count)).squareRoot()
    }

    /// Returns the level of `count` samples in dBov, −127...0, where 0 is a square wave of full scale (RFC 6464).
    public static func dBov(_ pcm: UnsafePointer<Int16>, _ count: Int) -> Double {
        let value = rms(pcm, count)
        guard value > 0 else { return silenceDBov }
        return min(max(20 * log10(value / 32768), silenceDBov), 0)
    }

    /// Returns the mean of the absolute samples, 0...32768: the amplitude that TALK_DETECT compares with its threshold.
    public static func meanAmplitude(_ pcm: UnsafePointer<Int16>, _ count: Int) -> Int {
        guard count > 0 else { return 0 }
        var sum: Int64 = 0
        for i in 0..<count { sum &+= Int64(pcm[i].magnitude) }
        return Int(sum) / count
    }
}
