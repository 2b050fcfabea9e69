/// What a mixer keeps of one of its parties.
struct MixParty: ~Copyable {
    /// What the party says in the tick of the sum, at the mixer's rate; nil for nothing.
    private(set) var said: Frame?
    private var rateFit = RateFit()
    /// What came out of a pipe in this tick and in the one before, by the last bit of the tick's number.
    private var passed: (Held, Held)

    private struct Held {
        let samples: UnsafeMutablePointer<Int16>
        var count = 0
        var rate = 0
        var tick: UInt64 = 0
    }

    /// - Parameter isPipe: whether the party is the end of a pipe.
    init(isPipe: Bool) {
        func room() -> Held { Held(samples: .allocate(capacity: isPipe ? Frame.count(atRate: FrameArena.maxRate) : 1)) }
        passed = (room(), room())
    }

    deinit {
        passed.0.samples.deallocate()
        passed.1.samples.deallocate()
    }

    /// Keeps what comes out of a pipe for the next tick: mixers that hear each other through pipes would otherwise wait for each other.
    mutating func pass(_ frame: Frame?, tick: UInt64) {
        func keep(_ held: inout Held) {
            held.tick = tick
            held.count = min(frame?.count ?? 0, Frame.count(atRate: FrameArena.maxRate))
            held.rate = frame?.rate ?? 0
            if let frame { held.samples.update(from: frame.samples, count: held.count) }
        }
        if tick & 1 == 0 { keep(&passed.0) } else { keep(&passed.1) }
    }

    /// Gives what came out of the pipe in the tick before this one.
    func passed(before tick: UInt64) -> Frame? {
        let held = tick & 1 == 0 ? passed.1 : passed.0
        guard held.tick == tick &- 1, held.count > 0 else { return nil }
        return Frame(samples: held.samples, count: held.count, rate: held.rate)
    }

    /// Brings what the party says to the mixer's rate.
    mutating func say(_ frame: Frame?, rate: Int, _ arena: inout FrameArena) {
        said = frame.map { rateFit.fit($0, to: rate, &arena) }
    }
}
