import SIP
import Testing

@Suite("Parser") struct SIPParserTests {
    @Test(
        "A broken request is rejected with a status and a precise reason",
        arguments: [
            (requestLines(changes: ["Via": nil]), 400, "Missing Via header"),
            (requestLines(changes: ["From": nil]), 400, "Missing From header"),
            (requestLines(changes: ["To": nil]), 400, "Missing To header"),
            (requestLines(changes: ["Call-ID": nil]), 400, "Missing Call-ID header"),
            (requestLines(changes: ["CSeq": nil]), 400, "Missing CSeq header"),
            (requestLines(changes: ["Call-ID": ""]), 400, "Malformed Call-ID header"),
            (requestLines(changes: ["Via": "x"]), 400, "Malformed Via header"),
            (requestLines(changes: ["CSeq": "1 BYE"]), 400, "CSeq method differs from the request's"),
            (requestLines(changes: ["Max-Forwards": "x"]), 400, "Malformed Max-Forwards header"),
            (requestLines(changes: ["Contact": "x"]), 400, "Malformed Contact header"),
            (requestLines(changes: ["Contact": "*"]), 400, "Wildcard Contact outside REGISTER"),
            (requestLines(extra: ["Route: x"]), 400, "Malformed Route header"),
            (requestLines(extra: ["Record-Route: <>"]), 400, "Malformed Record-Route header"),
            (requestLines(extra: ["To: <sip:a@b>"]), 400, "Multiple To headers"),
            (requestLines(extra: ["Content-Length: 0"]), 400, "Multiple Content-Length headers"),
            (requestLines(changes: ["Content-Length": "x"]), 400, "Malformed Content-Length header"),
            (requestLines(changes: ["Content-Length": "1"]), 400, "Content-Length of 1 is past the end of the datagram"),
            (requestLines(extra: ["no colon"]), 400, "Header line without a name and colon"),
            (requestLines(extra: [": x"]), 400, "Header line without a name and colon"),
            (requestLines(extra: ["a\rb: x"]), 400, "CR or LF on its own in a header line"),
            (requestLines(extra: ["A: x\nB: y"]), 400, "CR or LF on its own in a header line"),
            (requestLines(target: "sip:"), 400, "Malformed Request-URI"),
            (requestLines(target: "sip:a@b; lr"), 400, "Space in the Request-URI"),
            (requestLines(target: "sip:a@b?x=1"), 400, "Headers in the Request-URI"),
            (requestLines(target: " sip:a@b"), 400, "More than one space between the parts of the request line"),
            (["OPTIONS SIP/2.0"] + requestLines().dropFirst(), 400, "Missing Request-URI"),
            (["OPTIONS sip:a@b SIP/3.0"] + requestLines().dropFirst(), 505, "Version Not Supported"),
            (["OPTIONS sip:a@b SIP/x"] + requestLines().dropFirst(), 400, "Malformed SIP version"),
            (requestLines("NEW", changes: ["CSeq": "1 OLD"]), 501, "Not Implemented"),
        ])
    func rejected(lines: [String], status: Int, reason: String) {
        let result = SIPParser.parse(datagram: wire(lines))
        #expect(result.rejectedStatus == status)
        #expect(result.rejectedReason == reason)
    }

    @Test(
        "What cannot be answered is ignored",
        arguments: [
            "hello", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "SIP/2.0 99 Low\r\n\r\n", "SIP/2.0 700 High\r\n\r\n", "SIP/2.0 2000 Long\r\n\r\n",
            "SIP/1.0 200 OK\r\n\r\n",
            "SIP/2.0 200 OK\r\n\r\n", "OPTIONS sip:a@b\r\n\r\n", "INVITE sip:a@b SIP/2.0", "ACK sip:a@b SIP/2.0\r\n\r\n",
            "\u{1} x SIP/2.0\r\n\r\n",
        ])
    func ignored(text: String) {
        #expect(SIPParser.parse(datagram: Array(text.utf8)).isIgnored)
    }

    @Test("Line breaks alone keep a flow alive", arguments: ["", "\r\n", "\r\n\r\n", "\0\0\0\0", " \r\n"])
    func keepAlive(text: String) {
        #expect(SIPParser.parse(datagram: Array(text.utf8)) == .keepAlive)
    }

    @Test(
        "A message is accepted in all its lenient forms",
        arguments: [
            wire(requestLines(changes: ["Content-Length": nil])), Array("\r\n\r\n".utf8) + wire(requestLines()),
            wire(requestLines(changes: ["Max-Forwards": nil])),
            wire(requestLines()).dropLast(2), wire(["options sip:a@b sip/2.0"] + requestLines("options").dropFirst()),
            wire(requestLines(extra: ["X-Folded: a\r\n b\r\n\tc"])), wire(requestLines(extra: ["X-Bytes: \u{7}ü"])),
            wire(requestLines("REGISTER", changes: ["Contact": "*"])), wire(requestLines(changes: ["From": "sip:a@b"])),
        ])
    func accepted(bytes: [UInt8]) {
        #expect(SIPParser.parse(datagram: bytes).isMessage)
    }

    @Test(
        "A response is read with its status and reason",
        arguments: [
            ("SIP/2.0 200 OK", 200, "OK"), ("SIP/2.0 100 ", 100, ""), ("SIP/2.0 699", 699, ""), ("sip/2.0 486 Besetzt ü", 486, "Besetzt ü"),
        ])
    func responses(line: String, status: Int, reason: String) {
        guard case .message(.response(let response)) = SIPParser.parse(datagram: wire([line] + requestLines().dropFirst())) else {
            Issue.record("no response")
            return
        }
        #expect(response.status == status)
        #expect(response.reason == reason)
    }

    @Test("A response with a broken Contact still tells its status")
    func responseContact() {
        let lines = ["SIP/2.0 486 Busy"] + requestLines(changes: ["Contact": "x"]).dropFirst()
        #expect(SIPParser.parse(datagram: wire(lines)).isMessage)
    }

    @Test("Bytes that are no UTF-8 are replaced, not refused")
    func invalidUTF8() throws {
        let bytes = wire(requestLines(changes: ["From": "\"J@rg\" <sip:j@b>;tag=1"]))
        let quote = try #require(bytes.firstRange(of: Array("J@rg".utf8)))
        var latin = bytes
        latin[quote.lowerBound + 1] = 0xF6
        guard case .message(.request(let request)) = SIPParser.parse(datagram: latin) else {
            Issue.record("rejected")
            return
        }
        #expect(request.headers.from?.displayName == "J\u{FFFD}rg")
    }

    @Test("Lines with several values of Via, Route and Record-Route are split; Contact stays joined")
    func splitting() throws {
        let extra = [
            "Via: SIP/2.0/TCP b;x=\",\" , SIP/2.0/TCP c", "Route: \"a,b\" <sip:r1;lr>,<sip:r2;lr>", "Record-Route: <sip:x;lr>, <sip:y;lr>",
        ]
        let request = try #require(parsedRequest(requestLines(changes: ["Contact": "<sip:a@b>, <sip:c@d>"], extra: extra)))
        #expect(request.headers.all("Via").count == 3)
        #expect(request.headers.all("Route") == ["\"a,b\" <sip:r1;lr>", "<sip:r2;lr>"])
        #expect(request.headers.recordRoutes.map { $0.uri.sip?.host } == ["x", "y"])
        #expect(request.headers.all("Contact").count == 1)
        #expect(request.headers.contacts.count == 2)
    }

    @Test("Each limit holds at its value and refuses one past it")
    func limits() {
        func status(_ bytes: [UInt8], _ limits: SIPLimits) -> Int? { SIPParser.parse(datagram: bytes, limits: limits).rejectedStatus }
        let plain = wire(requestLines())
        #expect(status(plain, SIPLimits(messageBytes: plain.count)) == nil)
        #expect(status(plain, SIPLimits(messageBytes: plain.count - 1)) == 513)
        let lines = requestLines().count - 1
        #expect(status(plain, SIPLimits(headerLines: lines)) == nil)
        #expect(status(plain, SIPLimits(headerLines: lines - 1)) == 513)
        let long = wire(requestLines(extra: ["X: " + String(repeating: "x", count: 97)]))
        #expect(status(long, SIPLimits(headerLineBytes: 100)) == nil)
        #expect(status(long, SIPLimits(headerLineBytes: 99)) == 513)
        let body = wire(requestLines(changes: ["Content-Length": "5"]), body: "12345")
        #expect(status(body, SIPLimits(bodyBytes: 5)) == nil)
        #expect(status(body, SIPLimits(bodyBytes: 4)) == 513)
        let uri = "sip:bob@example.com"
        #expect(status(plain, SIPLimits(uriBytes: uri.utf8.count)) == nil)
        #expect(status(plain, SIPLimits(uriBytes: uri.utf8.count - 1)) == 414)
    }

    @Test("The memory of the caller is read in place")
    func rawMemory() {
        let bytes = wire(requestLines())
        #expect(bytes.withUnsafeBytes { SIPParser.parse(datagram: $0) } == SIPParser.parse(datagram: bytes))
        #expect(SIPParser.parse(datagram: UnsafeRawBufferPointer(start: nil, count: 0)) == .keepAlive)
    }

    @Test("Content-Length is written from the body, once")
    func contentLength() throws {
        var request = try #require(parsedRequest(requestLines()))
        request.headers.add("Content-Length", "99")
        request.body = [1, 2, 3]
        let text = String(decoding: request.encoded(), as: UTF8.self)
        #expect(text.hasSuffix("\r\nContent-Length: 3\r\n\r\n\u{1}\u{2}\u{3}"))
        #expect(!text.contains("99"))
    }
}
