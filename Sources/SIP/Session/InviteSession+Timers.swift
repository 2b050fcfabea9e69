extension InviteSession {
    func fire(_ timer: SessionTimer) {
        switch timer {
        case .repeatSuccess: repeatSuccess()
        case .awaitACK: giveUpOnACK()
        case .repeatProvisional: repeatProvisional()
        case .awaitPRACK: giveUpOnPRACK()
        case .keepRinging: keepRinging()
        case .inviteExpires:
            guard phase == .invited else { return }
            refuseCall(487)
            end(.ended(SessionEnd(byRemote: true, status: 487)))
        case .retryChange:
            // `startQueuedChange` runs after every input, and nothing holds it back now.
            break
        case .refreshSession: refreshSession()
        case .expireSession:
            hangUp([.sip(408, text: "Session expired")], status: 408)
        }
    }

    private func repeatSuccess() {
        guard var waiting = unacknowledged else { return }
        act(.retransmitResponse(waiting.transaction))
        waiting.intervalMs = min(waiting.intervalMs &* 2, configuration.timings.t2Ms)
        unacknowledged = waiting
        start(.repeatSuccess, afterMs: waiting.intervalMs)
    }

    private func giveUpOnACK() {
        guard unacknowledged != nil else { return }
        stopRepeatingSuccess()
        let reasons = waitingBye ?? [.sip(408, text: "No ACK")]
        waitingBye = nil
        sendBye(reasons, in: 0)
        if phase != .ended { end(.ended(SessionEnd(byRemote: false, status: 408))) }
    }

    private func repeatProvisional() {
        guard let transaction = inviteTransaction, let interval = provisionals.backOff() else { return }
        act(.retransmitResponse(transaction))
        start(.repeatProvisional, afterMs: interval)
    }

    /// Refuses a call whose caller does not acknowledge our provisional response (RFC 3262 section 3).
    private func giveUpOnPRACK() {
        guard phase == .invited, provisionals.outstanding != nil else { return }
        refuseCall(504)
        end(.ended(SessionEnd(byRemote: false, status: 504)))
    }

    private func keepRinging() {
        guard phase == .invited else { return }
        sendProvisional(.init(status: latestProvisional, reason: nil, sdp: nil, headers: []))
    }

    private func refreshSession() {
        guard phase == .established else { return }
        if peer.allowsUpdate {
            send(.update, as: .change(SessionChange(sdp: nil, method: .update, isRefresh: true)), in: current)
        } else if queuedChange == nil {
            queuedChange = SessionChange(sdp: localDescription, method: .invite, isRefresh: true)
        }
    }

    /// Takes the agreed terms, or none, and starts the time anew.
    func apply(_ agreed: SessionTimerTerms?) {
        terms = agreed
        deadlines.stop(.refreshSession)
        deadlines.stop(.expireSession)
        guard let agreed else { return }
        if agreed.weRefresh { start(.refreshSession, afterMs: agreed.refreshMs) }
        start(.expireSession, afterMs: agreed.expiryMs)
    }

    /// Agrees on session timer terms as the answering side and returns the header fields that tell so.
    func agreeOnTimer(_ request: SIPRequest) -> [(name: String, value: String)] {
        let answer = SessionTimerTerms.answer(
            request.headers, policy: configuration.sessionTimers, current: terms)
        guard case .agree(let agreed, let requires) = answer else {
            apply(nil)
            return []
        }
        apply(agreed)
        return [("Session-Expires", agreed.asResponse.value)] + (requires ? [("Require", "timer")] : [])
    }
}
