/// Follows a value that is measured now and then: last, smallest, largest, mean and standard deviation (Welford's method).
public struct SampledValue: Sendable, Hashable {
    public private(set) var count = 0
    public private(set) var last = 0.0
    public private(set) var minimum = 0.0
    public private(set) var maximum = 0.0
    public private(set) var mean = 0.0
    private var squares = 0.0

    public init() {}

    /// Gives the standard deviation of all values; 0 before there are two.
    public var standardDeviation: Double { count > 1 ? (squares / Double(count)).squareRoot() : 0 }

    /// Takes one more measurement.
    public mutating func add(_ value: Double) {
        minimum = count == 0 ? value : min(minimum, value)
        maximum = count == 0 ? value : max(maximum, value)
        last = value
        count &+= 1
        let distance = value - mean
        mean += distance / Double(count)
        squares += distance * (value - mean)
    }
}
