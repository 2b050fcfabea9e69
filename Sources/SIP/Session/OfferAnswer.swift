/// Who owes what in the offer/answer exchange of one dialog (RFC 3264, RFC 6337 section 2): at most one offer is open.
struct OfferAnswer: Sendable, Hashable {
    enum State: Sendable, Hashable {
        /// No offer is open.
        case stable
        /// The far end owes an answer.
        case localOffer
        /// We owe an answer.
        case remoteOffer
    }

    private(set) var state: State
    /// Whether a first exchange is complete, so that there is something to change.
    private(set) var isEstablished = false

    init(_ state: State = .stable) {
        self.state = state
    }

    var isStable: Bool { state == .stable }
    var mayOffer: Bool { state == .stable && isEstablished }

    /// Notes our offer, or our answer when one is owed.
    mutating func sendDescription() {
        switch state {
        case .stable: state = .localOffer
        case .remoteOffer: complete()
        case .localOffer: break
        }
    }

    /// Notes the far end's offer.
    mutating func receiveOffer() {
        state = .remoteOffer
    }

    /// Notes the far end's answer; false when none was owed.
    mutating func receiveAnswer() -> Bool {
        guard state == .localOffer else { return false }
        complete()
        return true
    }

    /// Takes an offer of either side back: what was agreed before stays (RFC 3261 section 14.1).
    mutating func rollBack() {
        state = .stable
    }

    private mutating func complete() {
        state = .stable
        isEstablished = true
    }
}
