/// The INVITE client transaction: RFC 3261 figure 5 with the Accepted state of RFC 6026 section 7.2.
struct InviteClientMachine: Sendable {
    enum State: Sendable, Hashable {
        case calling, proceeding, completed, accepted, terminated
    }

    private(set) var state: State = .calling
    private let isReliable: Bool
    private let timings: SIPTimings
    private var intervalMs: Int
    private var cancel: Cancel = .none

    private enum Cancel: Sendable, Hashable {
        case none
        /// Asked for before any provisional response, so that it must wait for one (RFC 3261 section 9.1).
        case wanted
        case sent
    }

    init(isReliable: Bool, timings: SIPTimings) {
        self.isReliable = isReliable
        self.timings = timings
        intervalMs = timings.t1Ms
    }

    func start() -> TransactionStep {
        TransactionStep(
            effects: .send,
            repetition: isReliable ? .keep : .start(.a, ms: intervalMs),
            bound: .start(.b, ms: timings.transactionTimeoutMs))
    }

    mutating func receive(status: Int) -> TransactionStep {
        switch (state, status) {
        case (.calling, 100..<200), (.proceeding, 100..<200):
            return receiveProvisional()
        case (.calling, 200..<300), (.proceeding, 200..<300):
            state = .accepted
            return TransactionStep(
                effects: .deliver, repetition: .stop, bound: .start(.m, ms: timings.transactionTimeoutMs))
        case (.accepted, 200..<300):
            return TransactionStep(effects: .deliver)
        case (.calling, 300..<700), (.proceeding, 300..<700):
            return complete()
        case (.completed, 300..<700):
            return TransactionStep(effects: .acknowledge)
        default:
            return .nothing
        }
    }

    private mutating func receiveProvisional() -> TransactionStep {
        state = .proceeding
        var step = TransactionStep(effects: .deliver, repetition: .stop)
        switch cancel {
        case .none:
            step.bound = .start(.provisionalLimit, ms: timings.provisionalLimitMs)
        case .wanted:
            cancel = .sent
            step.effects.insert(.sendCancel)
            step.bound = .start(.cancelled, ms: timings.transactionTimeoutMs)
        case .sent:
            break
        }
        return step
    }

    private mutating func complete() -> TransactionStep {
        guard !isReliable else {
            state = .terminated
            return .end([.acknowledge, .deliver])
        }
        state = .completed
        return TransactionStep(
            effects: [.acknowledge, .deliver], repetition: .stop, bound: .start(.d, ms: timings.timerDMs))
    }

    /// Asks for a CANCEL: at once after a provisional response, else when one arrives.
    mutating func requestCancel() -> TransactionStep {
        switch (state, cancel) {
        case (.calling, .none):
            cancel = .wanted
            return .nothing
        case (.proceeding, .none):
            cancel = .sent
            return TransactionStep(
                effects: .sendCancel, bound: .start(.cancelled, ms: timings.transactionTimeoutMs))
        default:
            return .nothing
        }
    }

    mutating func fire(_ timer: TransactionTimer) -> TransactionStep {
        switch (timer, state) {
        case (.a, .calling):
            intervalMs = min(intervalMs &* 2, timings.transactionTimeoutMs)
            return TransactionStep(effects: .send, repetition: .start(.a, ms: intervalMs))
        case (.b, .calling), (.cancelled, .proceeding):
            state = .terminated
            return .end(.reportTimeout)
        case (.provisionalLimit, .proceeding):
            return requestCancel()
        case (.d, .completed), (.m, .accepted):
            state = .terminated
            return .end()
        default:
            return .nothing
        }
    }

    mutating func transportFailed() -> TransactionStep {
        switch state {
        case .calling, .proceeding:
            state = .terminated
            return .end(.reportTransportError)
        case .completed:
            state = .terminated
            return .end()
        case .accepted, .terminated:
            return .nothing
        }
    }
}
