/// The timers of RFC 3261 table 4 and RFC 6026, and three that the text asks for without a letter.
enum TransactionTimer: UInt8, Sendable, Hashable {
    /// Retransmission of INVITE, its life, the wait for final responses to repeat, the wait for more 2xx.
    case a, b, d, m
    /// Retransmission of other requests, their life, the wait for final responses to repeat.
    case e, f, k
    /// Retransmission of a final response to INVITE, the wait for its ACK, for ACKs to repeat, for INVITEs after 2xx.
    case g, h, i, l
    /// The wait for other requests to repeat.
    case j
    /// 100 by ourselves when the transaction user is silent (RFC 3261 section 17.2.1).
    case trying
    /// The longest wait between a provisional response to INVITE and the next.
    case provisionalLimit
    /// The longest wait for the final response after CANCEL (RFC 3261 section 9.1).
    case cancelled
}

/// What happens to one of a transaction's two timers.
enum TimerChange: Sendable, Hashable {
    case keep
    case stop
    case start(TransactionTimer, ms: Int)
}

/// What a transaction asks of the layer after an input.
struct TransactionEffects: OptionSet, Sendable, Hashable {
    let rawValue: UInt16

    /// Send the request, or the latest response.
    static let send = TransactionEffects(rawValue: 1 << 0)
    /// Hand the message to the transaction user.
    static let deliver = TransactionEffects(rawValue: 1 << 1)
    /// Acknowledge a final response other than 2xx.
    static let acknowledge = TransactionEffects(rawValue: 1 << 2)
    /// Answer 100 Trying.
    static let sendTrying = TransactionEffects(rawValue: 1 << 3)
    /// Send the CANCEL of this INVITE.
    static let sendCancel = TransactionEffects(rawValue: 1 << 4)
    /// Tell the transaction user that the other side did not answer in time.
    static let reportTimeout = TransactionEffects(rawValue: 1 << 5)
    /// Tell the transaction user that the message could not be sent.
    static let reportTransportError = TransactionEffects(rawValue: 1 << 6)
    /// Forget the transaction.
    static let terminate = TransactionEffects(rawValue: 1 << 7)
}

/// The answer of a transaction's state machine to one input.
///
/// No transaction needs more than two timers at once: one that repeats a message and one that bounds a state.
struct TransactionStep: Sendable, Hashable {
    var effects: TransactionEffects = []
    var repetition: TimerChange = .keep
    var bound: TimerChange = .keep

    static let nothing = TransactionStep()

    /// Ends the transaction, both timers with it.
    static func end(_ effects: TransactionEffects = []) -> TransactionStep {
        TransactionStep(effects: effects.union(.terminate), repetition: .stop, bound: .stop)
    }
}
