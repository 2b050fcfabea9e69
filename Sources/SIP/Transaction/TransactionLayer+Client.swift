extension TransactionLayer {
    /// Starts a client transaction; adds Via, and Max-Forwards when it is missing.
    ///
    /// - Parameters:
    ///   - request: any method but ACK (use `sendACK`) and CANCEL (use `cancel`), without Via.
    ///   - flow: the connection or the listener and remote address, resolved by the transport layer.
    ///   - sentBy: the address that Via names; the flow's own when nil.
    public func send(
        _ request: SIPRequest, over flow: SIPFlow, sentBy: SIPTransportAddress? = nil, at now: SIPInstant
    ) -> (id: ClientTransactionID, outputs: [TransactionOutput]) {
        let id = ClientTransactionID(token: tokens.next())
        guard clients.count < limits.clientTransactions else {
            return (id, [.transportError(id), .terminated(id)])
        }
        var outputs: [TransactionOutput] = []
        start(
            ClientTransaction(
                id: id, request: Self.prepared(request, id.branch, flow, sentBy), flow: flow, timings: timings),
            now, &outputs)
        return (id, outputs)
    }

    /// Sends the ACK of a 2xx response, which is no transaction (RFC 3261 section 13.2.2.4).
    public func sendACK(
        _ request: SIPRequest, over flow: SIPFlow, sentBy: SIPTransportAddress? = nil
    ) -> [TransactionOutput] {
        let branch = ClientTransactionID(token: tokens.next()).branch
        return [.send(Self.prepared(request, branch, flow, sentBy).encoded(), to: flow)]
    }

    /// Cancels an INVITE that has no final response: at once after a provisional response, else when one arrives.
    /// Without a final response within 64*T1 after the CANCEL, a timeout is reported (RFC 3261 section 9.1).
    ///
    /// The responses to the CANCEL itself are not handed on.
    public func cancel(
        _ id: ClientTransactionID, headers: [(name: String, value: String)] = [], at now: SIPInstant
    ) -> [TransactionOutput] {
        guard let transaction = clients[id] else { return [] }
        var outputs: [TransactionOutput] = []
        transaction.cancelHeaders = headers
        apply(transaction.requestCancel(), to: transaction, response: nil, now, &outputs)
        return outputs
    }

    /// Tells that the request could not be sent.
    public func transportFailed(_ id: ClientTransactionID, at now: SIPInstant) -> [TransactionOutput] {
        guard let transaction = clients[id] else { return [] }
        var outputs: [TransactionOutput] = []
        apply(transaction.transportFailed(), to: transaction, response: nil, now, &outputs)
        return outputs
    }

    private static func prepared(
        _ request: SIPRequest, _ branch: String, _ flow: SIPFlow, _ sentBy: SIPTransportAddress?
    ) -> SIPRequest {
        let address = sentBy ?? flow.local
        let host = address.host.utf8.contains(UInt8(ascii: ":")) ? "[\(address.host)]" : address.host
        var request = request
        if request.headers[.maxForwards] == nil { request.headers.insertFirst("Max-Forwards", "70") }
        request.headers.insertFirst(
            "Via", "SIP/2.0/\(flow.transport.viaToken) \(host):\(address.port);branch=\(branch);rport")
        return request
    }

    func receive(_ response: SIPResponse, _ now: SIPInstant, _ outputs: inout [TransactionOutput]) {
        guard let sequence = response.headers.cseq, let branch = response.headers.topVia?.branch,
            let id = ClientTransactionID(branch: branch, method: sequence.method),
            let transaction = clients[id], transaction.request.method == sequence.method
        else { return }
        apply(transaction.receive(status: response.status), to: transaction, response: response, now, &outputs)
    }

    func fireClient(
        _ id: ClientTransactionID, _ timer: TransactionTimer, _ now: SIPInstant, _ outputs: inout [TransactionOutput]
    ) {
        guard let transaction = clients[id], transaction.timers.take(timer) else { return }
        apply(transaction.fire(timer), to: transaction, response: nil, now, &outputs)
    }

    private func start(_ transaction: ClientTransaction, _ now: SIPInstant, _ outputs: inout [TransactionOutput]) {
        clients[transaction.id] = transaction
        track(.client(transaction.id), on: transaction.flow)
        apply(transaction.start(), to: transaction, response: nil, now, &outputs)
    }

    func apply(
        _ step: TransactionStep, to transaction: ClientTransaction, response: SIPResponse?, _ now: SIPInstant,
        _ outputs: inout [TransactionOutput]
    ) {
        let id = transaction.id
        transaction.timers.apply(step, owner: .client(id), at: now, wheel: &wheel)
        let effects = step.effects
        if effects.contains(.send) { outputs.append(.send(transaction.bytes, to: transaction.flow)) }
        if effects.contains(.acknowledge), let response { acknowledge(response, transaction, &outputs) }
        // The user of a CANCEL is this layer, which expects nothing of it.
        if !id.isCancel {
            if effects.contains(.deliver), let response { outputs.append(.response(id, response)) }
            if effects.contains(.reportTimeout) { outputs.append(.timeout(id)) }
            if effects.contains(.reportTransportError) { outputs.append(.transportError(id)) }
        }
        if effects.contains(.sendCancel) { startCancel(of: transaction, now, &outputs) }
        if effects.contains(.terminate) {
            clients[id] = nil
            untrack(.client(id), on: transaction.flow)
            if !id.isCancel { outputs.append(.terminated(id)) }
        }
    }

    private func acknowledge(
        _ response: SIPResponse, _ transaction: ClientTransaction, _ outputs: inout [TransactionOutput]
    ) {
        let bytes =
            transaction.ackBytes
            ?? transaction.acknowledgement(of: response).encoded()
        transaction.ackBytes = bytes
        outputs.append(.send(bytes, to: transaction.flow))
    }

    private func startCancel(of invite: ClientTransaction, _ now: SIPInstant, _ outputs: inout [TransactionOutput]) {
        let id = ClientTransactionID(token: invite.id.token, isCancel: true)
        guard clients[id] == nil else { return }
        start(
            ClientTransaction(id: id, request: invite.cancellation(), flow: invite.flow, timings: timings),
            now, &outputs)
    }
}
