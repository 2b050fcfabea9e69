/// Adds up what several parties say and gives each of them the sum without itself, all of one rate and length.
///
/// Sums have room for 64 parties at full scale; louder ones are cut off.
public enum Mixing {
    /// The gain that changes nothing.
    public static let unity: Int32 = 1_024
    private static let gainBits: Int32 = 10
    private static let loudest: Int32 = 1 << 21 - 1
    private static let fullScale = Int32(Int16.max)

    /// Adds `count` samples to a sum.
    public static func add(_ samples: UnsafePointer<Int16>, _ count: Int, to sum: UnsafeMutablePointer<Int32>) {
        for i in 0..<count { sum[i] &+= Int32(samples[i]) }
    }

    /// Returns the gain, 1...``unity``, at which the loudest sample of a sum is not cut off.
    public static func gain(for sum: UnsafePointer<Int32>, _ count: Int) -> Int32 {
        var (lowest, highest): (Int32, Int32) = (0, 0)
        for i in 0..<count {
            lowest = min(lowest, sum[i])
            highest = max(highest, sum[i])
        }
        let peak = max(highest, 0 &- max(lowest, -loudest))
        return peak <= fullScale ? unity : max(1, Int32(Int64(fullScale) * Int64(unity) / Int64(peak)))
    }

    /// Writes a sum, less what the hearer says, at a gain that goes from `first` to `last` within the first quarter.
    public static func write(
        _ sum: UnsafePointer<Int32>, without own: UnsafePointer<Int16>?, _ count: Int, gain first: Int32, to last: Int32,
        into output: UnsafeMutablePointer<Int16>
    ) {
        if first == unity, last == unity {
            if let own {
                for i in 0..<count { output[i] = narrow(sum[i] &- Int32(own[i])) }
            } else {
                for i in 0..<count { output[i] = narrow(sum[i]) }
            }
            return
        }
        let ramp = max(1, count / 4)
        for i in 0..<count {
            let gain = i < ramp ? first &+ (last &- first) &* Int32(truncatingIfNeeded: i) / Int32(truncatingIfNeeded: ramp) : last
            let value = min(max(sum[i] &- Int32(own?[i] ?? 0), -loudest), loudest)
            output[i] = narrow((value &* gain) &>> gainBits)
        }
    }

    private static func narrow(_ value: Int32) -> Int16 {
        Int16(truncatingIfNeeded: min(max(value, -32_768), 32_767))
    }
}
