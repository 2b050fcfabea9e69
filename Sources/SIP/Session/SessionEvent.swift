/// What a session tells its owner. Session descriptions are opaque bytes.
public enum SessionEvent: Sendable {
    // Setting up

    /// The far end called; a nil offer means that the first description is ours to give.
    case invited(offer: [UInt8]?)
    /// The far end rings (180).
    case ringing
    /// Another provisional response, 181...199, or a description of early media (an answer, perhaps only a preview).
    case progress(status: Int, sdp: [UInt8]?)
    /// The far end answered our call; nil when its description came before (`answerReceived`, `progress`) or ours is
    /// the answer.
    case answered(sdp: [UInt8]?)
    /// The far end acknowledged our answer.
    case confirmed
    /// Our call was refused; the session is over.
    case failed(SessionFailure)

    // Offers and answers

    /// The far end makes an offer: `acceptOffer` with the answer, or `refuseOffer`.
    case offerReceived(sdp: [UInt8], OfferToken)
    /// The far end asks for an offer: `acceptOffer` with the offer, whose answer follows, or `refuseOffer`.
    case offerNeeded(OfferToken)
    /// The far end took its offer or its asking back before we answered.
    case offerWithdrawn(OfferToken)
    /// The far end answered our latest offer.
    case answerReceived(sdp: [UInt8])
    /// The far end refused our latest offer with this status (0 when it just gave no answer); what was agreed before
    /// stays.
    case offerRejected(status: Int)

    // Other requests

    case infoReceived(contentType: String, body: [UInt8], SIPRequest)
    case messageReceived(contentType: String, body: [UInt8], SIPRequest)
    case notifyReceived(SIPRequest)
    /// The far end asks us to call somebody: answer with `respond(to:status:)`, 202 or a refusal.
    case referReceived(SIPRequest, ServerTransactionID)
    /// A request that the owner sent with `request` got its final response; 408 stands for none.
    case requestCompleted(id: UInt64, status: Int, SIPResponse?)
    /// A request of ours needs credentials (401, 407): `retry` with them or `abandon`.
    case challenged(RequestToken, SIPResponse)

    // The end

    /// The session is over.
    case ended(SessionEnd)
    /// Nothing remains to be done: forget the session. Always the last event, some time after `ended` or `failed`
    /// (alone when an INVITE was refused without the owner); only a request of a later command is still told to be
    /// too late.
    case finished
}

/// Why our call was refused.
public struct SessionFailure: Sendable {
    /// The final status, 300...699; 408 when nobody answered and 503 when it could not be sent.
    public var status: Int
    public var phrase: String
    public var reasons: [ReasonHeader]
    /// The Contacts of a 3xx response: where to call instead.
    public var contacts: [NameAddr]
    /// The response itself, nil when none came.
    public var response: SIPResponse?

    /// The Q.850 cause: the far end's, else the one that the status stands for.
    public var cause: Int { reasons.q850Cause ?? Q850Cause.cause(forStatus: status) }
}

/// Why a session ended.
public struct SessionEnd: Sendable, Hashable {
    public var byRemote: Bool
    /// The far end's reasons, or those given with `hangup`.
    public var reasons: [ReasonHeader]
    /// What ended it when it was neither a hangup of either side: 408 for a lost ACK, a lost peer or an expired
    /// session, 481 for a peer that forgot it; 487 for a call cancelled before it was answered.
    public var status: Int?

    public init(byRemote: Bool, reasons: [ReasonHeader] = [], status: Int? = nil) {
        self.byRemote = byRemote
        self.reasons = reasons
        self.status = status
    }

    /// The Q.850 cause: the one given, else normal clearing.
    public var cause: Int {
        if let cause = reasons.q850Cause { return cause }
        return status.map { $0 == 487 ? Q850Cause.normalClearing : Q850Cause.cause(forStatus: $0) }
            ?? Q850Cause.normalClearing
    }
}
