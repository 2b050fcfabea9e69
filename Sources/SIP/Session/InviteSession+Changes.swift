extension InviteSession {
    /// Offers a new description in a re-INVITE, or asks the far end for an offer when nil.
    ///
    /// Waits while another exchange is open or the call is not established; a newer wish replaces a waiting one.
    /// `answerReceived` (or `offerReceived` after nil) or `offerRejected` follows.
    public func reinvite(sdp: [UInt8]?, at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard phase != .ended else { return }
            queuedChange = SessionChange(sdp: sdp, method: .invite, isRefresh: false)
        }
    }

    /// Offers a new description in an UPDATE (RFC 3311), which works before the call is answered too, once a first
    /// exchange is complete; in a re-INVITE when the far end does not allow UPDATE.
    public func update(sdp: [UInt8], at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard phase != .ended else { return }
            queuedChange = SessionChange(sdp: sdp, method: .update, isRefresh: false)
        }
    }

    /// Answers an offer, or makes the one that was asked for.
    public func acceptOffer(_ token: OfferToken, sdp: [UInt8], at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard let open = takeOpen(token), let position = usagePosition(remoteTag: open.remoteTag) else { return }
            usages[position].exchange.sendDescription()
            localDescription = sdp
            switch open.carrier {
            case .reinvite(let transaction, let request):
                succeed(request, transaction, sdp: sdp, expectsAnswer: false)
            case .emptyReinvite(let transaction, let request):
                succeed(request, transaction, sdp: sdp, expectsAnswer: true)
            case .request(let transaction, let request):
                let headers = request.method == .update && isAnswered ? agreeOnTimer(request) : []
                act(.respond(transaction, response(to: request, 200, headers: headers, sdp: sdp)))
            case .provisional(let rack):
                send(
                    .prack, as: .prack, in: position, headers: [("RAck", rack)],
                    contentType: SessionBody.contentType, body: sdp)
            case .success(let sequence, let isCall):
                acknowledge(usages[position].dialog, sequence: sequence, sdp: sdp)
                if isCall { emit(.answered(sdp: nil)) }
            }
        }
    }

    /// Refuses an offer. One that came in a response to our INVITE cannot be refused: the call is ended instead.
    public func refuseOffer(_ token: OfferToken, status: Int = 488, at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard let open = takeOpen(token), let position = usagePosition(remoteTag: open.remoteTag) else { return }
            usages[position].exchange.rollBack()
            switch open.carrier {
            case .reinvite(let transaction, let request), .emptyReinvite(let transaction, let request),
                .request(let transaction, let request):
                act(.respond(transaction, response(to: request, status)))
            case .provisional:
                hangUp([.sip(status)])
            case .success(let sequence, _):
                acknowledge(usages[position].dialog, sequence: sequence)
                hangUp([.sip(status)])
            }
        }
    }

    private func takeOpen(_ token: OfferToken) -> OpenOffer? {
        guard let open = openOffer, open.token == token else { return nil }
        openOffer = nil
        return open
    }

    /// Starts the change that waits, if the time is right.
    func startQueuedChange() {
        guard var change = queuedChange, usages.indices.contains(current), !deadlines.isRunning(.retryChange),
            openOffer == nil, unacknowledged == nil, usages[current].exchange.isStable, !isChanging
        else { return }
        if change.method == .update, !peer.allowsUpdate { change.method = .invite }
        switch phase {
        case .established: break
        case .inviting, .invited:
            guard change.method == .update, usages[current].exchange.isEstablished, provisionals.outstanding == nil
            else { return }
        case .answered, .ended: return
        }
        queuedChange = nil
        let isSent = send(
            change.method, as: .change(change), in: current, contentType: SessionBody.contentType,
            body: change.sdp ?? [])
        guard isSent else { return emit(.offerRejected(status: 500)) }
        guard let sdp = change.sdp else { return }
        usages[current].exchange.sendDescription()
        localDescription = sdp
    }

    /// Whether a re-INVITE or an UPDATE with an offer of ours is under way.
    private var isChanging: Bool {
        pending.contains { request in
            guard case .change(let change) = request.purpose, !request.isAccepted else { return false }
            return change.method == .invite || change.sdp != nil
        }
    }

    /// Whether a re-INVITE of ours is under way.
    var isReinviting: Bool {
        pending.contains { request in
            guard case .change(let change) = request.purpose else { return false }
            return change.method == .invite && !request.isAccepted
        }
    }

    func receiveReinviteSuccess(_ response: SIPResponse, _ request: PendingRequest, _ change: SessionChange) {
        guard let position = usagePosition(remoteTag: request.remoteTag) else { return }
        usages[position].dialog.refreshTarget(from: response.headers)
        let dialog = usages[position].dialog
        guard phase != .ended else { return acknowledge(dialog, sequence: request.sequence) }
        peer.note(response.headers)
        apply(SessionTimerTerms(accepting: response.headers, policy: configuration.sessionTimers))
        let body = SessionBody(headers: response.headers, body: response.body).description
        if change.sdp == nil, let body {
            keep(
                Acknowledgement(
                    remoteTag: request.remoteTag, sequence: request.sequence, request: nil, nextHop: dialog.nextHop))
            usages[position].exchange.receiveOffer()
            let token = open(.success(sequence: request.sequence, isCall: false), remoteTag: request.remoteTag)
            return emit(.offerReceived(sdp: body, token))
        }
        acknowledge(dialog, sequence: request.sequence)
        takeAnswer(body, position, change)
    }

    func receiveUpdateSuccess(_ response: SIPResponse, _ position: Int, _ change: SessionChange) {
        usages[position].dialog.refreshTarget(from: response.headers)
        peer.note(response.headers)
        if isAnswered {
            apply(SessionTimerTerms(accepting: response.headers, policy: configuration.sessionTimers))
        }
        takeAnswer(SessionBody(headers: response.headers, body: response.body).description, position, change)
    }

    private func takeAnswer(_ body: [UInt8]?, _ position: Int, _ change: SessionChange) {
        guard change.sdp != nil || change.method == .invite else { return }
        if let body, usages[position].exchange.receiveAnswer() { return emit(.answerReceived(sdp: body)) }
        if usages[position].exchange.state == .localOffer { usages[position].exchange.rollBack() }
        if !change.isRefresh { emit(.offerRejected(status: 0)) }
    }
}
