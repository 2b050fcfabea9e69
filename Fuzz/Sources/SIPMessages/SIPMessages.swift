import FuzzTarget
import SIP

/// Reads each input as a datagram and as a stream, looks at every part, and encodes what was read.
@main
enum SIPMessages: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        switch SIPParser.parse(datagram: input) {
        case .message(let message): use(message)
        case .rejected(let request, let status, let reason):
            look(at: request.headers)
            let refusal = request.response(status, reason: reason, toTag: "tag")
            precondition(!refusal.encoded().isEmpty)
        case .keepAlive, .ignored: break
        }
        let whole = stream(input, step: max(input.count, 1))
        precondition(stream(input, step: 1 + Int(input.last ?? 0) % 61) == whole, "the pieces of a stream must not matter")
    }

    private static func use(_ message: SIPMessage) {
        look(at: message.headers)
        let encoded = message.encoded()
        // What had to be escaped may have grown beyond the limits.
        let startLine = encoded.prefix { $0 != UInt8(ascii: "\r") }
        guard encoded.count <= SIPLimits.default.messageBytes, startLine.count <= SIPLimits.default.uriBytes else { return }
        guard case .message(let again) = SIPParser.parse(datagram: encoded) else {
            preconditionFailure("what was read and encoded must be readable: \(SIPParser.parse(datagram: encoded))")
        }
        precondition(again.encoded() == encoded, "encoding must be stable")
        if let request = message.request { answer(request) }
        if let response = message.response { take(response) }
    }

    private static func answer(_ request: SIPRequest) {
        let detection = SIPLoopDetection(key0: 1, key1: 2)
        let rejection = SIPRequestValidation(loopDetection: detection).rejection(of: request)
        let response = rejection?.response(to: request, toTag: "tag") ?? request.response(200, toTag: "tag")
        precondition(!response.encoded().isEmpty)
        _ = detection.branch(token: "token", for: request)
        let authenticator = DigestAuthenticator(realm: "realm", key: Array(repeating: 7, count: 16))
        _ = authenticator.verify(request, source: "192.0.2.1", at: SIPInstant(nanoseconds: 0), secret: { _ in .password("secret") })
    }

    private static func take(_ response: SIPResponse) {
        _ = DigestChallenge.strongest(in: response.headers.all("WWW-Authenticate"))
        var client = DigestClient(user: "user", secret: .password("secret"))
        guard let uri = SIPURI("sip:user@example.org") else { return }
        var request = SIPRequest(method: .register, target: .sip(uri), headers: SIPHeaders([("CSeq", "1 REGISTER")]))
        if client.answer(response, in: &request, cnonce: "cnonce") { precondition(!request.encoded().isEmpty) }
    }

    private static func look(at headers: SIPHeaders) {
        let vias = headers.vias
        for via in vias { _ = (via.branch, via.received, via.rport, via.asksForRport, via.description) }
        let names = headers.contacts + headers.routes + headers.recordRoutes + [headers.from, headers.to].compactMap { $0 }
        for name in names { compare(name, names[0]) }
        _ = (headers.topVia, headers.cseq?.description, headers.callID, headers.maxForwards, headers.contentType, headers.expires)
        let reasons = ReasonHeader.all(in: headers)
        _ = (reasons.map(\.description), reasons.q850Cause)
        for field in headers.all {
            _ = (headers[field.name], headers.tokens(field.name), NameAddr.parseList(field.value), Via(field.value))
            _ = (DigestChallenge(field.value), ReasonHeader(field.value), CSeq(field.value))
        }
    }

    private static func compare(_ name: NameAddr, _ other: NameAddr) {
        _ = (name.description, name.tag, name.uri.scheme)
        guard let uri = name.uri.sip, let otherURI = other.uri.sip else { return }
        _ = (uri.transport, uri.isLooseRouter)
        precondition(uri.isEquivalent(to: otherURI) == otherURI.isEquivalent(to: uri), "equivalence has no direction")
    }

    private static func stream(_ input: UnsafeRawBufferPointer, step: Int) -> [ParseResult] {
        var decoder = SIPStreamDecoder()
        var results: [ParseResult] = []
        for start in stride(from: 0, to: input.count, by: step) {
            decoder.append(UnsafeRawBufferPointer(rebasing: input[start..<min(start + step, input.count)]))
            while let result = decoder.next() { results.append(result) }
        }
        return results
    }
}
