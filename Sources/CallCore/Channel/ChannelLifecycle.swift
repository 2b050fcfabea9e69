import ARIModel
public import Media

/// Who asked for the end of a channel; decides what ChannelHangupRequest says.
enum HangupRequester {
    /// The far end: BYE, CANCEL, a failure response, the other half of a Local channel.
    case farEnd
    /// REST, the dialplan of another channel, a time-out, a console.
    case local
    /// Nobody needs to be told: the channel never came to life.
    case silent
}

extension Channel {
    /// The cause number ChannelHangupRequest gives when a channel is asked from inside to end at once.
    static let explicitHangup = 32

    /// Asks the channel to end. It leaves its bridge and application, its dialplan runs the `h` extension, then it is destroyed.
    public func requestHangup(cause: HangupCause, techCause: Int? = nil) {
        requestHangup(cause: cause, techCause: techCause, by: .local)
    }

    func requestHangup(cause: HangupCause, techCause: Int? = nil, by requester: HangupRequester) {
        guard !hangupRequested, !isGone else { return }
        if cause != .unknown { hangupCause = cause }
        if let techCause { technologyCause = techCause }
        setStatisticsVariables()
        switch requester {
        case .local:
            emit(.channelHangupRequest(channel: snapshot, cause: Self.explicitHangup, soft: true))
        case .farEnd:
            let number = hangupCause.number
            emit(
                .channelHangupRequest(
                    channel: snapshot, cause: number == 0 ? nil : number, techCause: technologyCause))
        case .silent:
            break
        }
        hangupRequested = true
        wind()
    }

    /// Takes the channel out of everything it is in, innermost first, and destroys it unless a dialplan does that at its end.
    private func wind() {
        dial?.channelHungUp(self)
        if hasPlayer { player.failAll() }
        bridge?.remove(self, because: .hangup)
        endStasis()
        if pbx != nil {
            inbox.put(.hangup)
        } else {
            destroy()
        }
    }

    /// Ends the leg and forgets the channel.
    func destroy() {
        guard !isGone else { return }
        isGone = true
        hangupRequested = true
        timeouts.absoluteTimer?.cancel()
        if case .music = background { core.events.note(.musicStopped(self)) }
        let ended = leg
        leg = nil
        (applicationName, applicationData) = applicationAfterStasis
        core.events.publish(endOf: self) {
            .channelDestroyed(channel: snapshot, cause: hangupCause.number, causeText: hangupCause.text, techCause: technologyCause)
        }
        ended?.hangUp(cause: hangupCause)
        for snoop in snoops { snoop.targetGone() }
        for application in subscribers { application.forget(channel: self) }
        subscribers = []
        lookers = []
        core.applications.forgetShares(of: self)
        core.channels.remove(self)
        call?.end(self)
        call = nil
        endpoint?.remove(self)
        core.channelGone()
    }

    /// Sets the RTPAUDIOQOS… variables from the statistics of an answered leg.
    func setStatisticsVariables() {
        guard state == .up, let statistics = rtpStatistics else { return }
        for (name, value) in RTPQualitySummary(statistics).variables { setVariable(name, value) }
    }
}

// MARK: - What a leg reports

extension Channel {
    /// The far end alerts (SIP 180).
    public func legRinging() {
        guard !hangupRequested else { return }
        if state == .down || state == .reserved { setState(.ringing) }
        dial?.ringing(self)
    }

    /// The far end plays something before it answers (SIP 183 with a session description).
    public func legProgress() {
        guard !hangupRequested else { return }
        dial?.progress(self)
    }

    /// The far end works on the call (SIP 181, 182 or 183 without one).
    public func legProceeding() {
        guard !hangupRequested else { return }
        dial?.proceeding(self)
    }

    /// The far end answered, or we did: the channel is Up.
    public func legAnswered() {
        guard !hangupRequested else { return }
        setState(.up)
        dial?.answered(self)
    }

    /// The leg is about to be ended by the driver itself, for this reason.
    public func legWillEnd(cause: HangupCause, techCause: Int) {
        hangupCause = cause
        technologyCause = techCause
    }

    /// The far end is gone; `techCause` is the SIP status that said so.
    public func legEnded(cause: HangupCause, techCause: Int? = nil) {
        requestHangup(cause: cause, techCause: techCause, by: .farEnd)
    }

    /// The far end is gone in the way that was agreed on, which needs no ChannelHangupRequest.
    public func legFinished() {
        requestHangup(cause: .normalClearing, by: .silent)
    }

    /// A digit was pressed at the far end and has ended.
    public func legDigit(_ digit: Character, durationMs: Int) {
        guard !hangupRequested else { return }
        core.events.note(.digit(self, digit, .received, durationMs: durationMs))
        if stasis != nil || bridge != nil {
            emit(.channelDtmfReceived(channel: snapshot, digit: String(digit), durationMs: durationMs))
        }
        for recording in recordings { recording.hear(digit) }
        if let bridge, !bridge.options(of: self).absorbsDigits { bridge.hear(digit) }
        offerDigit(digit)
    }

    /// The far end put us on hold.
    public func legHeld(musicClass: String? = nil) {
        guard !isOnHold else { return }
        isOnHold = true
        call?.note(.held, self)
        emit(.channelHold(channel: snapshot, musicClass: musicClass ?? self.musicClass))
        bridge?.held(self, true)
    }

    /// The far end took us back from hold.
    public func legUnheld() {
        guard isOnHold else { return }
        isOnHold = false
        call?.note(.resumed, self)
        emit(.channelUnhold(channel: snapshot))
        bridge?.held(self, false)
    }

    /// The leg has audio now, or other audio than before.
    public func legMediaChanged() {
        applyBackground()
        applyDetection()
        bridge?.mediaChanged(self)
        for snoop in snoops { snoop.targetMediaChanged() }
    }

    /// Something of the port: a digit, the end of what it plays.
    public func legMediaEvent(_ event: MediaEvent) {
        switch event {
        case .digit(let digit, let durationMs): legDigit(digit, durationMs: durationMs)
        case .playbackFinished(let token, _): player.portFinished(token: token)
        case .digitsSent: inbox.put(.digitsSent)
        case .firstPacket:
            hasHeardAudio = true
            if pbx != nil { inbox.put(.firstAudio) }
        case .rtpTimedOut: requestHangup(cause: .recoveryOnTimerExpiry, by: .local)
        case .talkingStarted: emit(.channelTalkingStarted(channel: snapshot))
        case .talkingFinished(let durationMs): emit(.channelTalkingFinished(channel: snapshot, durationMs: durationMs))
        case .toneDetected(let outgoing): toneDetected(outgoing: outgoing)
        case .audioTapped, .datagram: break
        }
    }
}
