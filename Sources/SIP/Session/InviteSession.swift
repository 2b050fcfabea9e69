/// One call leg: the INVITE usage of a dialog (RFC 3261 sections 13 to 15), as caller or as callee.
///
/// Sans-IO: each input returns the actions that follow from it, in order. Wire it between a `TransactionLayer` and the
/// owner of the call: hand it what belongs to its `leg` or to the tokens of its requests, carry out its actions, and
/// call `advance(to:)` no later than `nextDeadline`. Commands that come too late, such as an answer after the caller
/// gave up, do nothing: the event that tells so is on its way or was there. After `ended` or `failed` only
/// `requestCompleted`, `challenged` and at last `finished` follow. Confine an instance to one thread or executor.
public final class InviteSession {
    public enum Direction: Sendable, Hashable {
        case outgoing, incoming
    }

    enum Phase: Sendable, Hashable {
        /// Our INVITE has no final response.
        case inviting
        /// Their INVITE has no final response.
        case invited
        /// Their INVITE has our 2xx, whose ACK has not come.
        case answered
        case established
        /// Over for the owner; what remains is tidying up.
        case ended
    }

    public let direction: Direction
    public let leg: LegID
    public let configuration: InviteSessionConfiguration
    let isSecure: Bool
    /// Our Contact, fit to be sent.
    let contact: String
    var tokens: SIPTokenSource
    var now = SIPInstant(nanoseconds: 0)
    var phase: Phase
    var deadlines = SessionDeadlines()
    private var actions: [SessionAction] = []
    private var hasFinished = false
    private var nextTokenNumber: UInt32 = 1

    /// The INVITE that makes the call, ours or theirs.
    var invite: SIPRequest
    var usages: [DialogUsage] = []
    /// The position in `usages` of the dialog heard last; the only one once the call is answered.
    var current = 0
    var peer = PeerCapabilities()

    // What we asked
    var pending: [PendingRequest] = []
    var acknowledgements: [Acknowledgement] = []
    var queuedChange: SessionChange?
    /// The latest description that we sent, for refreshing re-INVITEs.
    var localDescription: [UInt8]?

    // What they asked
    var inviteTransaction: ServerTransactionID?
    var provisionals: ReliableProvisionals
    var latestProvisional = 180
    var deferredAnswer: (sdp: [UInt8]?, headers: [(name: String, value: String)])?
    var unacknowledged: UnacknowledgedSuccess?
    var openOffer: OpenOffer?
    /// The reasons of a BYE that must wait for an ACK.
    var waitingBye: [ReasonHeader]?

    // Session timer
    var terms: SessionTimerTerms?
    var minimumSessionS: Int

    init(
        direction: Direction, leg: LegID, invite: SIPRequest, isSecure: Bool,
        configuration: InviteSessionConfiguration, tokens: SIPTokenSource
    ) {
        self.direction = direction
        self.leg = leg
        self.invite = invite
        self.isSecure = isSecure
        self.configuration = configuration
        contact = configuration.contact.withoutLineBreaks
        self.tokens = tokens
        phase = direction == .outgoing ? .inviting : .invited
        minimumSessionS = configuration.sessionTimers.minimumS
        provisionals = ReliableProvisionals(
            sequence: invite.headers.cseq ?? CSeq(number: 0, method: .invite),
            firstNumber: UInt32(truncatingIfNeeded: self.tokens.next() & 0xffff) &+ 1)
    }

    /// The Call-ID of the leg, which ARI shows as a channel's `protocol_id`.
    public var callID: String { leg.callID }

    /// The dialog heard last: the only one once the call is answered, nil before any.
    public var dialog: Dialog? {
        usages.indices.contains(current) ? usages[current].dialog : nil
    }

    /// Whether nothing remains to be done.
    public var isFinished: Bool { hasFinished }

    /// Whether the call has a 2xx response and is not over.
    var isAnswered: Bool { phase == .answered || phase == .established }

    /// When to call `advance(to:)` next; nil while no timer runs.
    public var nextDeadline: SIPInstant? {
        deadlines.next == .max ? nil : SIPInstant(nanoseconds: deadlines.next)
    }

    /// Moves the time on and runs the timers that are due.
    public func advance(to now: SIPInstant) -> [SessionAction] {
        perform(at: now) {
            while let timer = deadlines.takeDue(at: now) { fire(timer) }
        }
    }

    // MARK: - For the extensions

    /// Runs an input and gathers its actions.
    func perform(at now: SIPInstant, _ body: () -> Void) -> [SessionAction] {
        self.now = now
        body()
        startQueuedChange()
        if phase == .ended, !hasFinished, pending.isEmpty, unacknowledged == nil {
            hasFinished = true
            deadlines.stopAll()
            emit(.finished)
        }
        let result = actions
        actions = []
        return result
    }

    func act(_ action: SessionAction) {
        actions.append(action)
    }

    func emit(_ event: SessionEvent) {
        actions.append(.event(event))
    }

    func start(_ timer: SessionTimer, afterMs milliseconds: Int) {
        deadlines.start(timer, at: now.advanced(byMs: milliseconds))
    }

    func nextToken() -> UInt32 {
        defer { nextTokenNumber &+= 1 }
        return nextTokenNumber
    }

    func usagePosition(remoteTag: String?) -> Int? {
        usages.firstIndex { $0.dialog.matches(remoteTag: remoteTag) }
    }

    /// Opens an offer for the owner to answer or make.
    func open(_ carrier: OpenOffer.Carrier, remoteTag: String) -> OfferToken {
        let token = OfferToken(number: nextToken())
        openOffer = OpenOffer(token: token, carrier: carrier, remoteTag: remoteTag)
        return token
    }

    /// Ends the session for its owner: refuses what waits for an answer, forgets what was wanted.
    func end(_ event: SessionEvent) {
        phase = .ended
        deadlines.stopAll(but: .repeatSuccess, .awaitACK)
        switch openOffer?.carrier {
        case .reinvite(let transaction, let request)?, .emptyReinvite(let transaction, let request)?,
            .request(let transaction, let request)?:
            act(.respond(transaction, response(to: request, 487)))
        case .provisional?, .success?, nil:
            break
        }
        openOffer = nil
        queuedChange = nil
        deferredAnswer = nil
        inviteTransaction = nil
        localDescription = nil
        provisionals.overtake()
        pending.removeAll { $0.challenge != nil }
        emit(event)
    }
}
