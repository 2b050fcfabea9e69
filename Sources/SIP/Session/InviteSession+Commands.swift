extension InviteSession {
    /// Ends the call, in whichever way its state asks for: CANCEL, a final response, or BYE.
    ///
    /// - Parameters:
    ///   - cause: the Q.850 cause, told in a Reason header field; it also chooses the status that refuses a call which
    ///     was not answered.
    ///   - reasons: further reasons, such as SIP 200 "Call completed elsewhere".
    public func hangup(cause: Int? = nil, reasons: [ReasonHeader] = [], at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            let q850: [ReasonHeader] = cause.map { [.q850($0)] } ?? []
            hangUp(reasons + q850, refusal: Q850Cause.status(forCause: cause ?? Q850Cause.normalClearing))
        }
    }

    func hangUp(_ reasons: [ReasonHeader], refusal: Int = 603, status: Int? = nil) {
        switch phase {
        case .inviting:
            cancelCall(Self.headers(reasons))
        case .invited:
            refuseCall(refusal, headers: Self.headers(reasons))
        case .answered:
            // The callee may not send BYE before the ACK came or its wait is over (RFC 3261 section 15).
            waitingBye = reasons
        case .established:
            if let open = openOffer, case .success(let sequence, _) = open.carrier {
                openOffer = nil
                acknowledge(usages[current].dialog, sequence: sequence)
            }
            stopRepeatingSuccess()
            sendBye(reasons, in: current)
        case .ended:
            return
        }
        end(.ended(SessionEnd(byRemote: false, reasons: reasons, status: status)))
    }

    func cancelCall(_ headers: [(name: String, value: String)]) {
        for request in pending {
            if case .call = request.purpose, request.challenge == nil { act(.cancel(request.token, headers: headers)) }
        }
    }

    /// Sends a request inside the dialog: INFO, MESSAGE, NOTIFY, REFER, OPTIONS, or UPDATE without a description, say.
    ///
    /// `requestCompleted` with the given number follows; with status 481 at once when there is no dialog, 500 when too
    /// many are under way, and 405 for the methods that are the session's own (INVITE, ACK, BYE, CANCEL, PRACK).
    public func request(
        _ method: SIPMethod, id: UInt64, headers: [(name: String, value: String)] = [], contentType: String? = nil,
        body: [UInt8] = [], at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            guard phase != .ended, usages.indices.contains(current) else {
                return emit(.requestCompleted(id: id, status: 481, nil))
            }
            guard ![.invite, .ack, .bye, .cancel, .prack].contains(method) else {
                return emit(.requestCompleted(id: id, status: 405, nil))
            }
            let isSent = send(
                method, as: .other(id: id), in: current, headers: headers, contentType: contentType, body: body)
            if !isSent { emit(.requestCompleted(id: id, status: 500, nil)) }
        }
    }

    /// Sends INFO (RFC 6086), such as DTMF in `application/dtmf-relay`.
    public func sendInfo(contentType: String, body: [UInt8], id: UInt64, at now: SIPInstant) -> [SessionAction] {
        request(.info, id: id, contentType: contentType, body: body, at: now)
    }

    /// Sends a MESSAGE (RFC 3428).
    public func sendMessage(contentType: String, body: [UInt8], id: UInt64, at now: SIPInstant) -> [SessionAction] {
        request(.message, id: id, contentType: contentType, body: body, at: now)
    }

    /// Sends REFER (RFC 3515): asks the far end to call somebody.
    public func refer(
        to target: NameAddr, by referrer: NameAddr? = nil, id: UInt64, at now: SIPInstant
    ) -> [SessionAction] {
        let by = referrer.map { [(name: "Referred-By", value: $0.description)] } ?? []
        return request(.refer, id: id, headers: [("Refer-To", target.description)] + by, at: now)
    }

    /// Sends NOTIFY, such as the progress of a REFER in `message/sipfrag`.
    public func notify(
        event: String, subscriptionState: String, contentType: String?, body: [UInt8], id: UInt64, at now: SIPInstant
    ) -> [SessionAction] {
        request(
            .notify, id: id, headers: [("Event", event), ("Subscription-State", subscriptionState)],
            contentType: contentType, body: body, at: now)
    }
}
