/// Learns from the arrival of packets how long a frame has to wait so that nearly all come in time.
///
/// Each packet's transit (arrival minus timestamp) is compared with the smallest one of the last seconds; a histogram of the
/// differences, which forgets slowly, gives the delay that 97 % of the packets keep. The moving minimum follows clock drift.
// Raw memory for the histogram, so that updating it neither allocates nor counts references; freed in deinit.
// @unchecked Sendable: nothing but this value, which can't be copied, refers to the memory.
struct DelayEstimate: ~Copyable, @unchecked Sendable {
    static let binMs = 5
    static let share: Float = 0.97
    /// What remains of the histogram with each packet: half of it is forgotten after about 140 packets.
    static let memory: Float = 0.995
    static let windowMs = 2500
    /// Packets after which the initial delay counts no more.
    static let learningPackets = 50

    private let unitsPerBin: Int64
    private let windowUnits: Int64
    private let bins: UnsafeMutablePointer<Float>
    private let binCount: Int
    private var total: Float = 0
    private var packets = 0
    private var windowStart: Int64 = 0
    private var previousMinimum = Int64.max
    private var currentMinimum = Int64.max

    init(clockRate: Int, maximumDelayMs: Int) {
        unitsPerBin = Int64(max(clockRate * Self.binMs / 1000, 1))
        windowUnits = Int64(clockRate * Self.windowMs / 1000)
        binCount = maximumDelayMs / Self.binMs + 2
        bins = .allocate(capacity: binCount)
        bins.initialize(repeating: 0, count: binCount)
    }

    deinit { bins.deallocate() }

    /// The smallest transit of the last 2.5 to 5 seconds; `Int64.max` before the first packet.
    var baseTransit: Int64 { min(previousMinimum, currentMinimum) }

    var isLearning: Bool { packets < Self.learningPackets }

    /// Takes the transit of a packet that arrived at `now`, both in timestamp units.
    mutating func add(transit: Int64, at now: Int64) {
        moveWindow(to: now)
        currentMinimum = min(currentMinimum, transit)
        let bin = min(Int((transit &- baseTransit) / unitsPerBin), binCount - 1)
        for i in 0..<binCount { bins[i] *= Self.memory }
        bins[bin] += 1
        total = total * Self.memory + 1
        packets = min(packets + 1, Self.learningPackets)
    }

    /// Takes `transit` for the smallest from now on, as when a sender's timestamps stood still; keeps the histogram.
    mutating func rebase(transit: Int64, at now: Int64) {
        windowStart = now
        previousMinimum = transit
        currentMinimum = transit
    }

    /// Gives the delay in timestamp units that 97 % of the packets keep.
    var neededUnits: Int64 {
        var sum: Float = 0
        for i in 0..<binCount {
            sum += bins[i]
            if sum >= total * Self.share { return Int64(i + (i == 0 ? 0 : 1)) * unitsPerBin }
        }
        return Int64(binCount) * unitsPerBin
    }

    private mutating func moveWindow(to now: Int64) {
        guard now &- windowStart >= windowUnits || currentMinimum == Int64.max else { return }
        previousMinimum = currentMinimum
        currentMinimum = Int64.max
        windowStart = now
    }

    mutating func reset() {
        bins.update(repeating: 0, count: binCount)
        total = 0
        packets = 0
        previousMinimum = Int64.max
        currentMinimum = Int64.max
    }
}
