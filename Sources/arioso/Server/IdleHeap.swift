import CLinuxIO
import CallCore
import SIPServer

/// Gives memory that ended calls left behind back to the system, in times without calls.
///
/// The C library keeps what lies between blocks still in use; handing it back holds up whoever wants memory meanwhile, so that no call
/// may be there to notice.
@CallActor
final class IdleHeap {
    /// Longer than a SIP transaction remembers what it was (64*T1, 32 s).
    private static let periodMs = 40_000

    private let core: CallCore
    private let sip: SIPServer
    private var timer: ScheduledAction?
    /// Channels made until the last look.
    private var seen: UInt64 = 0
    /// Channels made until the heap was last trimmed.
    private var trimmed: UInt64 = 0

    init(_ core: CallCore, _ sip: SIPServer) {
        self.core = core
        self.sip = sip
    }

    func start() {
        timer = core.scheduler.schedule(afterMs: Self.periodMs) { [weak self] in
            self?.look()
            self?.start()
        }
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }

    private func look() {
        let made = core.channels.made
        let isQuiet = core.channels.count == 0 && made == seen
        seen = made
        guard isQuiet, made != trimmed else { return }
        trimmed = made
        sip.dropSpareMemory()
        Task.detached { arioso_trim_heap() }
    }
}
