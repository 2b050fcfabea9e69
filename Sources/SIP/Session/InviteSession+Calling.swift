extension InviteSession {
    /// Makes the session of a call to make; `start` sends the INVITE.
    ///
    /// - Parameter tokens: a source of its own, from `SIPTokenSource.split()`.
    public convenience init(
        calling call: OutgoingCall, configuration: InviteSessionConfiguration, tokens: SIPTokenSource
    ) {
        var tokens = tokens
        let tag = tokens.nextToken()
        let sequence = UInt32(truncatingIfNeeded: tokens.next() & 0x7fff) &+ 1
        var request = SIPRequest(method: .invite, target: call.target)
        for route in call.routes { request.headers.add(.route, route.description) }
        request.headers.addPlain(.maxForwards, "70")
        var from = call.from
        from.tag = tag
        var to = call.to
        to.tag = nil
        request.headers.add(.from, from.description)
        request.headers.add(.to, to.description)
        request.headers.add(.callID, call.callID)
        request.headers.addPlain(.cseq, CSeq.text(sequence, .invite))
        self.init(
            direction: .outgoing, leg: LegID(callID: call.callID, localTag: tag), invite: request,
            isSecure: call.isSecure, configuration: configuration, tokens: tokens)
        describeSelf(&invite, isCall: true)
        for header in call.headers { invite.headers.add(header.name, header.value) }
        finish(&invite, contentType: SessionBody.contentType, body: call.sdp ?? [])
        localDescription = call.sdp
    }

    /// Sends the INVITE of a call to make; once.
    public func start(at now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            guard direction == .outgoing, phase == .inviting, pending.isEmpty, let sequence = invite.headers.cseq
            else { return }
            dispatch(
                PendingRequest(
                    token: RequestToken(number: nextToken()), request: invite, sequence: sequence.number,
                    purpose: .call, remoteTag: ""),
                nextHop: NextHop(of: invite))
        }
    }

    /// Takes a provisional response to the INVITE that makes the call.
    func receiveProvisional(_ response: SIPResponse, _ request: PendingRequest) {
        guard case .call = request.purpose, phase == .inviting, response.status > 100 else { return }
        peer.note(response.headers)
        let body = SessionBody(headers: response.headers, body: response.body).description
        guard let position = earlyUsage(of: response) else {
            return report(response.status, sdp: nil)
        }
        current = position
        guard response.headers.hasOption("100rel", in: .require) else {
            return report(response.status, sdp: usages[position].exchange.state == .localOffer ? body : nil)
        }
        receiveReliable(response, body, request, position)
    }

    /// Finds the dialog of a response to the call's INVITE, or makes it; nil without a To tag and past the bound.
    private func earlyUsage(of response: SIPResponse) -> Int? {
        guard let tag = response.headers.to?.tag else { return nil }
        if let known = usagePosition(remoteTag: tag) { return known }
        guard usages.count < SessionLimits.forks,
            let dialog = Dialog(answered: invite, by: response, isSecure: isSecure)
        else { return nil }
        usages.append(
            DialogUsage(
                dialog: dialog, exchange: OfferAnswer(invite.body.isEmpty ? .stable : .localOffer)))
        return usages.count - 1
    }

    /// Takes a reliable provisional response in its turn (RFC 3262 section 4).
    private func receiveReliable(
        _ response: SIPResponse, _ body: [UInt8]?, _ request: PendingRequest, _ position: Int
    ) {
        guard let number = response.headers[.rseq]?.decimal(maximum: Int(UInt32.max)) else { return }
        let rseq = UInt32(truncatingIfNeeded: number)
        if let known = usages[position].remoteRSeq, rseq != known &+ 1 { return }
        let rack = "\(rseq) \(request.sequence) INVITE"
        var answer: [UInt8]?
        if let body {
            if usages[position].exchange.receiveAnswer() {
                usages[position].earlyAnswer = body
                answer = body
            } else if !usages[position].exchange.isEstablished {
                // One offer at a time: left alone, this response comes again.
                guard openOffer == nil else { return }
                usages[position].remoteRSeq = rseq
                usages[position].exchange.receiveOffer()
                let token = open(.provisional(rack: rack), remoteTag: usages[position].dialog.id.remoteTag)
                report(response.status, sdp: nil)
                return emit(.offerReceived(sdp: body, token))
            }
        }
        usages[position].remoteRSeq = rseq
        send(.prack, as: .prack, in: position, headers: [("RAck", rack)])
        report(response.status, sdp: answer)
    }

    private func report(_ status: Int, sdp: [UInt8]?) {
        if status == 180 { emit(.ringing) }
        if status != 180 || sdp != nil { emit(.progress(status: status, sdp: sdp)) }
    }

    /// Takes a 2xx response to an INVITE of ours, perhaps a repeated one or one of another fork
    /// (RFC 3261 section 13.2.2.4).
    func receiveInviteSuccess(_ response: SIPResponse, _ index: Int) {
        pending[index].isAccepted = true
        let request = pending[index]
        let tag = response.headers.to?.tag ?? ""
        if let known = acknowledgements.first(where: { $0.remoteTag == tag && $0.sequence == request.sequence }) {
            if let ack = known.request { act(.acknowledge(ack, known.nextHop)) }
            return
        }
        switch request.purpose {
        case .call:
            if phase == .inviting { return accept(response, request) }
            let isOurs = usages.contains { $0.dialog.matches(remoteTag: tag) && $0.dialog.state == .confirmed }
            if !isOurs { dismiss(response, request) }
        case .change(let change):
            receiveReinviteSuccess(response, request, change)
        case .prack, .bye, .other:
            break
        }
    }

    private func accept(_ response: SIPResponse, _ request: PendingRequest) {
        var usage: DialogUsage
        if let position = usagePosition(remoteTag: response.headers.to?.tag) {
            usage = usages[position]
            usage.dialog.confirm(by: response)
        } else {
            guard let dialog = Dialog(answered: invite, by: response, isSecure: isSecure) else {
                return end(.failed(failure(response, status: 500)))
            }
            usage = DialogUsage(dialog: dialog, exchange: OfferAnswer(invite.body.isEmpty ? .stable : .localOffer))
        }
        let remoteTag = usage.dialog.id.remoteTag
        if let other = openOffer, other.remoteTag != remoteTag {
            openOffer = nil
            emit(.offerWithdrawn(other.token))
        }
        usages = [usage]
        current = 0
        phase = .established
        peer.note(response.headers)
        apply(SessionTimerTerms(accepting: response.headers, policy: configuration.sessionTimers))
        let body = SessionBody(headers: response.headers, body: response.body).description
        if let body, !usage.exchange.isEstablished, usage.exchange.isStable {
            keep(
                Acknowledgement(
                    remoteTag: remoteTag, sequence: request.sequence, request: nil, nextHop: usage.dialog.nextHop))
            usages[0].exchange.receiveOffer()
            let token = open(.success(sequence: request.sequence, isCall: true), remoteTag: remoteTag)
            return emit(.offerReceived(sdp: body, token))
        }
        acknowledge(usage.dialog, sequence: request.sequence)
        if body != nil, usages[0].exchange.receiveAnswer() { return emit(.answered(sdp: body)) }
        if usages[0].exchange.state == .localOffer { usages[0].exchange.rollBack() }
        emit(.answered(sdp: usage.earlyAnswer))
    }

    /// Acknowledges a 2xx that nobody wants any more, and hangs up on it.
    private func dismiss(_ response: SIPResponse, _ request: PendingRequest) {
        guard pending.count < SessionLimits.pendingRequests,
            var dialog = Dialog(answered: request.request, by: response, isSecure: isSecure)
        else { return }
        acknowledge(dialog, sequence: request.sequence)
        var bye = dialog.makeRequest(.bye)
        finish(&bye, contentType: nil, body: [])
        dispatch(
            PendingRequest(
                token: RequestToken(number: nextToken()), request: bye, sequence: dialog.localSequence, purpose: .bye,
                remoteTag: dialog.id.remoteTag),
            nextHop: dialog.nextHop)
    }

    func failure(_ response: SIPResponse, status: Int? = nil) -> SessionFailure {
        SessionFailure(
            status: status ?? response.status, phrase: response.reason, reasons: ReasonHeader.all(in: response.headers),
            contacts: (300..<400).contains(response.status) ? response.headers.contacts : [], response: response)
    }
}
