extension InviteSession {
    /// Takes a response to the request of that token.
    public func receive(_ response: SIPResponse, for token: RequestToken, at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard let index = pending.firstIndex(where: { $0.token == token }) else { return }
            if response.status < 200 {
                receiveProvisional(response, pending[index])
            } else if pending[index].isInvite, response.isSuccess {
                receiveInviteSuccess(response, index)
            } else if !pending[index].isAccepted, pending[index].challenge == nil {
                receiveFinal(response, index)
            }
        }
    }

    /// Takes the end of waiting for a response, which counts as 408.
    public func requestTimedOut(_ token: RequestToken, at now: SIPInstant) -> [SessionAction] {
        receive(SIPResponse(status: 408), for: token, at: now)
    }

    /// Takes the failure to send a request, or to find where to, which counts as 503.
    public func requestNotSent(_ token: RequestToken, at now: SIPInstant) -> [SessionAction] {
        receive(SIPResponse(status: 503), for: token, at: now)
    }

    /// Takes the end of the token's transaction, after which nothing more comes of it.
    public func transactionTerminated(_ token: RequestToken, at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            pending.removeAll { $0.token == token && $0.isAccepted }
        }
    }

    /// Sends a challenged request again with a new number and these header fields (Authorization, Proxy-Authorization)
    /// in place of those of the same names.
    public func retry(
        _ token: RequestToken, headers: [(name: String, value: String)], at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            guard let request = takeChallenged(token) else { return }
            resend(request) { fields in
                for header in headers { fields.remove(header.name) }
                for header in headers { fields.add(header.name, header.value) }
            }
        }
    }

    /// Gives a challenged request up: its challenge counts as its final response.
    public func abandon(_ token: RequestToken, at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard let request = takeChallenged(token), let challenge = request.challenge else { return }
            conclude(request, challenge)
        }
    }

    private func takeChallenged(_ token: RequestToken) -> PendingRequest? {
        guard let index = pending.firstIndex(where: { $0.token == token && $0.challenge != nil }) else { return nil }
        return pending.remove(at: index)
    }

    private func receiveFinal(_ response: SIPResponse, _ index: Int) {
        let request = pending[index]
        var isBye = false
        if case .bye = request.purpose { isBye = true }
        let mayRetry = request.retries < SessionLimits.retries && (phase != .ended || isBye)
        switch response.status {
        case 401 where mayRetry, 407 where mayRetry:
            pending[index].challenge = response
            emit(.challenged(request.token, response))
        case 422 where mayRetry && retryLonger(request, response, index):
            break
        default:
            pending.remove(at: index)
            conclude(request, response)
        }
    }

    /// Asks again with the session interval that the far end wants (RFC 4028 section 7.3).
    private func retryLonger(_ request: PendingRequest, _ response: SIPResponse, _ index: Int) -> Bool {
        guard let minimum = response.headers.minimumSessionS, minimum > minimumSessionS else { return false }
        minimumSessionS = minimum
        pending.remove(at: index)
        let wanted = max(terms?.intervalS ?? configuration.sessionTimers.intervalS, minimum)
        resend(request) { fields in
            let refresher = terms?.asRequest.refresher
            fields.set(.sessionExpires, SessionExpires(intervalS: wanted, refresher: refresher).value)
            fields.set(.minSE, String(minimum))
        }
        return true
    }

    /// Takes the final response of a request that is settled by it: anything but a 2xx to INVITE.
    private func conclude(_ request: PendingRequest, _ response: SIPResponse) {
        switch request.purpose {
        case .call:
            if phase == .inviting { end(.failed(failure(response))) }
        case .change(let change):
            concludeChange(change, request, response)
        case .other(let id):
            if response.isSuccess, request.request.method == .update, phase != .ended,
                let position = usagePosition(remoteTag: request.remoteTag)
            {
                receiveUpdateSuccess(response, position, SessionChange(sdp: nil, method: .update, isRefresh: true))
            }
            emit(.requestCompleted(id: id, status: response.status, response))
            if response.status == 481 { loseDialog(status: 481) }
        case .prack, .bye:
            break
        }
    }

    private func concludeChange(_ change: SessionChange, _ request: PendingRequest, _ response: SIPResponse) {
        guard phase != .ended, let position = usagePosition(remoteTag: request.remoteTag) else { return }
        if response.isSuccess { return receiveUpdateSuccess(response, position, change) }
        let offered = change.sdp != nil
        if offered { usages[position].exchange.rollBack() }
        switch response.status {
        case 481, 408:
            loseDialog(status: response.status)
        case 405 where change.method == .update, 501 where change.method == .update:
            peer.noteUpdateRefused()
            queueAgain(change)
        case 491 where change.attempts < SessionLimits.glareRetries:
            queueAgain(change)
            start(.retryChange, afterMs: glareDelayMs)
        case 500 where change.attempts < SessionLimits.glareRetries && response.headers[.retryAfter] != nil:
            queueAgain(change)
            let seconds = response.headers[.retryAfter]?.decimal(maximum: SessionLimits.retryAfterS)
            start(.retryChange, afterMs: (seconds ?? SessionLimits.retryAfterS) &* 1_000)
        default:
            if !change.isRefresh { emit(.offerRejected(status: response.status)) }
        }
    }

    /// Puts a change that met another one back in the queue, unless the owner wants a newer one already.
    private func queueAgain(_ change: SessionChange) {
        guard queuedChange == nil else { return }
        var again = change
        again.attempts += 1
        if change.isRefresh, !peer.allowsUpdate {
            again.method = .invite
            again.sdp = localDescription
        }
        queuedChange = again
    }

    /// The wait after glare, in steps of 10 ms (RFC 3261 section 14.1).
    private var glareDelayMs: Int {
        direction == .outgoing
            ? Int.random(in: 210...400, using: &tokens) &* 10 : Int.random(in: 0...200, using: &tokens) &* 10
    }

    /// Ends a session whose far end does not know it any more, or does not answer (RFC 3261 section 12.2.1.2).
    func loseDialog(status: Int) {
        switch phase {
        case .established:
            sendBye([.sip(status)], in: current)
            end(.ended(SessionEnd(byRemote: false, status: status)))
        case .inviting, .invited, .answered, .ended:
            break
        }
    }
}
