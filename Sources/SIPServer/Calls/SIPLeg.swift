import Audio
import CallCore
import Media
import SIP

/// Drives one channel over SIP: one call that came in, or one that goes out to one or more devices.
@CallActor
final class SIPLeg: ChannelLeg, SIPCallOwner {
    enum Direction {
        case incoming
        /// The devices to call.
        case outgoing([CallTarget], callID: String)
    }

    let signalling: Signalling
    let endpoint: SIPEndpoint?
    let settings: SIPEndpointSettings
    let media: LegMedia
    let direction: Direction
    private(set) weak var channel: Channel?
    /// The INVITE sessions: one, or one per device while an outgoing call rings.
    var calls: [SIPCall] = []
    /// The call that was answered, or that came in.
    var main: SIPCall?
    /// How calls to other devices failed.
    var failures: [SessionFailure] = []
    var isAnswered = false
    var isOver = false
    /// What was told the caller last, so that it is not told twice.
    private var told: ChannelIndication?
    /// Whether there is an answer to the caller's offer, or our offer when it made none.
    private var hasDescription = false
    private var isHeld = false
    var requestHeaders: [(name: String, value: String)] = []
    private var digitSender: InfoDigitSender?
    let scheduler: any CallScheduler
    /// Lets calls to registered devices find these when they come back over another connection.
    var findsFarEnd: (@CallActor (SIPCall) -> Void)?

    init(
        _ direction: Direction, endpoint: SIPEndpoint?, settings: SIPEndpointSettings, media: LegMedia, scheduler: any CallScheduler,
        signalling: Signalling
    ) {
        self.direction = direction
        self.endpoint = endpoint
        self.settings = settings
        self.media = media
        self.scheduler = scheduler
        self.signalling = signalling
    }

    /// Binds the leg to its channel, which keeps it from now on.
    func attach(to channel: Channel) {
        self.channel = channel
        endpoint?.callCount += 1
    }

    // MARK: - ChannelLeg

    var port: (any MediaPort)? { media.port }

    var sampleRate: Int { media.codec.sampleRate }

    func call() -> Bool {
        guard case .outgoing(let targets, let callID) = direction, calls.isEmpty, !isOver else { return false }
        let isForBrowser = targets.contains { security(toward: $0) == .dtls }
        media.prepare(for: isForBrowser ? .dtls : .none) { [weak self] in
            guard let self, !isOver else { return }
            place(to: targets, callID: callID)
        }
        return true
    }

    func answer() {
        guard case .incoming = direction, let main, !isAnswered, !isOver else { return }
        guard let description = ownDescription() else { return refuse(488, .bearerCapabilityNotAvailable) }
        isAnswered = true
        // The port is open before the phone may send to it.
        startMedia()
        main.answer(sdp: description)
        channel?.legAnswered()
    }

    func indicate(_ indication: ChannelIndication) {
        guard case .incoming = direction, let main, !isAnswered, !isOver, told != indication else { return }
        switch indication {
        case .ringing:
            main.ring()
        case .progress:
            guard let description = ownDescription() else { return refuse(488, .bearerCapabilityNotAvailable) }
            startMedia()
            main.progress(sdp: description)
        case .busy: return refuse(486, .userBusy)
        case .congestion: return refuse(503, .congestion)
        // The transaction layer says "Trying" by itself; holding needs no word to the phone, which hears music.
        case .proceeding, .hold, .unhold, .connectedLine, .stopTone: return
        }
        told = indication
    }

    private func refuse(_ status: Int, _ cause: HangupCause) {
        main?.reject(status: status, reasons: [.q850(cause.number)])
        channel?.legEnded(cause: cause, techCause: status)
    }

    func hangUp(cause: HangupCause) {
        guard !isOver else { return }
        isOver = true
        digitSender?.stop()
        media.close()
        endpoint?.callCount -= 1
        for call in calls { call.hangUp(cause: cause.number, reasons: Self.reasons(cause)) }
        signalling.log.debug(
            "call ended", "\(channel?.name ?? ""): \(cause.number) \(cause.text)", callID: main?.leg.callID ?? calls.first?.leg.callID)
    }

    /// A device that rang in vain should not list a missed call when another one answered (RFC 3326).
    private static func reasons(_ cause: HangupCause) -> [ReasonHeader] {
        cause == .answeredElsewhere ? [.sip(200, text: "Call completed elsewhere")] : []
    }

    /// Gives up other devices' calls: one of them answered.
    func dropOthers(than winner: SIPCall) {
        let others = calls.filter { $0 !== winner }
        calls = [winner]
        for call in others { call.hangUp(cause: HangupCause.answeredElsewhere.number, reasons: Self.reasons(.answeredElsewhere)) }
    }

    // MARK: - Audio

    /// Our description for the call that came in; nil when none can be made, which is logged.
    private func ownDescription() -> [UInt8]? {
        if hasDescription { return media.description }
        let made = offer(settings.encryption.security(over: main?.flow?.transport ?? .udp))
        hasDescription = made != nil
        return made
    }

    /// How audio is offered to a device.
    func security(toward target: CallTarget) -> MediaSecurity {
        settings.encryption.security(over: signalling.expectedFlow(to: target).transport)
    }

    /// Makes an offer; nil when none can be made, which is logged.
    func offer(_ security: MediaSecurity) -> [UInt8]? {
        do {
            return try media.offer(security)
        } catch {
            signalling.log.warning("no audio can be offered", error.description, callID: main?.leg.callID)
            return nil
        }
    }

    /// Ends the call: its audio has no way to the far end any more.
    func mediaFailed(_ failure: TransportFailure) {
        guard !isOver else { return }
        signalling.log.warning("a call ends: \(failure)", channel?.name ?? "", callID: main?.leg.callID)
        channel?.requestHangup(cause: failure.cause)
    }

    /// Answers the offer of the call that came in.
    func takeOffer(_ offer: [UInt8]) throws(MediaRefusal) {
        _ = try media.answer(offer)
        hasDescription = true
    }

    /// Lets audio flow, and tells the channel.
    func startMedia() {
        guard !media.isStarted else { return }
        media.start()
        if media.isStarted { channel?.legMediaChanged() }
    }

    func mediaEvent(_ event: MediaEvent) {
        guard !isOver else { return }
        channel?.legMediaEvent(event)
    }

    /// Tells the channel when the far end begins or ends to hold us.
    func followHold() {
        guard isHeld != media.isHeld else { return }
        isHeld = media.isHeld
        if isHeld { channel?.legHeld() } else { channel?.legUnheld() }
    }

    // MARK: - Digits

    func sendDigits(_ digits: [DigitToSend]) -> Bool {
        let usesInfo = settings.dtmf == .info || (settings.dtmf == .auto && !media.sendsEvents)
        guard usesInfo, isAnswered, main != nil else { return false }
        let sender = digitSender ?? makeDigitSender()
        digitSender = sender
        sender.add(digits)
        return true
    }

    private func makeDigitSender() -> InfoDigitSender {
        InfoDigitSender(
            scheduler: scheduler, send: { [weak self] in self?.sendInfo($0, durationMs: $1) },
            finished: { [weak self] in self?.channel?.legMediaEvent(.digitsSent(token: 0)) })
    }

    private func sendInfo(_ digit: Character, durationMs: Int) {
        main?.sendInfo(contentType: InfoDigits.contentType, body: InfoDigits.body(digit, durationMs: durationMs))
    }

    // MARK: - Events

    func call(_ call: SIPCall, did event: SessionEvent) {
        guard !isOver else { return }
        switch event {
        case .invited: break
        case .ringing, .progress, .answered, .failed: outgoing(call, event)
        case .offerReceived(let offer, let token): answerOffer(offer, token, call)
        case .offerNeeded(let token): makeOffer(token, call)
        case .answerReceived(let answer): takeAnswer(answer, call)
        case .infoReceived(let type, let body, _):
            if let (digit, durationMs) = InfoDigits.read(contentType: type, body: body) { channel?.legDigit(digit, durationMs: durationMs) }
        case .referReceived(let request, let id): receiveRefer(request, id, call)
        case .ended(let end): ended(call, end)
        case .confirmed, .offerWithdrawn, .offerRejected, .messageReceived, .notifyReceived, .requestCompleted, .challenged, .finished:
            break
        }
    }

    private func answerOffer(_ offer: [UInt8], _ token: OfferToken, _ call: SIPCall) {
        do {
            call.acceptOffer(token, sdp: try media.answer(offer))
            if isAnswered { followHold() }
            if media.isStarted { channel?.legMediaChanged() }
        } catch {
            signalling.log.info("an offer was refused", error.description, callID: call.leg.callID)
            call.refuseOffer(token)
        }
    }

    /// Makes the offer that an INVITE without one asks for, such as media is by now.
    private func makeOffer(_ token: OfferToken, _ call: SIPCall) {
        do {
            call.acceptOffer(token, sdp: try media.offer())
        } catch {
            signalling.log.warning("no audio can be offered", error.description, callID: call.leg.callID)
            call.refuseOffer(token)
        }
    }

    /// Takes the answer to an offer of ours in a 200 or 183: it came in an ACK, a PRACK or another response.
    private func takeAnswer(_ answer: [UInt8], _ call: SIPCall) {
        do {
            try media.accept(answer, to: call.offered)
            startMedia()
            if isAnswered { followHold() }
        } catch {
            fail(call, error)
        }
    }

    /// Ends a call whose far end sent a description that nothing can be made of.
    func fail(_ call: SIPCall, _ refusal: MediaRefusal) {
        signalling.log.info("no audio in common", refusal.description, callID: call.leg.callID)
        channel?.legEnded(cause: .bearerCapabilityNotAvailable, techCause: 488)
    }

    private func ended(_ call: SIPCall, _ end: SessionEnd) {
        guard call === main || calls.contains(where: { $0 === call }) else { return }
        let (cause, status) = end.channelCause
        channel?.legEnded(cause: cause, techCause: status)
    }
}
