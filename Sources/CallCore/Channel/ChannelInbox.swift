import Dialplan

/// What can wake the dialplan of a channel.
enum ChannelSignal: Equatable {
    case digit(Character)
    case playFinished(PlayOutcome)
    case digitsSent
    case dialProgress
    case leftStasis
    case claimed
    case leftBridge
    /// The far end of a call that Dial() joined sends the channel elsewhere.
    case goAway(DialplanLocation)
    case firstAudio
    /// The channel that ChanSpy() listens to is gone.
    case spiedIsGone
    /// The program that the channel's audio goes to has ended the connection.
    case programEnded
    /// The channel must end: its far end hung up, or somebody asked for it.
    case hangup
    case timeout
}

/// Holds the signals that a channel's dialplan has not looked at, and the dialplan while it waits for one.
@CallActor
struct ChannelInbox {
    /// Digits kept for a later Read or WaitExten; more are dropped.
    static let digitLimit = 64

    private var digits: [Character] = []
    private var waiter: CheckedContinuation<ChannelSignal, Never>?
    private var pending: [ChannelSignal] = []

    nonisolated init() {}

    var isWaiting: Bool { waiter != nil }

    mutating func takeDigit() -> Character? {
        digits.isEmpty ? nil : digits.removeFirst()
    }

    mutating func putBack(_ digit: Character) {
        digits.insert(digit, at: 0)
    }

    mutating func clearDigits() {
        digits.removeAll()
    }

    mutating func keep(digit: Character) {
        if digits.count < Self.digitLimit { digits.append(digit) }
    }

    /// Registers the dialplan that waits; the signal that has come meanwhile is returned instead.
    mutating func wait(_ continuation: CheckedContinuation<ChannelSignal, Never>) -> ChannelSignal? {
        if let signal = takePending() { return signal }
        waiter = continuation
        return nil
    }

    mutating func takePending() -> ChannelSignal? {
        pending.isEmpty ? nil : pending.removeFirst()
    }

    /// Wakes the waiting dialplan, or keeps the signal for its next wait.
    mutating func put(_ signal: ChannelSignal) {
        guard let waiting = waiter else {
            if signal != .timeout, pending.count < Self.digitLimit { pending.append(signal) }
            return
        }
        waiter = nil
        waiting.resume(returning: signal)
    }

    /// Forgets signals that belong to an application that has ended.
    mutating func discardPending() {
        pending.removeAll()
    }
}

extension Channel {
    /// Waits for the next signal, at most `limitMs` (nil: without limit). A channel that must end answers `.hangup` at once.
    func nextSignal(withinMs limitMs: Int? = nil) async -> ChannelSignal {
        if hangupRequested || detour != nil { return .hangup }
        if let digit = inbox.takeDigit() { return .digit(digit) }
        if let signal = inbox.takePending() { return signal }
        let timer = limitMs.map { limit in
            core.scheduler.schedule(afterMs: limit) { [weak self] in
                guard let self, self.inbox.isWaiting else { return }
                self.inbox.put(.timeout)
            }
        }
        defer { timer?.cancel() }
        return await withCheckedContinuation { continuation in
            if let signal = inbox.wait(continuation) { continuation.resume(returning: signal) }
        }
    }

    /// Hands a digit to the dialplan: to the application that waits, or kept for the next one that reads.
    func offerDigit(_ digit: Character) {
        if inbox.isWaiting { inbox.put(.digit(digit)) } else { inbox.keep(digit: digit) }
    }
}
