/// The INVITE server transaction: RFC 3261 figure 7 with the Accepted state of RFC 6026 section 7.1.
struct InviteServerMachine: Sendable {
    enum State: Sendable, Hashable {
        case proceeding, completed, confirmed, accepted, terminated
    }

    private(set) var state: State = .proceeding
    private let isReliable: Bool
    private let timings: SIPTimings
    private var intervalMs: Int
    private var hasResponded = false

    init(isReliable: Bool, timings: SIPTimings) {
        self.isReliable = isReliable
        self.timings = timings
        intervalMs = timings.t1Ms
    }

    func start() -> TransactionStep {
        TransactionStep(effects: .deliver, repetition: .start(.trying, ms: timings.tryingMs))
    }

    /// Takes the INVITE again.
    func receiveInvite() -> TransactionStep {
        switch state {
        case .proceeding: TransactionStep(effects: hasResponded ? .send : [])
        case .completed: TransactionStep(effects: .send)
        case .confirmed, .accepted, .terminated: .nothing
        }
    }

    mutating func receiveACK() -> TransactionStep {
        switch state {
        case .completed:
            guard !isReliable else {
                state = .terminated
                return .end()
            }
            state = .confirmed
            return TransactionStep(repetition: .stop, bound: .start(.i, ms: timings.t4Ms))
        case .accepted:
            return TransactionStep(effects: .deliver)
        case .proceeding, .confirmed, .terminated:
            return .nothing
        }
    }

    /// Takes a response of the transaction user; `.send` is missing from the step when it comes too late.
    mutating func respond(status: Int) -> TransactionStep {
        switch (state, status) {
        case (.proceeding, 100..<200):
            hasResponded = true
            return TransactionStep(effects: .send, repetition: .stop)
        case (.proceeding, 200..<300):
            state = .accepted
            return TransactionStep(
                effects: .send, repetition: .stop, bound: .start(.l, ms: timings.transactionTimeoutMs))
        case (.accepted, 200..<300):
            return TransactionStep(effects: .send)
        case (.proceeding, 300..<700):
            state = .completed
            return TransactionStep(
                effects: .send,
                repetition: isReliable ? .stop : .start(.g, ms: intervalMs),
                bound: .start(.h, ms: timings.transactionTimeoutMs))
        default:
            return .nothing
        }
    }

    mutating func fire(_ timer: TransactionTimer) -> TransactionStep {
        switch (timer, state) {
        case (.trying, .proceeding):
            guard !hasResponded else { return .nothing }
            hasResponded = true
            return TransactionStep(effects: .sendTrying)
        case (.g, .completed):
            intervalMs = min(intervalMs &* 2, timings.t2Ms)
            return TransactionStep(effects: .send, repetition: .start(.g, ms: intervalMs))
        case (.h, .completed):
            state = .terminated
            return .end(.reportTimeout)
        case (.i, .confirmed), (.l, .accepted):
            state = .terminated
            return .end()
        default:
            return .nothing
        }
    }

    /// Keeps its state and tells the user (RFC 6026 section 7.1): a later retransmission may get through.
    func transportFailed() -> TransactionStep {
        switch state {
        case .proceeding, .completed, .accepted: TransactionStep(effects: .reportTransportError)
        case .confirmed, .terminated: .nothing
        }
    }
}
