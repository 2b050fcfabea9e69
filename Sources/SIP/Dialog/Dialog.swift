/// A dialog (RFC 3261 section 12): what two user agents share, from one side's view.
public struct Dialog: Sendable {
    public enum State: Sendable, Hashable {
        /// Made by a provisional response.
        case early
        /// Made or confirmed by a 2xx response.
        case confirmed
    }

    /// Whether a request may be taken (RFC 3261 section 12.2.2).
    public enum Reception: Sendable, Hashable {
        case inOrder
        /// Its CSeq is lower than one seen before: answer 500.
        case outOfOrder
    }

    public let id: DialogID
    public private(set) var state: State
    /// Whether requests must travel over TLS only: a sips Request-URI made the dialog over TLS.
    public let isSecure: Bool
    /// The number of the latest request sent.
    public private(set) var localSequence: UInt32
    /// The number of the latest request taken, nil before the first.
    public private(set) var remoteSequence: UInt32?
    /// Where requests go: the peer's Contact.
    public private(set) var remoteTarget: RequestTarget
    private var routes: RouteSet
    /// The From and To values of our requests, with their tags.
    private let localParty: String
    private let remoteParty: String

    public var callID: String { id.callID }

    /// Makes the dialog of a request that we answer (RFC 3261 section 12.1.1).
    ///
    /// - Parameters:
    ///   - localTag: the To tag of the responses.
    ///   - firstSequence: our first request gets the number after this.
    /// - Returns: nil when From, To, Call-ID, CSeq or Contact is missing.
    public init?(answering request: SIPRequest, localTag: String, firstSequence: UInt32, isSecure: Bool = false) {
        let headers = request.headers
        guard let callID = headers.callID, let from = headers.from, let sequence = headers.cseq,
            let fromText = headers[.from], let toText = headers[.to], let target = headers.contacts.first?.uri
        else { return nil }
        id = DialogID(callID: callID, localTag: localTag, remoteTag: from.tag ?? "")
        state = .early
        self.isSecure = isSecure
        localSequence = firstSequence
        remoteSequence = sequence.number
        remoteTarget = target
        routes = RouteSet(headers.recordRoutes)
        localParty = toText + ";tag=" + localTag
        remoteParty = fromText
    }

    /// Makes the dialog of a response to our request (RFC 3261 section 12.1.2).
    ///
    /// A provisional response without Contact leaves the Request-URI as the remote target, since some phones omit it.
    /// - Returns: nil when From, To, Call-ID or CSeq is missing, or the status makes no dialog.
    public init?(answered request: SIPRequest, by response: SIPResponse, isSecure: Bool = false) {
        guard (101..<300).contains(response.status), let callID = request.headers.callID,
            let localTag = request.headers.from?.tag, let sequence = request.headers.cseq,
            let fromText = request.headers[.from], let to = response.headers.to, let toText = response.headers[.to]
        else { return nil }
        id = DialogID(callID: callID, localTag: localTag, remoteTag: to.tag ?? "")
        state = response.status < 200 ? .early : .confirmed
        self.isSecure = isSecure
        localSequence = sequence.number
        remoteTarget = response.headers.contacts.first?.uri ?? request.target
        routes = RouteSet(response.headers.recordRoutes.reversed())
        localParty = fromText
        remoteParty = toText
    }

    /// The next hop of the dialog's requests; nil when neither route nor target is a SIP URI.
    public var nextHop: NextHop? {
        routes.nextHop ?? remoteTarget.sip.map { NextHop($0) }
    }

    /// Whether a message with these tags belongs here.
    public func matches(remoteTag: String?) -> Bool { (remoteTag ?? "") == id.remoteTag }

    /// Confirms an early dialog of ours as the answering side, once its 2xx is sent.
    public mutating func confirm() {
        state = .confirmed
    }

    /// Confirms an early dialog by the 2xx that we received: takes its Contact and its route set
    /// (RFC 3261 section 13.2.2.4).
    public mutating func confirm(by response: SIPResponse) {
        state = .confirmed
        routes = RouteSet(response.headers.recordRoutes.reversed())
        refreshTarget(from: response.headers)
    }

    /// Checks and notes the CSeq of a request, and takes the new target of one that refreshes it (INVITE, UPDATE, and
    /// the subscription methods).
    public mutating func receive(_ request: SIPRequest) -> Reception {
        guard let number = request.headers.cseq?.number else { return .outOfOrder }
        // The ACK and the CANCEL of an INVITE carry its number, whatever came since.
        guard request.method != .ack, request.method != .cancel else { return .inOrder }
        if let known = remoteSequence, number < known { return .outOfOrder }
        remoteSequence = number
        switch request.method {
        case .invite, .update, .subscribe, .notify: refreshTarget(from: request.headers)
        default: break
        }
        return .inOrder
    }

    /// Takes the new remote target of a 2xx response to a target refresh request.
    public mutating func refreshTarget(from headers: SIPHeaders) {
        if let target = headers.contacts.first?.uri { remoteTarget = target }
    }

    /// Makes a request with the next number (RFC 3261 section 12.2.1.1), without Via and Contact.
    public mutating func makeRequest(_ method: SIPMethod) -> SIPRequest {
        request(method, sequence: takeSequence())
    }

    /// Takes the next number, for a request that is sent again with credentials.
    public mutating func takeSequence() -> UInt32 {
        localSequence &+= 1
        return localSequence
    }

    /// Makes the ACK of a 2xx response to the INVITE of that number (RFC 3261 section 13.2.2.4).
    public func makeACK(sequence: UInt32) -> SIPRequest {
        request(.ack, sequence: sequence)
    }

    private func request(_ method: SIPMethod, sequence: UInt32) -> SIPRequest {
        let (target, routeValues) = routes.apply(to: remoteTarget)
        var headers = SIPHeaders()
        headers.reserve(16)
        for route in routeValues { headers.addPlain(.route, route) }
        headers.addPlain(.maxForwards, "70")
        headers.addPlain(.from, localParty)
        headers.addPlain(.to, remoteParty)
        headers.addPlain(.callID, id.callID)
        headers.addPlain(.cseq, CSeq.text(sequence, method))
        return SIPRequest(method: method, target: target, headers: headers)
    }
}
