/// One server transaction: its state machine, the request's identity and the latest response as bytes.
final class ServerTransaction {
    enum Machine {
        case invite(InviteServerMachine)
        case other(NonInviteServerMachine)
    }

    let id: ServerTransactionID
    let key: ServerTransactionKey
    let mergeKey: MergeKey?
    /// Where the request came from.
    let flow: SIPFlow
    /// Where responses go.
    let responseFlow: SIPFlow
    var machine: Machine
    var timers = TransactionTimers()
    /// The request, until a final response makes it useless.
    var request: SIPRequest?
    /// The latest response; empty before the first.
    var responseBytes: [UInt8] = []
    /// The To tag of the latest response that had one: what the answer to a CANCEL repeats, and an ACK must show.
    var toTag: String?

    init(
        id: ServerTransactionID, key: ServerTransactionKey, mergeKey: MergeKey?, request: SIPRequest, via: Via,
        flow: SIPFlow, timings: SIPTimings
    ) {
        self.id = id
        self.key = key
        self.mergeKey = mergeKey
        self.request = request
        self.flow = flow
        responseFlow = flow.returning(to: via)
        machine =
            request.method == .invite
            ? .invite(InviteServerMachine(isReliable: flow.isReliable, timings: timings))
            : .other(NonInviteServerMachine(isReliable: flow.isReliable, timings: timings))
    }

    var isInvite: Bool {
        if case .invite = machine { true } else { false }
    }

    /// Whether a CANCEL still changes anything.
    var isUnanswered: Bool {
        switch machine {
        case .invite(let invite): invite.state == .proceeding
        case .other(let other): other.state == .trying || other.state == .proceeding
        }
    }

    func start() -> TransactionStep {
        switch machine {
        case .invite(let invite): invite.start()
        case .other(let other): other.start()
        }
    }

    func receiveAgain() -> TransactionStep {
        switch machine {
        case .invite(let invite): invite.receiveInvite()
        case .other(let other): other.receiveRequest()
        }
    }

    func receiveACK() -> TransactionStep {
        change(invite: { $0.receiveACK() }, other: { _ in .nothing })
    }

    func respond(status: Int) -> TransactionStep {
        change(invite: { $0.respond(status: status) }, other: { $0.respond(status: status) })
    }

    func fire(_ timer: TransactionTimer) -> TransactionStep {
        change(invite: { $0.fire(timer) }, other: { $0.fire(timer) })
    }

    func transportFailed() -> TransactionStep {
        change(invite: { $0.transportFailed() }, other: { $0.transportFailed() })
    }

    private func change(
        invite: (inout InviteServerMachine) -> TransactionStep, other: (inout NonInviteServerMachine) -> TransactionStep
    ) -> TransactionStep {
        switch machine {
        case .invite(var state):
            defer { machine = .invite(state) }
            return invite(&state)
        case .other(var state):
            defer { machine = .other(state) }
            return other(&state)
        }
    }
}
