import Audio
import NIOCore
import RTP
import SDP
import SIP

extension UserAgent {
    // MARK: - Calling

    func call(_ number: String) throws -> CallLeg {
        try checkOpen()
        let target = try target(of: number)
        let from = NameAddr(
            displayName: settings.displayName, uri: .sip(SIPURI(user: settings.user, host: settings.server?.host ?? path.local.host)))
        let callID = tokens.nextToken()
        let prepared = try makeMedia()
        // The offer names the leg's port, so the leg's audio comes before its session.
        let draft = localMedia(of: prepared)
        let offer = OfferAnswer.makeOffer(local: draft)
        let outgoing = OutgoingCall(
            target: .sip(target), from: from, to: NameAddr(uri: target), callID: callID, sdp: offer.encode())
        let session = InviteSession(calling: outgoing, configuration: sessionConfiguration, tokens: tokens.split())
        let leg = CallLeg(session, number: number, stream: prepared, local: draft, on: loop)
        leg.keepOffer(offer)
        attach(leg)
        totals.callsMade += 1
        totals.callsActive += 1
        add(leg)
        tell(.calling(number))
        on(leg) { $0.start(at: $1) }
        return leg
    }

    /// Where a call to a number goes: to the URI itself, or to the server.
    private func target(of number: String) throws -> SIPURI {
        if number.hasPrefix("sip:") {
            guard let uri = SIPURI(number) else { throw PhoneError.badNumber(number) }
            return uri
        }
        guard let server = settings.server else { throw PhoneError.noServer }
        var uri = SIPURI(user: number, host: server.host, port: server.port == PhoneSettings.Server.standardPort ? nil : server.port)
        if settings.transport == .tcp { uri.parameters.set("transport", "tcp") }
        guard !number.isEmpty, SIPURI(uri.description) == uri else { throw PhoneError.badNumber(number) }
        return uri
    }

    // MARK: - Audio

    var codecOffers: [CodecOffer] {
        settings.codecs.filter(VoiceCoder.codecs.contains).map {
            CodecOffer(
                name: $0.encodingName, clockRate: $0.rtpClockRate, channels: $0.encodingChannels, payloadType: $0.staticPayloadType,
                fmtp: $0 == .opus ? OpusParameters.fmtp : nil)
        }
    }

    /// Makes the leg of an incoming call.
    func makeLeg(_ session: InviteSession, number: String) throws -> CallLeg {
        let stream = try makeMedia()
        let local = localMedia(of: stream)
        let leg = CallLeg(session, number: number, stream: stream, local: local, on: loop)
        attach(leg)
        return leg
    }

    private func localMedia(of stream: RTPStream) -> LocalMedia {
        var local = LocalMedia(
            address: path.local.host, port: stream.socket.local.port ?? 0, codecs: codecOffers, sessionID: tokens.next() >> 2)
        guard let protection = stream.protection else { return local }
        (local.transport, local.acceptedTransports, local.mediaAttributes) = ("RTP/SAVP", ["RTP/SAVP"], protection.attributes)
        return local
    }

    private func makeMedia() throws -> RTPStream {
        let stream = try makeStream()
        if let profile = settings.encryption { stream.protection = try StreamProtection(profile) }
        if let profile = settings.rehearsedEncryption { stream.rehearsal = try StreamProtection.rehearsal(profile) }
        return stream
    }

    private func makeStream() throws -> RTPStream {
        guard settings.media != .conversation else {
            let socket = try DatagramSocket(host: path.local.host, port: 0, on: loop)
            return RTPStream(socket: socket, ownsSocket: true, voice: Voice(settings.source), random: tokens.next())
        }
        let socket = try sharedSocket ?? DatagramSocket(host: path.local.host, port: 0, on: loop)
        sharedSocket = socket
        socket.onReceive = { [unowned self] buffer, source in
            buffer.withUnsafeReadableBytes { self.streamsByRemote[source]?.receive($0, at: 0) }
        }
        return RTPStream(socket: socket, ownsSocket: false, voice: nil, random: tokens.next())
    }

    private func attach(_ leg: CallLeg) {
        guard let voice = leg.stream.voice else { return }
        let stream = leg.stream, number = leg.number
        stream.socket.onReceive = { [weak stream] buffer, _ in
            let nowMs = Int64(clamping: NIODeadline.now().uptimeNanoseconds / 1_000_000)
            buffer.withUnsafeReadableBytes { stream?.receive($0, at: nowMs) }
        }
        voice.onDigit = { [observer = settings.observer] in observer?(.digit(call: number, $0)) }
    }

    /// Puts what was agreed on into force.
    private func useMedia(_ leg: CallLeg, wasHeld: Bool = false) {
        guard let media = leg.negotiated, let codec = leg.codec, !leg.hasEnded else { return }
        let stream = leg.stream
        if !stream.ownsSocket, let old = stream.remote { streamsByRemote[old] = nil }
        stream.use(media, codec)
        if !stream.ownsSocket, let remote = stream.remote { streamsByRemote[remote] = stream }
        stream.isSending = leg.isAnswered && media.direction.sends && settings.media != .silent
        if settings.media != .silent { clock.add(stream) }
        let remote = "\(media.remoteAddress):\(media.remotePort)"
        tell(.media(call: leg.number, codec: media.codec.name, remote: remote, direction: media.direction.rawValue))
        if media.isHeldByRemote != wasHeld { tell(.held(call: leg.number, media.isHeldByRemote)) }
    }

    private func stopMedia(_ leg: CallLeg) {
        let stream = leg.stream
        clock.remove(stream)
        if !stream.ownsSocket, let remote = stream.remote { streamsByRemote[remote] = nil }
        stream.close()
    }

    // MARK: - Commands

    func ring(_ leg: CallLeg) {
        on(leg) { $0.ring(at: $1) }
    }

    func answer(_ leg: CallLeg) {
        guard leg.session.direction == .incoming, !leg.isAnswered, !leg.hasEnded else { return }
        do {
            let sdp = try leg.describe()
            on(leg) { $0.answer(sdp: sdp, at: $1) }
        } catch {
            reject(leg, status: NegotiationError.statusCode)
        }
    }

    func reject(_ leg: CallLeg, status: Int) {
        on(leg) { $0.reject(status: status, at: $1) }
    }

    func hangUp(_ leg: CallLeg, cause: Int? = nil) {
        on(leg) { $0.hangup(cause: cause, at: $1) }
    }

    /// Offers another direction in a re-INVITE.
    func change(_ leg: CallLeg, direction: MediaDirection) -> EventLoopFuture<Void> {
        guard leg.isAnswered, !leg.hasEnded, leg.change == nil else {
            return loop.makeFailedFuture(PhoneError.changeRefused(number: leg.number, status: leg.hasEnded ? 481 : 491))
        }
        let promise = loop.makePromise(of: Void.self)
        leg.change = promise
        let offer = leg.makeOffer(direction)
        on(leg) { $0.reinvite(sdp: offer, at: $1) }
        return promise.futureResult
    }

    func press(_ events: [UInt8], on leg: CallLeg, durationMs: Int, gapMs: Int) -> EventLoopFuture<Void> {
        guard leg.isAnswered, !leg.hasEnded, let voice = leg.stream.voice, voice.takesDigits else {
            return loop.makeFailedFuture(PhoneError.changeRefused(number: leg.number, status: NegotiationError.statusCode))
        }
        let promise = loop.makePromise(of: Void.self)
        voice.press(events, durationMs: durationMs, gapMs: gapMs) { promise.succeed() }
        return promise.futureResult
    }

    // MARK: - Events

    func take(_ event: SessionEvent, _ leg: CallLeg) {
        switch event {
        case .invited(let offer): invited(leg, offer)
        case .ringing:
            leg.ringing.succeed()
            tell(.ringing(call: leg.number))
        case .progress(let status, let sdp):
            tell(.progress(call: leg.number, status: status))
            if let sdp { takeAnswer(sdp, leg) }
        case .answered(let sdp):
            leg.markAnswered()
            totals.callsAnswered += 1
            tell(.answered(call: leg.number))
            if let sdp { takeAnswer(sdp, leg) } else { useMedia(leg) }
        case .confirmed:
            leg.markAnswered()
            totals.callsAnswered += 1
            tell(.answered(call: leg.number))
            useMedia(leg)
        case .answerReceived(let sdp):
            takeAnswer(sdp, leg)
            leg.change?.succeed()
            leg.change = nil
        case .offerRejected(let status):
            leg.dropOffer()
            leg.change?.fail(PhoneError.changeRefused(number: leg.number, status: status))
            leg.change = nil
        case .offerReceived(let sdp, let token): answerOffer(sdp, token, leg)
        case .offerNeeded(let token):
            let offer = leg.makeOffer()
            on(leg) { $0.acceptOffer(token, sdp: offer, at: $1) }
        case .challenged(let token, let response): answerChallenge(response, token, leg)
        case .referReceived(let request, let transaction):
            on(leg) { $0.respond(to: transaction, request, status: 603, at: $1) }
        case .failed(let failure): failed(leg, failure)
        case .ended(let end):
            let told = CallEnd(byRemote: end.byRemote, cause: end.cause, status: end.status)
            finish(leg, told, .callEnded(number: leg.number, told))
        case .offerWithdrawn, .infoReceived, .messageReceived, .notifyReceived, .requestCompleted, .finished: break
        }
    }

    private func invited(_ leg: CallLeg, _ offer: [UInt8]?) {
        leg.keep(offer: offer)
        tell(.called(by: leg.number))
        switch settings.incoming {
        case .reject(let status): reject(leg, status: status)
        case .answer(let afterMs) where afterMs <= 0: answer(leg)
        case .answer(let afterMs):
            ring(leg)
            schedule(.answer(leg.session.leg), afterMs: afterMs)
        case .ring:
            ring(leg)
            onCall?(leg)
        }
    }

    private func takeAnswer(_ sdp: [UInt8], _ leg: CallLeg) {
        let wasHeld = leg.negotiated?.isHeldByRemote ?? false
        do {
            try leg.takeAnswer(sdp)
            useMedia(leg, wasHeld: wasHeld)
        } catch {
            // Without audio in common the call is of no use.
            hangUp(leg, cause: Q850Cause.cause(forStatus: NegotiationError.statusCode))
        }
    }

    private func answerOffer(_ sdp: [UInt8], _ token: OfferToken, _ leg: CallLeg) {
        let wasHeld = leg.negotiated?.isHeldByRemote ?? false
        do {
            let answer = try leg.answer(offer: sdp)
            useMedia(leg, wasHeld: wasHeld)
            on(leg) { $0.acceptOffer(token, sdp: answer, at: $1) }
        } catch {
            on(leg) { $0.refuseOffer(token, at: $1) }
        }
    }

    private func answerChallenge(_ response: SIPResponse, _ token: RequestToken, _ leg: CallLeg) {
        guard let request = leg.requests[token], let headers = credentials(for: request, challengedBy: response) else {
            return on(leg) { $0.abandon(token, at: $1) }
        }
        on(leg) { $0.retry(token, headers: headers, at: $1) }
    }

    private func failed(_ leg: CallLeg, _ failure: SessionFailure) {
        totals.callsFailed += 1
        let end = CallEnd(byRemote: true, cause: failure.cause, status: failure.status, phrase: failure.phrase)
        let error = PhoneError.callFailed(number: leg.number, status: failure.status, phrase: failure.phrase, cause: failure.cause)
        finish(leg, end, error)
    }

    private func finish(_ leg: CallLeg, _ end: CallEnd, _ error: PhoneError) {
        guard !leg.hasEnded else { return }
        stopMedia(leg)
        totals.callsActive -= 1
        if leg.isAnswered { totals.callsEnded += 1 }
        totals.media += leg.stream.counters
        tell(.ended(call: leg.number, end))
        leg.finish(end, error)
    }
}
