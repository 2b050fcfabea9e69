extension InviteSession {
    /// Makes a response with our tag and, where they belong, Contact, Allow and Supported.
    func response(
        to request: SIPRequest, _ status: Int, reason: String? = nil,
        headers: [(name: String, value: String)] = [], sdp: [UInt8]? = nil
    ) -> SIPResponse {
        var response = request.response(status, reason: reason, toTag: leg.localTag)
        if (101..<300).contains(status), request.method == .invite || request.method == .update {
            response.headers.addPlain(.contact, contact)
            response.headers.addPlain(.allow, InviteSessionConfiguration.allow)
            response.headers.addPlain(.supported, configuration.supported)
        }
        if let product = configuration.product { response.headers.add(.server, product) }
        for header in headers { response.headers.add(header.name, header.value) }
        if let sdp {
            response.headers.addPlain(.contentType, SessionBody.contentType)
            response.body = sdp
        }
        return response
    }

    /// Adds what our INVITE and UPDATE requests tell of us.
    func describeSelf(_ request: inout SIPRequest, isCall: Bool) {
        request.headers.addPlain(.contact, contact)
        request.headers.addPlain(.allow, InviteSessionConfiguration.allow)
        // A re-INVITE wants no reliable provisional responses: its answer comes in the 2xx.
        let options = isCall ? configuration.supported : configuration.supportedInDialog
        if !options.isEmpty { request.headers.addPlain(.supported, options) }
        if isCall, configuration.reliableProvisionals == .required { request.headers.addPlain(.require, "100rel") }
        guard configuration.sessionTimers.isEnabled else { return }
        let wanted = max(configuration.sessionTimers.intervalS, minimumSessionS)
        request.headers.addPlain(.sessionExpires, terms?.asRequest.value ?? String(wanted))
        request.headers.addPlain(.minSE, String(minimumSessionS))
    }

    /// Adds User-Agent and a body.
    func finish(_ request: inout SIPRequest, contentType: String?, body: [UInt8]) {
        if let product = configuration.product { request.headers.add(.userAgent, product) }
        guard let contentType, !body.isEmpty else { return }
        request.headers.add(.contentType, contentType)
        request.body = body
    }

    /// Sends a request in a dialog; false when too many are under way.
    @discardableResult
    func send(
        _ method: SIPMethod, as purpose: PendingRequest.Purpose, in position: Int,
        headers: [(name: String, value: String)] = [], contentType: String? = nil, body: [UInt8] = []
    ) -> Bool {
        guard usages.indices.contains(position), pending.count < SessionLimits.pendingRequests else { return false }
        var request = usages[position].dialog.makeRequest(method)
        switch method {
        case .invite, .update: describeSelf(&request, isCall: false)
        case .refer, .notify, .subscribe: request.headers.addPlain(.contact, contact)
        default: break
        }
        for header in headers { request.headers.add(header.name, header.value) }
        finish(&request, contentType: contentType, body: body)
        let dialog = usages[position].dialog
        dispatch(
            PendingRequest(
                token: RequestToken(number: nextToken()), request: request, sequence: dialog.localSequence,
                purpose: purpose, remoteTag: dialog.id.remoteTag), nextHop: dialog.nextHop)
        return true
    }

    func dispatch(_ request: PendingRequest, nextHop: NextHop?) {
        pending.append(request)
        act(.send(request.request, request.token, nextHop))
    }

    /// Sends a request again under a new token and number, after `edit` changed its header fields.
    func resend(_ old: PendingRequest, _ edit: (inout SIPHeaders) -> Void) {
        var request = old
        request.token = RequestToken(number: nextToken())
        request.challenge = nil
        request.retries += 1
        edit(&request.request.headers)
        var nextHop: NextHop?
        if case .call = request.purpose {
            request.sequence &+= 1
            usages = []
            nextHop = NextHop(of: request.request)
        } else if let position = usagePosition(remoteTag: request.remoteTag) {
            request.sequence = usages[position].dialog.takeSequence()
            nextHop = usages[position].dialog.nextHop
        } else {
            return
        }
        request.request.headers.cseq = CSeq(number: request.sequence, method: request.request.method)
        if case .call = request.purpose { invite = request.request }
        dispatch(request, nextHop: nextHop)
    }

    /// Acknowledges a 2xx response and keeps the ACK for repetitions.
    func acknowledge(_ dialog: Dialog, sequence: UInt32, sdp: [UInt8]? = nil) {
        var ack = dialog.makeACK(sequence: sequence)
        if let invite = pending.first(where: { $0.isInvite && $0.sequence == sequence })?.request {
            // The credentials of the INVITE go for its ACK too (RFC 3261 section 22.1).
            for field in invite.headers.fields where field.name == .authorization || field.name == .proxyAuthorization {
                ack.headers.append(field)
            }
        }
        finish(&ack, contentType: sdp == nil ? nil : SessionBody.contentType, body: sdp ?? [])
        keep(
            Acknowledgement(
                remoteTag: dialog.id.remoteTag, sequence: sequence, request: ack, nextHop: dialog.nextHop))
        act(.acknowledge(ack, dialog.nextHop))
    }

    /// Keeps an ACK in place of an earlier one to the same response; the oldest makes room.
    func keep(_ acknowledgement: Acknowledgement) {
        acknowledgements.removeAll {
            $0.remoteTag == acknowledgement.remoteTag && $0.sequence == acknowledgement.sequence
        }
        if acknowledgements.count >= SessionLimits.forks { acknowledgements.removeFirst() }
        acknowledgements.append(acknowledgement)
    }

    func sendBye(_ reasons: [ReasonHeader], in position: Int) {
        send(.bye, as: .bye, in: position, headers: Self.headers(reasons))
    }

    static func headers(_ reasons: [ReasonHeader]) -> [(name: String, value: String)] {
        reasons.map { ("Reason", $0.description) }
    }
}
