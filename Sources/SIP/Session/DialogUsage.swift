/// One dialog of a session with what belongs to it alone: a forked call has several until one side answers.
struct DialogUsage: Sendable {
    var dialog: Dialog
    var exchange: OfferAnswer
    /// The RSeq of the latest reliable provisional response taken.
    var remoteRSeq: UInt32?
    /// The answer that came in a reliable provisional response.
    var earlyAnswer: [UInt8]?
}

/// A change of the session that this side wants: a new offer, or just a refresh.
struct SessionChange: Sendable {
    /// The offer; nil asks the far end for one (re-INVITE) or changes nothing (UPDATE).
    var sdp: [UInt8]?
    /// INVITE or UPDATE.
    var method: SIPMethod
    /// Made by the session timer rather than the owner.
    var isRefresh: Bool
    /// How often it met glare.
    var attempts = 0
}

/// A request of ours that is under way.
struct PendingRequest: Sendable {
    enum Purpose: Sendable {
        /// The INVITE that makes the call.
        case call
        /// A re-INVITE or UPDATE.
        case change(SessionChange)
        case prack
        case bye
        /// A request of the owner, with its own number for it.
        case other(id: UInt64)
    }

    var token: RequestToken
    var request: SIPRequest
    var sequence: UInt32
    let purpose: Purpose
    let remoteTag: String
    /// Retries with credentials or another session interval.
    var retries = 0
    /// The 401 or 407 that waits for credentials.
    var challenge: SIPResponse?
    /// A 2xx has come for an INVITE; it may come again, or from other forks, until the transaction ends.
    var isAccepted = false

    var isInvite: Bool { request.method == .invite }
}

/// The ACK of a 2xx response, kept for repetitions of the response.
struct Acknowledgement: Sendable {
    let remoteTag: String
    let sequence: UInt32
    /// Nil while the owner has not answered the offer in the response.
    var request: SIPRequest?
    let nextHop: NextHop?
}

/// A 2xx response of ours to INVITE whose ACK has not come.
struct UnacknowledgedSuccess: Sendable {
    let transaction: ServerTransactionID
    let sequence: UInt32
    /// Whether it held our offer, so that the ACK holds the answer.
    let expectsAnswer: Bool
    var intervalMs: Int
}

/// An offer that the owner is to answer, or to make.
struct OpenOffer: Sendable {
    enum Carrier: Sendable {
        /// A re-INVITE with an offer: the 2xx answers.
        case reinvite(ServerTransactionID, SIPRequest)
        /// A re-INVITE without: the 2xx offers and the ACK answers.
        case emptyReinvite(ServerTransactionID, SIPRequest)
        /// An UPDATE or PRACK: its 2xx answers.
        case request(ServerTransactionID, SIPRequest)
        /// A reliable provisional response: the PRACK answers.
        case provisional(rack: String)
        /// A 2xx response to our INVITE: the ACK answers.
        case success(sequence: UInt32, isCall: Bool)
    }

    let token: OfferToken
    let carrier: Carrier
    let remoteTag: String
}

/// What the far end said that it can do.
struct PeerCapabilities: Sendable {
    private(set) var allowsUpdate = false
    /// UPDATE was refused though Allow names it, or might.
    private var refusedUpdate = false
    var supportsReliable = false
    var requiresReliable = false

    /// Reads Allow, when it is there.
    mutating func note(_ headers: SIPHeaders) {
        guard headers[.allow] != nil, !refusedUpdate else { return }
        allowsUpdate = headers.allows("UPDATE")
    }

    mutating func noteUpdateRefused() {
        refusedUpdate = true
        allowsUpdate = false
    }
}
