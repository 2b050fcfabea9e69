import SIP
import Testing

/// Random values whose encoding must be read back as the same value.
private struct RandomMessages {
    var generator: SeededGenerator

    mutating func text(_ alphabet: String, _ count: ClosedRange<Int>) -> String {
        let characters = Array(alphabet)
        return String((0..<Int.random(in: count, using: &generator)).map { _ in characters.randomElement(using: &generator) ?? "x" })
    }

    mutating func token() -> String { text("abcXYZ019-.!%*_+`'~", 1...12) }

    mutating func anything() -> String { text("aZ0 \t\"\\<>@;:,?=&%/[]üñ日\u{0}\u{7}", 1...16) }

    mutating func maybe<Value>(_ value: (inout RandomMessages) -> Value) -> Value? {
        Bool.random(using: &generator) ? value(&self) : nil
    }

    mutating func host() -> String {
        ["example.com", "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.9", "a_b"].randomElement(using: &generator) ?? "h"
    }

    mutating func parameters(_ name: (inout RandomMessages) -> String) -> SIPParameters {
        var parameters = SIPParameters()
        for _ in 0..<Int.random(in: 0...4, using: &generator) { parameters.set(name(&self), maybe { $0.anything() }) }
        return parameters
    }

    mutating func uri() -> SIPURI {
        let user = maybe { $0.anything() }
        return SIPURI(
            user: user, host: host(), port: maybe { Int.random(in: 0...65535, using: &$0.generator) },
            isSecure: Bool.random(using: &generator),
            password: user == nil ? nil : maybe { $0.anything() }, parameters: parameters { $0.anything() },
            headers: Bool.random(using: &generator) ? [] : [.init(name: anything(), value: anything())])
    }

    mutating func nameAddr() -> NameAddr {
        NameAddr(displayName: maybe { $0.anything() }, uri: .sip(uri()), parameters: parameters { $0.token() })
    }

    mutating func message() -> SIPMessage {
        let method = SIPMethod(["INVITE", "BYE", "REGISTER", "NEW!"].randomElement(using: &generator) ?? "INVITE")
        var headers = SIPHeaders()
        for _ in 0...Int.random(in: 0...2, using: &generator) {
            headers.add("Via", Via(transport: "UDP", host: host(), port: 5060, parameters: parameters { $0.token() }).description)
        }
        headers.add("From", nameAddr().description)
        headers.add("To", nameAddr().description)
        headers.add("Call-ID", token())
        headers.add("CSeq", CSeq(number: UInt32.random(in: 0...CSeq.maximumNumber, using: &generator), method: method).description)
        for _ in 0..<Int.random(in: 0...2, using: &generator) { headers.add("Contact", nameAddr().description) }
        for _ in 0..<Int.random(in: 0...2, using: &generator) { headers.add("Route", nameAddr().description) }
        headers.add("X-" + token(), token())
        let body = (0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        if Bool.random(using: &generator) {
            let status = Int.random(in: 100...699, using: &generator)
            return .response(SIPResponse(status: status, reason: token(), headers: headers, body: body))
        }
        var target = uri()
        target.headers = []
        return .request(SIPRequest(method: method, target: .sip(target), headers: headers, body: body))
    }
}

@Suite("Robustness") struct RobustnessTests {
    @Test("A URI, a name-addr and a Via are read back as they were written", arguments: UInt64(0)..<300)
    func values(seed: UInt64) {
        var random = RandomMessages(generator: SeededGenerator(seed: seed))
        let uri = random.uri()
        #expect(SIPURI(uri.description) == uri)
        let value = random.nameAddr()
        #expect(NameAddr(value.description) == value)
        let via = Via(transport: "TLS", host: random.host(), port: 1, parameters: random.parameters { $0.token() })
        #expect(Via(via.description) == via)
    }

    /// The encoding writes a Content-Length, which is framing and not kept as a header.
    @Test("A message is read back as it was written, from a datagram and from a stream", arguments: UInt64(0)..<300)
    func messages(seed: UInt64) {
        var random = RandomMessages(generator: SeededGenerator(seed: seed))
        let message = random.message()
        let bytes = message.encoded()
        #expect(SIPParser.parse(datagram: bytes) == .message(message))
        var decoder = SIPStreamDecoder()
        decoder.append(bytes)
        #expect(decoder.next() == .message(message))
        #expect(decoder.next() == nil)
    }

    @Test("Random bytes never trap", arguments: UInt64(0)..<200)
    func randomBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("\r\n\t :;,<>\"\\@[]%=?*/.0aSIP".utf8)
        for _ in 0..<40 {
            let bytes = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator) : alphabet.randomElement(using: &generator) ?? 0
            }
            exercise(bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            _ = (
                SIPURI(text), SIPURI("sip:" + text), SIPURI("sip:a@[" + text), RequestTarget(text), NameAddr.parseList(text), Via(text),
                CSeq(text)
            )
            _ = Via("SIP/2.0/UDP " + text)
            _ = SIPHeaders([("Accept", text)]).tokens("Accept")
            _ = DigestChallenge("Digest " + text)
        }
    }

    @Test("Valid messages with bytes changed, cut, doubled or moved never trap", arguments: UInt64(0)..<200)
    func mutatedMessages(seed: UInt64) {
        var random = RandomMessages(generator: SeededGenerator(seed: seed))
        for _ in 0..<20 {
            var bytes = random.message().encoded()
            for _ in 0..<Int.random(in: 1...6, using: &random.generator) { mutate(&bytes, &random.generator) }
            exercise(bytes)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &generator)))
        case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
        case 3: bytes.insert(Array("\r\n\"\\;,<>%[: ".utf8).randomElement(using: &generator) ?? 0, at: place)
        default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &generator))
        }
    }

    /// Reads the bytes in every way, touches every typed header, and answers.
    private func exercise(_ bytes: [UInt8]) {
        let whole = SIPStreamDecoderTests.results([bytes])
        let single = SIPStreamDecoderTests.results(bytes.map { [$0] })
        #expect(whole.results == single.results)
        for result in [SIPParser.parse(datagram: bytes)] + whole.results {
            switch result {
            case .message(let message):
                touch(message.headers)
                #expect(SIPParser.parse(datagram: message.encoded()).isMessage)
                if case .request(let request) = message { _ = SIPRequestValidation().rejection(of: request) }
            case .rejected(let request, let status, let reason):
                touch(request.headers)
                _ = request.response(status, reason: reason, toTag: "t").encoded()
            case .keepAlive, .ignored: continue
            }
        }
    }

    private func touch(_ headers: SIPHeaders) {
        _ = (headers.topVia, headers.vias, headers.from, headers.to, headers.cseq, headers.callID, headers.contacts, headers.routes)
        _ = (headers.recordRoutes, headers.maxForwards, headers.expires, headers.contentType, headers.tokens("Supported"))
    }
}
