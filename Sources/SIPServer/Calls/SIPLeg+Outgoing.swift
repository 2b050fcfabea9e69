import CallCore
import SIP

extension SIPLeg {
    /// Calls all devices at once.
    func place(to targets: [CallTarget], callID: String) {
        for target in targets {
            let security = security(toward: target)
            guard let offer = offer(security) else { continue }
            let call = makeCall(to: target, callID: callID, offer: offer)
            call.offered = security
            call.owner = self
            if target.flow != nil { findsFarEnd?(call) }
            calls.append(call)
        }
        guard !calls.isEmpty else { channel?.legEnded(cause: .bearerCapabilityNotAvailable, techCause: 488); return }
        for call in calls where !isOver { call.start() }
    }

    private func makeCall(to target: CallTarget, callID: String, offer: [UInt8]) -> SIPCall {
        let flow = signalling.expectedFlow(to: target)
        let (caller, own) = (channel?.connected ?? .empty, signalling.ownAddress(for: flow).host)
        let identity = target.provider?.identity(of: caller) ?? CallerIdentity(caller, host: own)
        let request = OutgoingCall(
            target: .sip(target.uri), from: identity.from, to: NameAddr(uri: .sip(target.uri)), callID: callID, routes: target.routes,
            headers: identity.headers + requestHeaders, sdp: offer)
        let session = InviteSession(
            calling: request, configuration: signalling.sessionConfiguration(for: flow, user: target.provider?.contactUser),
            tokens: signalling.newTokenSource())
        return SIPCall(
            session, flow: target.flow, isDirect: target.flow != nil, credentials: credentials(for: target), signalling: signalling)
    }

    /// Credentials are for providers and for devices that proved to know them, never for an address from a dial string.
    private func credentials(for target: CallTarget) -> DigestClient? {
        if let provider = target.provider { return provider.credentials }
        return target.flow == nil ? nil : endpoint?.secret.map { DigestClient(user: settings.name, secret: $0) }
    }

    /// Takes what became of a call to one of the devices.
    func outgoing(_ call: SIPCall, _ event: SessionEvent) {
        guard !isAnswered, calls.contains(where: { $0 === call }) else { return }
        switch event {
        case .ringing: channel?.legRinging()
        case .progress(let status, let sdp): progressed(call, status, sdp)
        case .answered(let sdp): answered(call, sdp)
        case .failed(let failure): failed(call, failure)
        default: break
        }
    }

    private func progressed(_ call: SIPCall, _ status: Int, _ sdp: [UInt8]?) {
        guard let sdp else { return channel?.legProceeding() ?? () }
        // Several devices can't all be heard: the first one that plays something is.
        guard main == nil || main === call else { return }
        do {
            try media.accept(sdp, to: call.offered)
            main = call
            startMedia()
            if status != 180 { channel?.legProgress() }
        } catch {
            signalling.log.info("early audio can't be used", error.description, callID: call.leg.callID)
        }
    }

    private func answered(_ call: SIPCall, _ sdp: [UInt8]?) {
        let hadEarlyAnswer = main === call && media.negotiated != nil
        main = call
        dropOthers(than: call)
        isAnswered = true
        do {
            if let sdp { try media.accept(sdp, to: call.offered) }
        } catch {
            return fail(call, error)
        }
        guard sdp != nil || hadEarlyAnswer else {
            return fail(call, MediaRefusal(description: "the answer has no session description"))
        }
        startMedia()
        channel?.legAnswered()
        followHold()
    }

    private func failed(_ call: SIPCall, _ failure: SessionFailure) {
        calls.removeAll { $0 === call }
        failures.append(failure)
        if failure.isGlobal {
            dropAll()
        } else if !calls.isEmpty {
            return
        }
        let worst = failures.first { $0.isGlobal } ?? failures.min { Self.rank($0) < Self.rank($1) } ?? failure
        channel?.legEnded(cause: worst.channelCause, techCause: worst.status)
    }

    private func dropAll() {
        let rest = calls
        calls = []
        for call in rest { call.hangUp(cause: HangupCause.normalClearing.number) }
    }

    /// Which of several failures says most: somebody who is busy or refuses, rather than a device that is gone.
    private static func rank(_ failure: SessionFailure) -> Int {
        switch failure.status {
        case 486: 0
        case 401, 403, 407, 480, 488: 1
        case 404, 410, 484: 2
        case 408, 503: 4
        default: 3
        }
    }
}

/// Who a call says to come from.
struct CallerIdentity {
    var from: NameAddr
    var headers: [(name: String, value: String)]

    /// Makes the From of a party, with our address as its domain; anonymous (RFC 3323) when there is none or it must not be shown.
    init(_ party: PartyID, host: String) {
        let isHidden = party.presentation.rawValue & 0x60 == 0x20
        guard !isHidden, !party.isEmpty else {
            from = NameAddr(displayName: "Anonymous", uri: SIPURI(user: "anonymous", host: "anonymous.invalid"))
            headers = isHidden ? [("Privacy", "id")] : []
            return
        }
        let user = party.number.isEmpty ? "anonymous" : party.number
        from = NameAddr(displayName: party.name.isEmpty ? nil : party.name, uri: SIPURI(user: user, host: host))
        headers = []
    }
}
