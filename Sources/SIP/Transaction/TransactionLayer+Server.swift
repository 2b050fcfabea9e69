extension TransactionLayer {
    /// Answers a request. Responses that come too late, or to a forgotten transaction, are dropped.
    public func respond(
        _ id: ServerTransactionID, _ response: SIPResponse, at now: SIPInstant
    ) -> [TransactionOutput] {
        guard let transaction = servers[id] else { return [] }
        var outputs: [TransactionOutput] = []
        respond(to: transaction, response, now, &outputs)
        return outputs
    }

    /// Sends the latest response again, from the bytes that were sent before.
    public func retransmitResponse(_ id: ServerTransactionID) -> [TransactionOutput] {
        guard let transaction = servers[id], !transaction.responseBytes.isEmpty else { return [] }
        return [.send(transaction.responseBytes, to: transaction.responseFlow)]
    }

    /// Answers a request finally and keeps nothing: a retransmission comes up as new and should get the same answer;
    /// the ACK is absorbed. For challenges to strangers.
    ///
    /// - Parameter headers: added to the response, such as WWW-Authenticate.
    public func respondStatelessly(
        _ id: ServerTransactionID, status: Int, reason: String? = nil, headers: [(name: String, value: String)] = []
    ) -> [TransactionOutput] {
        guard let transaction = servers[id], let request = transaction.request else { return [] }
        forget(transaction)
        return [
            respondStatelessly(
                to: request, from: transaction.flow, status: status, reason: reason, headers: headers)
        ]
    }

    /// Answers a request that never became a transaction, such as one that the parser rejected. Its source need not
    /// be noted.
    public func respondStatelessly(
        to request: SIPRequest, from flow: SIPFlow, status: Int, reason: String? = nil,
        headers: [(name: String, value: String)] = []
    ) -> TransactionOutput {
        var request = request
        let via = request.noteSource(flow)
        var response = request.response(status, reason: reason, toTag: statelessTag.tag(for: request, via: via))
        for header in headers { response.headers.add(header.name, header.value) }
        return .send(response.encoded(), to: via.map(flow.returning(to:)) ?? flow)
    }

    func receive(
        _ received: SIPRequest, _ flow: SIPFlow, _ now: SIPInstant, _ outputs: inout [TransactionOutput]
    ) {
        var request = received
        guard let via = request.noteSource(flow) else { return }
        let key = ServerTransactionKey(request, via: via)
        if request.method == .ack { return receiveACK(request, via, key, flow, now, &outputs) }
        if let known = serversByKey[key] {
            return apply(known.receiveAgain(), to: known, request: nil, now, &outputs)
        }
        let isStarting = request.method == .invite
        let limit =
            isStarting
            ? limits.serverTransactions : limits.serverTransactions &* TransactionLimits.reserveFactor
        guard servers.count < limit else {
            return outputs.append(
                respondStatelessly(
                    to: request, from: flow, status: 503, headers: [("Retry-After", String(limits.retryAfterS))]))
        }
        accept(request, via, key, flow, now, &outputs)
    }

    private func accept(
        _ request: SIPRequest, _ via: Via, _ key: ServerTransactionKey, _ flow: SIPFlow, _ now: SIPInstant,
        _ outputs: inout [TransactionOutput]
    ) {
        let isCancel = request.method == .cancel
        let mergeKey = isCancel ? nil : request.headers.cseq.flatMap { MergeKey(request, sequence: $0) }
        let transaction = ServerTransaction(
            id: ServerTransactionID(number: nextServerNumber), key: key, mergeKey: mergeKey, request: request,
            via: via, flow: flow, timings: timings)
        nextServerNumber &+= 1
        servers[transaction.id] = transaction
        track(.server(transaction.id), on: flow)
        serversByKey[key] = transaction
        let isMerged = mergeKey.map { serversByMergeKey[$0] != nil } ?? false
        if let mergeKey, !isMerged { serversByMergeKey[mergeKey] = transaction.id }
        var step = transaction.start()
        if isCancel || isMerged { step.effects.remove(.deliver) }
        apply(step, to: transaction, request: request, now, &outputs)
        if isCancel { cancel(by: request, transaction, now, &outputs) }
        if isMerged {
            let tag = statelessTag.tag(for: request, via: via)
            respond(to: transaction, request.response(482, toTag: tag), now, &outputs)
        }
    }

    /// Answers a CANCEL and tells the user of the INVITE that it means (RFC 3261 section 9.2).
    private func cancel(
        by request: SIPRequest, _ transaction: ServerTransaction, _ now: SIPInstant,
        _ outputs: inout [TransactionOutput]
    ) {
        let invite = serversByKey[transaction.key.cancelled]
        let tag = invite?.toTag ?? statelessTag.tag(for: request, via: request.headers.topVia)
        let response = request.response(invite == nil ? 481 : 200, toTag: tag)
        respond(to: transaction, response, now, &outputs)
        if let invite, invite.isUnanswered { outputs.append(.cancel(invite.id, request)) }
    }

    private func receiveACK(
        _ request: SIPRequest, _ via: Via, _ key: ServerTransactionKey, _ flow: SIPFlow, _ now: SIPInstant,
        _ outputs: inout [TransactionOutput]
    ) {
        let toTag = request.headers.to?.tag
        if let transaction = serversByKey[key], !key.isLegacy || transaction.toTag == toTag {
            return apply(transaction.receiveACK(), to: transaction, request: request, now, &outputs)
        }
        if let toTag, toTag == statelessTag.tag(for: request, via: via) { return }
        outputs.append(.ack(request, flow))
    }

    private func respond(
        to transaction: ServerTransaction, _ response: SIPResponse, _ now: SIPInstant,
        _ outputs: inout [TransactionOutput]
    ) {
        let step = transaction.respond(status: response.status)
        guard step.effects.contains(.send) else { return }
        transaction.responseBytes = response.encoded()
        if response.status > 100, transaction.isInvite, let tag = response.headers.to?.tag { transaction.toTag = tag }
        if response.status >= 200 { transaction.request = nil }
        apply(step, to: transaction, request: nil, now, &outputs)
    }

    func fireServer(
        _ id: ServerTransactionID, _ timer: TransactionTimer, _ now: SIPInstant, _ outputs: inout [TransactionOutput]
    ) {
        guard let transaction = servers[id], transaction.timers.take(timer) else { return }
        apply(transaction.fire(timer), to: transaction, request: nil, now, &outputs)
    }

    func apply(
        _ step: TransactionStep, to transaction: ServerTransaction, request: SIPRequest?, _ now: SIPInstant,
        _ outputs: inout [TransactionOutput]
    ) {
        transaction.timers.apply(step, owner: .server(transaction.id), at: now, wheel: &wheel)
        let effects = step.effects
        if effects.contains(.sendTrying), let request = transaction.request {
            transaction.responseBytes = request.response(100).encoded()
        }
        if effects.contains(.send) || effects.contains(.sendTrying), !transaction.responseBytes.isEmpty {
            outputs.append(.send(transaction.responseBytes, to: transaction.responseFlow))
        }
        if effects.contains(.deliver), let request {
            outputs.append(
                request.method == .ack
                    ? .ack(request, transaction.flow) : .request(transaction.id, request, transaction.flow))
        }
        if effects.contains(.reportTimeout) { outputs.append(.unacknowledged(transaction.id)) }
        if effects.contains(.reportTransportError) { outputs.append(.responseTransportError(transaction.id)) }
        if effects.contains(.terminate) { forget(transaction) }
    }

    private func forget(_ transaction: ServerTransaction) {
        transaction.timers.apply(.end(), owner: .server(transaction.id), at: SIPInstant(nanoseconds: 0), wheel: &wheel)
        servers[transaction.id] = nil
        untrack(.server(transaction.id), on: transaction.flow)
        serversByKey[transaction.key] = nil
        if let mergeKey = transaction.mergeKey, serversByMergeKey[mergeKey] == transaction.id {
            serversByMergeKey[mergeKey] = nil
        }
    }
}
