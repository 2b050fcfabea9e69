/// The client transaction of every method but INVITE and ACK: RFC 3261 figure 6.
struct NonInviteClientMachine: Sendable {
    enum State: Sendable, Hashable {
        case trying, proceeding, completed, terminated
    }

    private(set) var state: State = .trying
    private let isReliable: Bool
    private let timings: SIPTimings
    private var intervalMs: Int

    init(isReliable: Bool, timings: SIPTimings) {
        self.isReliable = isReliable
        self.timings = timings
        intervalMs = timings.t1Ms
    }

    func start() -> TransactionStep {
        TransactionStep(
            effects: .send,
            repetition: isReliable ? .keep : .start(.e, ms: intervalMs),
            bound: .start(.f, ms: timings.transactionTimeoutMs))
    }

    mutating func receive(status: Int) -> TransactionStep {
        switch (state, status) {
        case (.trying, 100..<200), (.proceeding, 100..<200):
            state = .proceeding
            return TransactionStep(effects: .deliver)
        case (.trying, 200..<700), (.proceeding, 200..<700):
            guard !isReliable else {
                state = .terminated
                return .end(.deliver)
            }
            state = .completed
            return TransactionStep(effects: .deliver, repetition: .stop, bound: .start(.k, ms: timings.t4Ms))
        default:
            return .nothing
        }
    }

    mutating func fire(_ timer: TransactionTimer) -> TransactionStep {
        switch (timer, state) {
        case (.e, .trying):
            intervalMs = min(intervalMs &* 2, timings.t2Ms)
            return TransactionStep(effects: .send, repetition: .start(.e, ms: intervalMs))
        case (.e, .proceeding):
            return TransactionStep(effects: .send, repetition: .start(.e, ms: timings.t2Ms))
        case (.f, .trying), (.f, .proceeding):
            state = .terminated
            return .end(.reportTimeout)
        case (.k, .completed):
            state = .terminated
            return .end()
        default:
            return .nothing
        }
    }

    mutating func transportFailed() -> TransactionStep {
        switch state {
        case .trying, .proceeding:
            state = .terminated
            return .end(.reportTransportError)
        case .completed:
            state = .terminated
            return .end()
        case .terminated:
            return .nothing
        }
    }
}
