extension InviteSession {
    /// Takes a request inside the leg's dialogs; ACK goes to `receiveACK` and CANCEL to `receiveCancel`.
    public func receive(
        _ request: SIPRequest, _ transaction: ServerTransactionID, at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            guard let position = usagePosition(remoteTag: request.headers.from?.tag) else {
                return answer(request, transaction, 481)
            }
            guard phase != .ended else { return answerAfterEnd(request, transaction) }
            guard usages[position].dialog.receive(request) == .inOrder else { return answer(request, transaction, 500) }
            if request.method != .bye, let refusal = extensionRefusal(of: request) {
                return act(.respond(transaction, refusal))
            }
            peer.note(request.headers)
            serve(request, transaction, position)
        }
    }

    /// Answers a request that was handed to the owner, such as REFER.
    public func respond(
        to transaction: ServerTransactionID, _ request: SIPRequest, status: Int,
        headers: [(name: String, value: String)] = [], at now: SIPInstant
    ) -> [SessionAction] {
        perform(at: now) {
            act(.respond(transaction, response(to: request, status, headers: headers)))
        }
    }

    private func answer(
        _ request: SIPRequest, _ transaction: ServerTransactionID, _ status: Int,
        headers: [(name: String, value: String)] = []
    ) {
        act(.respond(transaction, response(to: request, status, headers: headers)))
    }

    private func answerAfterEnd(_ request: SIPRequest, _ transaction: ServerTransactionID) {
        guard request.method == .bye else { return answer(request, transaction, 481) }
        // Both hung up: neither the ACK nor a BYE of ours matters any more.
        stopRepeatingSuccess()
        waitingBye = nil
        answer(request, transaction, 200)
    }

    /// Answers 500 with a random Retry-After of 0...10 s, as RFC 3261 section 14.2 wants for changes that cross.
    private func answerLater(_ request: SIPRequest, _ transaction: ServerTransactionID) {
        let seconds = Int.random(in: 0...SessionLimits.retryAfterS, using: &tokens)
        answer(request, transaction, 500, headers: [("Retry-After", String(seconds))])
    }

    private func serve(_ request: SIPRequest, _ transaction: ServerTransactionID, _ position: Int) {
        let type = request.headers.contentType ?? ""
        switch request.method {
        case .bye: receiveBye(request, transaction)
        case .invite: receiveReinvite(request, transaction, position)
        case .update: receiveUpdate(request, transaction, position)
        case .prack: receivePrack(request, transaction, position)
        case .info:
            answer(request, transaction, 200)
            emit(.infoReceived(contentType: type, body: request.body, request))
        case .message:
            answer(request, transaction, 200)
            emit(.messageReceived(contentType: type, body: request.body, request))
        case .notify:
            answer(request, transaction, 200)
            emit(.notifyReceived(request))
        case .refer:
            emit(.referReceived(request, transaction))
        case .options:
            answer(
                request, transaction, 200,
                headers: [
                    ("Allow", InviteSessionConfiguration.allow), ("Accept", SessionBody.contentType),
                    ("Supported", configuration.supported),
                ])
        default:
            answer(
                request, transaction, request.method.isKnown ? 405 : 501,
                headers: [("Allow", InviteSessionConfiguration.allow)])
        }
    }

    private func receiveBye(_ request: SIPRequest, _ transaction: ServerTransactionID) {
        answer(request, transaction, 200)
        let reasons = ReasonHeader.all(in: request.headers)
        switch phase {
        case .invited: refuseCall(487)
        case .inviting: cancelCall([])
        case .answered, .established: stopRepeatingSuccess()
        case .ended: return
        }
        end(.ended(SessionEnd(byRemote: true, reasons: reasons)))
    }

    private func receiveReinvite(_ request: SIPRequest, _ transaction: ServerTransactionID, _ position: Int) {
        guard phase == .answered || phase == .established else {
            return phase == .invited ? answerLater(request, transaction) : answer(request, transaction, 491)
        }
        if unacknowledged?.expectsAnswer == true || isReinviting { return answer(request, transaction, 491) }
        switch (openOffer, usages[position].exchange.state) {
        case (_, .localOffer): return answer(request, transaction, 491)
        case (_?, _), (_, .remoteOffer): return answerLater(request, transaction)
        case (nil, .stable): break
        }
        let body = SessionBody(headers: request.headers, body: request.body)
        if let refusal = refusal(of: request, body) { return act(.respond(transaction, refusal)) }
        takeAsAcknowledged()
        let remoteTag = usages[position].dialog.id.remoteTag
        if let offer = body.description {
            usages[position].exchange.receiveOffer()
            emit(.offerReceived(sdp: offer, open(.reinvite(transaction, request), remoteTag: remoteTag)))
        } else {
            emit(.offerNeeded(open(.emptyReinvite(transaction, request), remoteTag: remoteTag)))
        }
    }

    /// Takes a re-INVITE as proof that our 2xx arrived though its ACK did not (RFC 5407 section 3.1.5).
    private func takeAsAcknowledged() {
        guard unacknowledged != nil else { return }
        stopRepeatingSuccess()
        guard phase == .answered else { return }
        phase = .established
        emit(.confirmed)
    }

    private func receiveUpdate(_ request: SIPRequest, _ transaction: ServerTransactionID, _ position: Int) {
        let body = SessionBody(headers: request.headers, body: request.body)
        if let refusal = refusal(of: request, body) { return act(.respond(transaction, refusal)) }
        guard let offer = body.description else {
            return answer(request, transaction, 200, headers: isAnswered ? agreeOnTimer(request) : [])
        }
        switch (openOffer, usages[position].exchange.state) {
        case (_, .localOffer): return answer(request, transaction, 491)
        case (_?, _), (_, .remoteOffer): return answerLater(request, transaction)
        case (nil, .stable): break
        }
        // A first exchange that is still to come, in a 2xx or its ACK, has to come first (RFC 3311 section 5.2).
        guard usages[position].exchange.isEstablished else { return answerLater(request, transaction) }
        usages[position].exchange.receiveOffer()
        let remoteTag = usages[position].dialog.id.remoteTag
        emit(.offerReceived(sdp: offer, open(.request(transaction, request), remoteTag: remoteTag)))
    }

    private func receivePrack(_ request: SIPRequest, _ transaction: ServerTransactionID, _ position: Int) {
        guard direction == .incoming, provisionals.acknowledge(request.headers) else {
            return answer(request, transaction, 481)
        }
        deadlines.stop(.repeatProvisional)
        deadlines.stop(.awaitPRACK)
        let body = SessionBody(headers: request.headers, body: request.body).description
        if let body {
            receiveDescription(body, inPrack: request, transaction, position)
        } else {
            answer(request, transaction, 200)
        }
        guard phase == .invited else { return }
        if body == nil, usages[position].exchange.state == .localOffer {
            // Our offer in the provisional response got no answer: nothing can come of this call.
            refuseCall(488)
            return end(.ended(SessionEnd(byRemote: false, status: 488)))
        }
        if deferredAnswer != nil { return sendDeferredAnswer() }
        if let next = provisionals.dequeue() { sendProvisional(next) }
    }

    private func receiveDescription(
        _ body: [UInt8], inPrack request: SIPRequest, _ transaction: ServerTransactionID, _ position: Int
    ) {
        if usages[position].exchange.receiveAnswer() {
            answer(request, transaction, 200)
            return emit(.answerReceived(sdp: body))
        }
        guard openOffer == nil, usages[position].exchange.mayOffer else { return answer(request, transaction, 488) }
        usages[position].exchange.receiveOffer()
        let remoteTag = usages[position].dialog.id.remoteTag
        emit(.offerReceived(sdp: body, open(.request(transaction, request), remoteTag: remoteTag)))
    }
}
