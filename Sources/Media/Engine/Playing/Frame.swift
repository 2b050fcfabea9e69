/// Points at 20 ms of audio that stays valid until the end of the tick.
struct Frame {
    /// Milliseconds of audio in a frame, and between ticks.
    static let durationMs = 20
    static let durationNs: UInt64 = 20_000_000

    var samples: UnsafePointer<Int16>
    var count: Int
    var rate: Int

    /// Gives the samples in a frame at a rate.
    static func count(atRate rate: Int) -> Int { rate / (1_000 / durationMs) }
}

/// Lends memory for the frames of one tick; everything is taken back at once.
struct FrameArena: ~Copyable {
    private static let blockSamples = 65_536
    /// Highest sample rate of a frame in Hz.
    static let maxRate = 192_000

    private var blocks: [UnsafeMutablePointer<Int16>] = []
    private var block = 0
    private var used = 0
    /// Silence of the longest frame.
    let silence: UnsafePointer<Int16>

    init() {
        let zeros = UnsafeMutablePointer<Int16>.allocate(capacity: Frame.count(atRate: Self.maxRate))
        zeros.initialize(repeating: 0, count: Frame.count(atRate: Self.maxRate))
        silence = UnsafePointer(zeros)
    }

    deinit {
        silence.deallocate()
        for block in blocks { block.deallocate() }
    }

    /// Takes everything back.
    mutating func reset() { (block, used) = (0, 0) }

    /// Lends room for samples, at most a block's; allocates only when a tick needs more than any before it.
    mutating func take(_ count: Int) -> UnsafeMutablePointer<Int16> {
        precondition(count <= Self.blockSamples, "frames are far shorter than a block")
        if used + count > Self.blockSamples {
            block += 1
            used = 0
        }
        if block == blocks.count {
            let fresh = UnsafeMutablePointer<Int16>.allocate(capacity: Self.blockSamples)
            fresh.initialize(repeating: 0, count: Self.blockSamples)
            blocks.append(fresh)
        }
        defer { used += count }
        return blocks[block] + used
    }

    /// Gives a frame of silence.
    func silentFrame(rate: Int) -> Frame {
        let rate = min(rate, Self.maxRate)
        return Frame(samples: silence, count: Frame.count(atRate: rate), rate: rate)
    }
}
