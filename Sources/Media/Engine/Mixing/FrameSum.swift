/// Frames of one tick and rate, added up; what is louder than a sample can be is cut off.
struct FrameSum {
    let rate: Int
    private(set) var frame: Frame?
    /// Memory for a sum of several, once there are several.
    private var sum: UnsafeMutablePointer<Int16>?

    init(rate: Int) { self.rate = rate }

    /// Adds a frame of the sum's rate, nil for nothing. A single one is taken as it is.
    mutating func add(_ said: Frame?, _ arena: inout FrameArena) {
        guard let said else { return }
        guard let before = frame else { return frame = said }
        let count = Frame.count(atRate: rate)
        let output = sum ?? arena.take(count)
        for index in 0..<min(count, said.count, before.count) {
            output[index] = Int16(clamping: Int32(before.samples[index]) + Int32(said.samples[index]))
        }
        sum = output
        frame = Frame(samples: output, count: count, rate: rate)
    }
}
