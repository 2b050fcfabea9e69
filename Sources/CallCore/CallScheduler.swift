/// Gives the call core its time: an epoch clock and one-shot timers. Tests put a virtual one in its place.
@CallActor
public protocol CallScheduler: AnyObject {
    /// Milliseconds since 1970-01-01 UTC.
    var nowMs: Int64 { get }
    /// What local time adds to UTC, in seconds, at this moment.
    var utcOffsetSeconds: Int { get }
    /// Runs `action` on the control loop after `delayMs` (0 or more) unless it is cancelled before.
    func schedule(afterMs delayMs: Int, _ action: @escaping @CallActor () -> Void) -> ScheduledAction
}

/// A timer that has been set; cancelling one that has fired does nothing.
public struct ScheduledAction {
    private let onCancel: @CallActor () -> Void

    public init(onCancel: @escaping @CallActor () -> Void) {
        self.onCancel = onCancel
    }

    @CallActor public func cancel() {
        onCancel()
    }
}
