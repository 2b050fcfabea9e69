/// Keeps a steady rate: each turn has its own time, so that one late turn delays no other.
struct Pace: Sendable {
    private let start = ContinuousClock.now
    private let perSecond: Int

    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    func wait(for turn: Int) async throws {
        let due = start.advanced(by: .microseconds(turn * 1_000_000 / perSecond))
        // What is due within a millisecond goes now: sleeping is no more exact than that.
        if due > .now + .milliseconds(1) { try await Task.sleep(until: due) }
    }
}
