internal import Audio

/// What the parties of one mixer say in a tick, added up. Exists as long as its mixer.
struct Mix: ~Copyable {
    /// Highest rate at which is mixed, in Hz.
    static let maxRate = 48_000
    /// The gain comes back by this share of itself per frame, half a decibel.
    private static let recovery: Int32 = 17

    /// The tick for which the sum stands.
    private(set) var tick: UInt64 = 0
    private(set) var rate = 8_000
    /// Whether anybody says anything.
    private(set) var isSilent = true
    /// Parties may have come or gone since the last tick, so that the rate may be lower.
    var partiesChanged = true
    /// What those hear who say nothing themselves; made when first asked for.
    var common: Frame?
    private let sum: UnsafeMutablePointer<Int32>
    private var (lastGain, gain) = (Mixing.unity, Mixing.unity)

    init() {
        sum = .allocate(capacity: Frame.count(atRate: Self.maxRate))
        sum.initialize(repeating: 0, count: Frame.count(atRate: Self.maxRate))
    }

    deinit { sum.deallocate() }

    /// Begins a tick in which the parties use rates up to `wanted`.
    mutating func begin(tick: UInt64, rate wanted: Int) {
        self.tick = tick
        let wanted = min(wanted, Self.maxRate)
        rate = partiesChanged ? wanted : max(rate, wanted)
        partiesChanged = false
        isSilent = true
        common = nil
        sum.update(repeating: 0, count: Frame.count(atRate: rate))
    }

    /// Adds what a party says, at the mixer's rate.
    mutating func add(_ frame: Frame) {
        isSilent = false
        Mixing.add(frame.samples, min(frame.count, Frame.count(atRate: rate)), to: sum)
    }

    /// Limits the loudness: down at once, up again slowly.
    mutating func finish() {
        lastGain = gain
        let needed = Mixing.gain(for: sum, Frame.count(atRate: rate))
        gain = min(needed, gain + max(1, gain / Self.recovery), Mixing.unity)
    }

    /// Makes what somebody hears who says `own`, nil for nothing.
    func frame(without own: Frame?, _ arena: inout FrameArena) -> Frame {
        let count = Frame.count(atRate: rate)
        let output = arena.take(count)
        Mixing.write(sum, without: own?.samples, count, gain: lastGain, to: gain, into: output)
        return Frame(samples: output, count: count, rate: rate)
    }
}
