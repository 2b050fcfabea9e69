import CallCore
import NIOCore
import SIP

/// The one timer of the control loop that moves all SIP timers on.
@CallActor
final class Alarm {
    /// The longest time to sleep: to wake up for nothing costs little.
    private static let longestMs = 3_600_000

    private var scheduled: Scheduled<Void>?
    private var deadline: SIPInstant?
    private let action: @CallActor () -> Void

    init(_ action: @escaping @CallActor () -> Void) {
        self.action = action
    }

    static var now: SIPInstant { SIPInstant(nanoseconds: NIODeadline.now().uptimeNanoseconds) }

    /// Rings no later than `wanted`. An earlier alarm stays: ringing too early costs less than setting it anew each time.
    func set(_ wanted: SIPInstant?) {
        guard let wanted else { return }
        let wakeUp = min(wanted, Self.now.advanced(byMs: Self.longestMs))
        guard deadline.map({ wakeUp < $0 }) ?? true else { return }
        scheduled?.cancel()
        deadline = wakeUp
        scheduled = CallActor.loop.scheduleTask(deadline: .uptimeNanoseconds(wakeUp.nanoseconds)) { [weak self] in
            CallActor.assumeIsolated { self?.ring() }
        }
    }

    func stop() {
        scheduled?.cancel()
        scheduled = nil
        deadline = nil
    }

    private func ring() {
        scheduled = nil
        deadline = nil
        action()
    }
}
