internal import Audio

/// Brings the frames of one source to a wanted rate; what the resampler remembers goes on from frame to frame.
struct RateFit: ~Copyable {
    private var resampler: Resampler?

    /// Gives a frame itself when it has the rate, else one that lasts until the end of the tick.
    mutating func fit(_ frame: Frame, to rate: Int, _ arena: inout FrameArena) -> Frame {
        let count = Frame.count(atRate: rate)
        guard frame.rate != rate || frame.count < count else { return frame }
        if resampler?.inputRate != frame.rate || resampler?.outputRate != rate { resampler = Resampler(from: frame.rate, to: rate) }
        let output = arena.take(count)
        let made = resampler?.process(frame.samples, frame.count, into: output, capacity: count).produced ?? 0
        (output + made).update(repeating: 0, count: count - made)
        return Frame(samples: output, count: count, rate: rate)
    }
}
