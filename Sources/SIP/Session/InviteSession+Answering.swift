extension InviteSession {
    /// Makes the session of a call that came in; `begin` checks it and tells the owner.
    ///
    /// - Parameters:
    ///   - request: an INVITE outside dialogs, whose source is noted.
    ///   - isSecure: it came over TLS with a sips Request-URI.
    ///   - tokens: a source of its own, from `SIPTokenSource.split()`.
    public convenience init(
        answering request: SIPRequest, _ transaction: ServerTransactionID, isSecure: Bool = false,
        configuration: InviteSessionConfiguration, tokens: SIPTokenSource
    ) {
        var tokens = tokens
        let leg = LegID(callID: request.headers.callID ?? "", localTag: tokens.nextToken())
        self.init(
            direction: .incoming, leg: leg, invite: request, isSecure: isSecure, configuration: configuration,
            tokens: tokens)
        inviteTransaction = transaction
    }

    /// Checks the INVITE (RFC 3261 section 8.2) and either tells of it with `invited` or refuses it and finishes.
    public func begin(at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard direction == .incoming, phase == .invited, usages.isEmpty, let transaction = inviteTransaction
            else { return }
            let body = SessionBody(headers: invite.headers, body: invite.body)
            let first = UInt32(truncatingIfNeeded: tokens.next() & 0x7fff)
            if let refusal = refusal(of: invite, body) {
                return refuse(transaction, refusal)
            }
            guard
                let dialog = Dialog(
                    answering: invite, localTag: leg.localTag, firstSequence: first, isSecure: isSecure)
            else {
                return refuse(transaction, response(to: invite, 400, reason: "Missing Contact header"))
            }
            usages = [
                DialogUsage(
                    dialog: dialog, exchange: OfferAnswer(body == .none ? .stable : .remoteOffer))
            ]
            peer.note(invite.headers)
            peer.requiresReliable = invite.headers.hasOption("100rel", in: .require)
            peer.supportsReliable = peer.requiresReliable || invite.headers.hasOption("100rel", in: .supported)
            if let seconds = invite.headers.expires, seconds > 0 {
                start(.inviteExpires, afterMs: min(seconds, SessionTimerPolicy.maximumS) &* 1_000)
            }
            emit(.invited(offer: body.description))
        }
    }

    private func refuse(_ transaction: ServerTransactionID, _ response: SIPResponse) {
        act(.respond(transaction, response))
        phase = .ended
        inviteTransaction = nil
    }

    /// Checks what an INVITE or UPDATE asks for: 420, 415 or 422 when it cannot be had.
    func refusal(of request: SIPRequest, _ body: SessionBody) -> SIPResponse? {
        if let refusal = extensionRefusal(of: request) { return refusal }
        if body == .unsupported {
            return response(to: request, 415, headers: [("Accept", SessionBody.contentType), ("Accept-Encoding", "identity")])
        }
        let policy = configuration.sessionTimers
        if case .tooSmall(let minimumS) = SessionTimerTerms.answer(request.headers, policy: policy, current: terms) {
            return response(to: request, 422, headers: [("Min-SE", String(minimumS))])
        }
        return nil
    }

    func extensionRefusal(of request: SIPRequest) -> SIPResponse? {
        let unsupported = configuration.unsupported(in: request.headers)
        guard !unsupported.isEmpty else { return nil }
        return response(to: request, 420, headers: [("Unsupported", unsupported.joined(separator: ", "))])
    }

    /// Tells the caller that we ring (180).
    public func ring(headers: [(name: String, value: String)] = [], at now: SIPInstant) -> [SessionAction] {
        progress(status: 180, sdp: nil, headers: headers, at: now)
    }

    /// Sends a provisional response, 101...199, with a description of early media when given: the answer to the
    /// caller's offer, or our offer when it made none and provisional responses are reliable.
    ///
    /// A description that cannot be sent, because one was agreed already, is left out.
    public func progress(
        status: Int = 183, reason: String? = nil, sdp: [UInt8]?, headers: [(name: String, value: String)] = [],
        at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            guard phase == .invited, !usages.isEmpty, deferredAnswer == nil, (101..<200).contains(status) else { return }
            sendProvisional(.init(status: status, reason: reason, sdp: sdp, headers: headers))
        }
    }

    func sendProvisional(_ wanted: ReliableProvisionals.Queued) {
        guard let transaction = inviteTransaction else { return }
        if provisionals.outstanding != nil { return provisionals.enqueue(wanted) }
        latestProvisional = wanted.status
        start(.keepRinging, afterMs: SessionLimits.provisionalRepetitionMs)
        let exchange = usages[0].exchange
        // An offer needs reliability, an answer may go without as a preview; later ones have no place here.
        let owes = (exchange.state == .remoteOffer && openOffer == nil) || (exchange.isStable && !exchange.isEstablished)
        let isReliable =
            peer.requiresReliable
            || (peer.supportsReliable && wanted.sdp != nil && owes && configuration.reliableProvisionals != .onDemand)
        let sdp = owes && (isReliable || exchange.state == .remoteOffer) ? wanted.sdp : nil
        var headers = wanted.headers
        if isReliable {
            let number = provisionals.send(hasDescription: sdp != nil, intervalMs: configuration.timings.t1Ms)
            headers += [("Require", "100rel"), ("RSeq", String(number))]
            if let sdp {
                usages[0].exchange.sendDescription()
                localDescription = sdp
            }
            start(.repeatProvisional, afterMs: configuration.timings.t1Ms)
            start(.awaitPRACK, afterMs: configuration.timings.transactionTimeoutMs)
        }
        act(
            .respond(
                transaction,
                response(
                    to: invite, wanted.status, reason: wanted.reason, headers: headers, sdp: sdp)))
    }

    /// Answers the call (200) with the answer to its offer, or our offer when it made none.
    ///
    /// Waits for the PRACK of a description sent before; a description agreed in a reliable provisional response stands,
    /// and `sdp` is left out then.
    public func answer(
        sdp: [UInt8]?, headers: [(name: String, value: String)] = [], at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            guard phase == .invited, !usages.isEmpty, deferredAnswer == nil else { return }
            deferredAnswer = (sdp, headers)
            if provisionals.outstanding?.hasDescription != true { sendDeferredAnswer() }
        }
    }

    func sendDeferredAnswer() {
        guard let (sdp, headers) = deferredAnswer, let transaction = inviteTransaction else { return }
        deferredAnswer = nil
        stopProvisionals()
        let exchange = usages[0].exchange
        let isOffer = exchange.isStable && !exchange.isEstablished && sdp != nil
        let isAnswer = exchange.state == .remoteOffer && openOffer == nil && sdp != nil
        if isOffer || isAnswer {
            usages[0].exchange.sendDescription()
            localDescription = sdp
        }
        usages[0].dialog.confirm()
        phase = .answered
        inviteTransaction = nil
        succeed(invite, transaction, sdp: isOffer || isAnswer ? sdp : nil, headers: headers, expectsAnswer: isOffer)
    }

    /// Refuses the call with a final status, 300...699, such as 486, or 302 with a Contact among the headers.
    public func reject(
        status: Int, reason: String? = nil, reasons: [ReasonHeader] = [],
        headers: [(name: String, value: String)] = [], at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            guard phase == .invited, (300..<700).contains(status) else { return }
            refuseCall(status, reason: reason, headers: headers + Self.headers(reasons))
            end(.ended(SessionEnd(byRemote: false, reasons: reasons, status: status)))
        }
    }

    func refuseCall(_ status: Int, reason: String? = nil, headers: [(name: String, value: String)] = []) {
        guard let transaction = inviteTransaction else { return }
        act(.respond(transaction, response(to: invite, status, reason: reason, headers: headers)))
    }

    private func stopProvisionals() {
        provisionals.overtake()
        for timer in [SessionTimer.repeatProvisional, .awaitPRACK, .keepRinging, .inviteExpires] { deadlines.stop(timer) }
    }

    /// Sends a 2xx response to an INVITE and repeats it until the ACK comes (RFC 3261 section 13.3.1.4).
    func succeed(
        _ request: SIPRequest, _ transaction: ServerTransactionID, sdp: [UInt8]?,
        headers: [(name: String, value: String)] = [], expectsAnswer: Bool
    ) {
        let headers = headers + agreeOnTimer(request)
        act(.respond(transaction, response(to: request, 200, headers: headers, sdp: sdp)))
        let interval = configuration.timings.t1Ms
        unacknowledged = UnacknowledgedSuccess(
            transaction: transaction, sequence: request.headers.cseq?.number ?? 0, expectsAnswer: expectsAnswer,
            intervalMs: interval)
        start(.repeatSuccess, afterMs: interval)
        start(.awaitACK, afterMs: configuration.timings.transactionTimeoutMs)
    }

    /// Takes the ACK of a 2xx response of ours.
    public func receiveACK(_ request: SIPRequest, at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard let waiting = unacknowledged, request.headers.cseq?.number == waiting.sequence else { return }
            stopRepeatingSuccess()
            if let reasons = waitingBye {
                waitingBye = nil
                return sendBye(reasons, in: 0)
            }
            guard phase != .ended else { return }
            let isCall = phase == .answered
            phase = .established
            var lacksAnswer = false
            if waiting.expectsAnswer { lacksAnswer = !takeAnswer(inACK: request) }
            if isCall { emit(.confirmed) }
            guard lacksAnswer else { return }
            emit(.offerRejected(status: 0))
            if isCall { hangUp([.sip(488)], status: 488) }
        }
    }

    private func takeAnswer(inACK request: SIPRequest) -> Bool {
        let body = SessionBody(headers: request.headers, body: request.body).description
        guard let body, usages[0].exchange.receiveAnswer() else {
            usages[0].exchange.rollBack()
            return false
        }
        emit(.answerReceived(sdp: body))
        return true
    }

    func stopRepeatingSuccess() {
        unacknowledged = nil
        deadlines.stop(.repeatSuccess)
        deadlines.stop(.awaitACK)
    }

    /// Takes the CANCEL of the call's INVITE or of a re-INVITE, which the transaction layer has answered.
    public func receiveCancel(
        _ transaction: ServerTransactionID, _ cancel: SIPRequest, at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            if phase == .invited, transaction == inviteTransaction {
                refuseCall(487)
                let reasons = ReasonHeader.all(in: cancel.headers)
                return end(.ended(SessionEnd(byRemote: true, reasons: reasons, status: 487)))
            }
            guard let open = openOffer else { return }
            switch open.carrier {
            case .reinvite(transaction, let request), .emptyReinvite(transaction, let request):
                openOffer = nil
                if let position = usagePosition(remoteTag: open.remoteTag) { usages[position].exchange.rollBack() }
                act(.respond(transaction, response(to: request, 487)))
                emit(.offerWithdrawn(open.token))
            default:
                break
            }
        }
    }
}
