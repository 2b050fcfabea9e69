/// Gives a media thread real-time priority for as long as the machine is too busy to run it in time.
///
/// Not always, because under SCHED_FIFO each packet that arrives preempts its sender and is handled alone, which costs about a third
/// more CPU time per packet than letting a few gather.
struct RealtimePriority {
    /// A tick that is later than this asks for priority: a fifth of a frame, which any jitter buffer takes.
    static let latenessLimitNs: UInt64 = 4_000_000
    /// How long priority is kept. It hides whether the machine is still busy, so it is given back to find out.
    static let heldNs: UInt64 = 60_000_000_000

    private let apply: (Bool) -> Void
    private var heldUntilNs: UInt64?

    /// - Parameter apply: Raises (true) or lowers the calling thread.
    init(apply: @escaping (Bool) -> Void) {
        self.apply = apply
    }

    /// Takes note of a tick.
    mutating func ticked(lateByNs: UInt64, nowNs: UInt64) {
        if lateByNs > Self.latenessLimitNs {
            if heldUntilNs == nil { apply(true) }
            heldUntilNs = nowNs + Self.heldNs
        } else if let until = heldUntilNs, nowNs >= until {
            heldUntilNs = nil
            apply(false)
        }
    }
}
