import CallCore
import Media

/// Sends digits as INFO requests one after the other, at the pace of pressed keys.
@CallActor
final class InfoDigitSender {
    private let scheduler: any CallScheduler
    private let send: @CallActor (_ digit: Character, _ durationMs: Int) -> Void
    private let finished: @CallActor () -> Void
    private var queue: [DigitToSend] = []
    private var timer: ScheduledAction?

    init(
        scheduler: any CallScheduler, send: @escaping @CallActor (_ digit: Character, _ durationMs: Int) -> Void,
        finished: @escaping @CallActor () -> Void
    ) {
        self.scheduler = scheduler
        self.send = send
        self.finished = finished
    }

    /// Puts digits behind those that wait, as many as there is room for.
    func add(_ digits: [DigitToSend]) {
        queue += digits.prefix(max(0, MediaLimits.maxDigitsQueued - queue.count))
        if timer == nil { next() }
    }

    func stop() {
        timer?.cancel()
        timer = nil
        queue = []
    }

    private func next() {
        timer = nil
        guard !queue.isEmpty else { return finished() }
        let digit = queue.removeFirst()
        let durationMs = min(max(1, digit.durationMs), InfoDigits.maximumDurationMs)
        if "0123456789*#ABCD".contains(digit.digit) { send(digit.digit, durationMs) }
        let pauseMs = durationMs + min(max(0, digit.gapAfterMs), 60_000)
        timer = scheduler.schedule(afterMs: pauseMs) { [weak self] in self?.next() }
    }
}
