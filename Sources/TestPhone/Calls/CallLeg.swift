import Audio
import NIOCore
import SDP
import SIP

/// One call inside the phone: its session, its audio, and those who wait for it.
final class CallLeg {
    let session: InviteSession
    /// The number or URI of the other side.
    let number: String
    let stream: RTPStream
    let ringing: EventLoopPromise<Void>
    let answered: EventLoopPromise<Void>
    let ended: EventLoopPromise<CallEnd>
    /// The change of the call that is under way, such as a hold.
    var change: EventLoopPromise<Void>?
    /// The latest request of each token, which a challenge is about.
    var requests: [RequestToken: SIPRequest] = [:]
    var timer: (id: TimerID, deadline: SIPInstant)?
    private(set) var isAnswered = false
    private(set) var hasEnded = false

    private var local: LocalMedia
    /// Our description in force, and the offer that has no answer yet.
    private var ours: SessionDescription?
    private var offered: SessionDescription?
    /// The caller's offer that we have not answered.
    private var theirs: [UInt8]?
    private(set) var negotiated: NegotiatedMedia?

    init(_ session: InviteSession, number: String, stream: RTPStream, local: LocalMedia, on loop: any EventLoop) {
        self.session = session
        self.number = number
        self.stream = stream
        self.local = local
        ringing = loop.makePromise()
        answered = loop.makePromise()
        ended = loop.makePromise()
    }

    // MARK: - Descriptions

    /// Makes an offer, which `takeAnswer` or `dropOffer` concludes.
    func makeOffer(_ direction: MediaDirection? = nil) -> [UInt8] {
        if let direction { local.direction = direction }
        let offer = OfferAnswer.makeOffer(local: local, previous: ours)
        offered = offer
        return offer.encode()
    }

    /// Takes the answer to our offer; throws what is wrong with it.
    func takeAnswer(_ sdp: [UInt8]) throws {
        guard let offer = offered ?? ours else { return }
        let description = try SessionDescription(parsing: sdp)
        negotiated = try OfferAnswer.negotiated(from: description, to: offer, local: local)
        try stream.protection?.take(description)
        ours = offer
        offered = nil
    }

    /// Takes back an offer that was refused; the direction stays what it was.
    func dropOffer() {
        offered = nil
        local.direction = ours?.media.first?.direction ?? .sendrecv
    }

    /// Notes the offer that our INVITE carries.
    func keepOffer(_ offer: SessionDescription) { offered = offer }

    /// Notes the caller's offer.
    func keep(offer: [UInt8]?) { theirs = offer }

    /// Gives our description for the 200 of an incoming call: an answer, or an offer when the caller made none.
    func describe() throws -> [UInt8] {
        guard let offer = theirs else { return makeOffer() }
        return try answer(offer: offer)
    }

    /// Answers an offer of the other side.
    func answer(offer: [UInt8]) throws -> [UInt8] {
        let description = try SessionDescription(parsing: offer)
        if let protection = stream.protection {
            try protection.take(description)
            local.mediaAttributes = protection.attributes
        }
        let answer = try OfferAnswer.answer(offer: description, local: local, previous: ours)
        ours = answer.description
        negotiated = answer.media
        return answer.description.encode()
    }

    /// The codec that is sent.
    var codec: AudioCodec? {
        negotiated.flatMap { AudioCodec(encodingName: $0.codec.name, clockRate: $0.codec.clockRate) }
    }

    // MARK: - Course

    func markAnswered() {
        isAnswered = true
        ringing.succeed()
        answered.succeed()
    }

    /// Tells everybody who waits that the call is over.
    func finish(_ end: CallEnd, _ error: PhoneError) {
        guard !hasEnded else { return }
        hasEnded = true
        ringing.fail(error)
        answered.fail(error)
        change?.fail(error)
        change = nil
        ended.succeed(end)
    }
}
