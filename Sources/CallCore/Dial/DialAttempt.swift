import ARIModel

/// One call out to one peer: tells the Dial events, watches the time, and reports to whoever dials.
@CallActor
final class DialAttempt {
    enum Result: Equatable {
        case answered
        case failed(HangupCause)
        case timedOut
    }

    /// What differs between the ways of dialling.
    struct Style {
        /// Whether later Dial events repeat the dial string.
        var repeatsDialString: Bool
        /// Whether a failure is told by a Dial event.
        var tellsFailure: Bool
        /// Whether a time-out is told by ChannelHangupRequest.
        var tellsTimeoutHangup: Bool
        /// Whether the beginning is told by a Dial event.
        var tellsStart = true

        static let originate = Style(repeatsDialString: true, tellsFailure: true, tellsTimeoutHangup: false)
        static let transfer = Style(repeatsDialString: false, tellsFailure: true, tellsTimeoutHangup: false, tellsStart: false)
        static let created = Style(repeatsDialString: false, tellsFailure: false, tellsTimeoutHangup: true)
        static let dialplan = Style(repeatsDialString: false, tellsFailure: true, tellsTimeoutHangup: false)
    }

    let peer: Channel
    private let caller: Channel?
    private let dialString: String
    private let style: Style
    private var timer: ScheduledAction?
    private var isOver = false
    let startedMs: Int64
    var onRinging: (@CallActor () -> Void)?
    var onProgress: (@CallActor () -> Void)?
    /// Called once, with the end of the attempt.
    var onResult: (@CallActor (Result) -> Void)?

    init(peer: Channel, caller: Channel?, dialString: String, style: Style) {
        self.peer = peer
        self.caller = caller
        self.dialString = dialString
        self.style = style
        startedMs = peer.core.scheduler.nowMs
    }

    /// Starts the call. `timeoutMs` nil or 0 waits for ever.
    func start(timeoutMs: Int?) {
        guard peer.leg?.call() == true else {
            isOver = true
            peer.requestHangup(cause: .unknown, by: .silent)
            onResult?(.failed(.unknown))
            return
        }
        peer.dial = self
        if style.tellsStart { tell(status: "", dialString: dialString) }
        if let timeoutMs, timeoutMs > 0 {
            timer = peer.core.scheduler.schedule(afterMs: timeoutMs) { [weak self] in self?.timedOut() }
        }
    }

    private func tell(status: String, dialString: String? = nil) {
        let shown = dialString ?? (style.repeatsDialString ? self.dialString : "")
        peer.core.events.publish(about: [caller, peer].compactMap { $0 }) {
            .dial(caller: self.caller?.snapshot, peer: self.peer.snapshot, dialString: shown, status: status)
        }
    }

    func ringing(_ channel: Channel) {
        guard !isOver else { return }
        onRinging?()
        tell(status: "RINGING")
    }

    func progress(_ channel: Channel) {
        guard !isOver else { return }
        onProgress?()
        tell(status: "PROGRESS")
    }

    func proceeding(_ channel: Channel) {
        guard !isOver else { return }
        tell(status: "PROCEEDING")
    }

    func answered(_ channel: Channel) {
        guard !isOver else { return }
        onAnswerTold?()
        tell(status: "ANSWER")
        finish(.answered)
    }

    /// Runs before the Dial event ANSWER: the dialplan sets its variables first.
    var onAnswerTold: (@CallActor () -> Void)?

    func channelHungUp(_ channel: Channel) {
        guard !isOver else { return }
        if style.tellsFailure { tell(status: Self.status(for: channel.hangupCause)) }
        finish(.failed(channel.hangupCause))
    }

    /// Gives up: the caller is gone or somebody else answered.
    func cancel(cause: HangupCause) {
        guard !isOver else { return }
        isOver = true
        end()
        if style.tellsFailure { tell(status: cause == .answeredElsewhere ? "ANSWER" : "CANCEL") }
        peer.requestHangup(cause: cause, by: .silent)
    }

    private func timedOut() {
        guard !isOver else { return }
        isOver = true
        end()
        let done = onResult
        peer.requestHangup(cause: .noAnswer, techCause: 480, by: style.tellsTimeoutHangup ? .local : .silent)
        done?(.timedOut)
    }

    private func finish(_ result: Result) {
        isOver = true
        end()
        onResult?(result)
    }

    private func end() {
        timer?.cancel()
        peer.dial = nil
    }

    /// The word of a Dial event, and of DIALSTATUS, for a call that failed.
    static func status(for cause: HangupCause) -> String {
        switch cause {
        case .userBusy: "BUSY"
        case .congestion, .failure, 27, 41, 42: "CONGESTION"
        case 3, 20, 1, 44, .bearerCapabilityNotAvailable: "CHANUNAVAIL"
        default: "NOANSWER"
        }
    }
}
