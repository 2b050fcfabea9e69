import CallCore

/// How many channels were made in each of the last minutes.
@CallActor
final class CallRate {
    static let minutes = 60
    private var samples: [(minute: Int64, made: UInt64)] = []

    nonisolated init() {}

    /// Notes how many channels were made until now.
    func note(made: UInt64, nowMs: Int64) {
        let minute = nowMs / 60_000
        if samples.last?.minute == minute { return }
        samples.append((minute, made))
        if samples.count > Self.minutes + 1 { samples.removeFirst() }
    }

    /// Channels made per minute, the present minute last.
    func perMinute(made: UInt64, nowMs: Int64) -> [Int] {
        note(made: made, nowMs: nowMs)
        let counts = zip(samples, samples.dropFirst()).map { Int($1.made - $0.made) }
        let present = samples.last.map { Int(made - $0.made) } ?? 0
        return (counts + [present]).suffix(Self.minutes)
    }
}
