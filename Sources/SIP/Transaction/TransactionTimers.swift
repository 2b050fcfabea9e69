/// What a timer of the transaction layer's wheel means.
struct TransactionTimerToken: Sendable, Hashable {
    enum Owner: Sendable, Hashable {
        case client(ClientTransactionID)
        case server(ServerTransactionID)
    }

    let owner: Owner
    let timer: TransactionTimer
}

/// The two timers that a transaction may have running.
struct TransactionTimers: Sendable {
    private var repetition: (id: TimerID, timer: TransactionTimer)?
    private var bound: (id: TimerID, timer: TransactionTimer)?

    /// Applies a step's changes to the wheel.
    mutating func apply(
        _ step: TransactionStep, owner: TransactionTimerToken.Owner, at now: SIPInstant,
        wheel: inout TimerWheel<TransactionTimerToken>
    ) {
        Self.apply(step.repetition, to: &repetition, owner, now, &wheel)
        Self.apply(step.bound, to: &bound, owner, now, &wheel)
    }

    private static func apply(
        _ change: TimerChange, to running: inout (id: TimerID, timer: TransactionTimer)?,
        _ owner: TransactionTimerToken.Owner, _ now: SIPInstant, _ wheel: inout TimerWheel<TransactionTimerToken>
    ) {
        if change == .keep { return }
        if let running { wheel.cancel(running.id) }
        running = nil
        if case .start(let timer, let milliseconds) = change {
            let token = TransactionTimerToken(owner: owner, timer: timer)
            running = (wheel.schedule(token, at: now.advanced(byMs: milliseconds)), timer)
        }
    }

    /// Notes that a timer fired; false when it was stopped meanwhile, so that it means nothing any more.
    mutating func take(_ timer: TransactionTimer) -> Bool {
        if repetition?.timer == timer {
            repetition = nil
            return true
        }
        if bound?.timer == timer {
            bound = nil
            return true
        }
        return false
    }
}
