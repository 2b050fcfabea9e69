import NIOCore

#if canImport(Glibc)
import Glibc
#endif

/// The scheduler of a running server: the system clock and the timers of the control loop.
@CallActor
public final class LoopScheduler: CallScheduler {
    public init() {}

    public var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    public var utcOffsetSeconds: Int {
        var seconds = time(nil)
        var local = tm()
        localtime_r(&seconds, &local)
        return local.tm_gmtoff
    }

    public func schedule(afterMs delayMs: Int, _ action: @escaping @CallActor () -> Void) -> ScheduledAction {
        let scheduled = CallActor.loop.scheduleTask(in: .milliseconds(Int64(max(0, delayMs)))) {
            CallActor.assumeIsolated { action() }
        }
        return ScheduledAction { scheduled.cancel() }
    }
}
