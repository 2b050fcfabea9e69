public import CallCore

/// Time that passes only when a test lets it.
@CallActor
public final class VirtualScheduler: CallScheduler {
    public var nowMs: Int64 = 1_800_000_000_000
    public let utcOffsetSeconds = 0
    private var timers: [Int: (dueMs: Int64, action: @CallActor () -> Void)] = [:]
    private var nextID = 0

    public init() {}

    public func schedule(afterMs delayMs: Int, _ action: @escaping @CallActor () -> Void) -> ScheduledAction {
        let id = nextID
        nextID += 1
        timers[id] = (nowMs + Int64(delayMs), action)
        return ScheduledAction { [weak self] in self?.timers[id] = nil }
    }

    public var nextDueMs: Int64? { timers.values.map(\.dueMs).min() }

    public func runDue() {
        while let (id, timer) = timers.filter({ $0.value.dueMs <= nowMs }).min(by: { ($0.value.dueMs, $0.key) < ($1.value.dueMs, $1.key) })
        {
            timers[id] = nil
            timer.action()
        }
    }
}
