/// The server transaction of every method but INVITE and ACK: RFC 3261 figure 8.
struct NonInviteServerMachine: Sendable {
    enum State: Sendable, Hashable {
        case trying, proceeding, completed, terminated
    }

    private(set) var state: State = .trying
    private let isReliable: Bool
    private let timings: SIPTimings

    init(isReliable: Bool, timings: SIPTimings) {
        self.isReliable = isReliable
        self.timings = timings
    }

    /// Starts with a bound of 64*T1: after that the client has given up and no response may be sent
    /// (RFC 4320 section 4.2), so that a user who never answers retains nothing.
    func start() -> TransactionStep {
        TransactionStep(effects: .deliver, bound: .start(.j, ms: timings.transactionTimeoutMs))
    }

    /// Takes the request again.
    func receiveRequest() -> TransactionStep {
        switch state {
        case .proceeding, .completed: TransactionStep(effects: .send)
        case .trying, .terminated: .nothing
        }
    }

    /// Takes a response of the transaction user; `.send` is missing from the step when it comes too late.
    mutating func respond(status: Int) -> TransactionStep {
        switch (state, status) {
        case (.trying, 100..<200), (.proceeding, 100..<200):
            state = .proceeding
            return TransactionStep(effects: .send)
        case (.trying, 200..<700), (.proceeding, 200..<700):
            guard !isReliable else {
                state = .terminated
                return .end(.send)
            }
            state = .completed
            return TransactionStep(effects: .send, bound: .start(.j, ms: timings.transactionTimeoutMs))
        default:
            return .nothing
        }
    }

    mutating func fire(_ timer: TransactionTimer) -> TransactionStep {
        guard timer == .j, state != .terminated else { return .nothing }
        state = .terminated
        return .end()
    }

    mutating func transportFailed() -> TransactionStep {
        guard state != .terminated else { return .nothing }
        state = .terminated
        return .end(.reportTransportError)
    }
}
