/// One client transaction: its state machine, and what it needs to repeat, acknowledge or cancel its request.
final class ClientTransaction {
    enum Machine {
        case invite(InviteClientMachine)
        case other(NonInviteClientMachine)
    }

    let id: ClientTransactionID
    let flow: SIPFlow
    /// The request with its Via: the source of ACK and CANCEL.
    let request: SIPRequest
    let bytes: [UInt8]
    var machine: Machine
    var timers = TransactionTimers()
    /// The ACK of a final response other than 2xx, once one was sent.
    var ackBytes: [UInt8]?
    /// Header fields for the CANCEL, should one be sent.
    var cancelHeaders: [(name: String, value: String)] = []

    init(id: ClientTransactionID, request: SIPRequest, flow: SIPFlow, timings: SIPTimings) {
        self.id = id
        self.request = request
        self.flow = flow
        bytes = request.encoded()
        machine =
            request.method == .invite
            ? .invite(InviteClientMachine(isReliable: flow.isReliable, timings: timings))
            : .other(NonInviteClientMachine(isReliable: flow.isReliable, timings: timings))
    }

    func start() -> TransactionStep {
        switch machine {
        case .invite(let invite): invite.start()
        case .other(let other): other.start()
        }
    }

    func receive(status: Int) -> TransactionStep {
        change(invite: { $0.receive(status: status) }, other: { $0.receive(status: status) })
    }

    func fire(_ timer: TransactionTimer) -> TransactionStep {
        change(invite: { $0.fire(timer) }, other: { $0.fire(timer) })
    }

    func transportFailed() -> TransactionStep {
        change(invite: { $0.transportFailed() }, other: { $0.transportFailed() })
    }

    func requestCancel() -> TransactionStep {
        change(invite: { $0.requestCancel() }, other: { _ in .nothing })
    }

    private func change(
        invite: (inout InviteClientMachine) -> TransactionStep, other: (inout NonInviteClientMachine) -> TransactionStep
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

    /// Makes the ACK of a final response other than 2xx (RFC 3261 section 17.1.1.3).
    func acknowledgement(of response: SIPResponse) -> SIPRequest {
        var ack = companion(.ack)
        if let to = response.headers[.to] { ack.headers.setFirst(.to, to) }
        return ack
    }

    /// Makes the CANCEL (RFC 3261 section 9.1).
    func cancellation() -> SIPRequest {
        var cancel = companion(.cancel)
        for header in cancelHeaders { cancel.headers.add(header.name, header.value) }
        return cancel
    }

    /// Makes a request with the Via, Route, From, To, Call-ID and sequence number of the INVITE.
    private func companion(_ method: SIPMethod) -> SIPRequest {
        var headers = SIPHeaders()
        for field in request.headers.fields {
            switch field.name {
            // Credentials go along (RFC 3261 section 22.1).
            case .via?, .route?, .from?, .to?, .callID?, .authorization?, .proxyAuthorization?: headers.append(field)
            case .cseq?: headers.addPlain(.cseq, CSeq.text(request.headers.cseq?.number ?? 0, method))
            case .maxForwards?: headers.addPlain(.maxForwards, "70")
            default: continue
            }
        }
        return SIPRequest(method: method, target: request.target, headers: headers, body: [])
    }
}
