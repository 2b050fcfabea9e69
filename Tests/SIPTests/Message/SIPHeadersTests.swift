import SIP
import Testing

@Suite("Header fields") struct SIPHeadersTests {
    @Test(
        "Compact names are expanded, in any case",
        arguments: [
            ("a", "Accept-Contact"), ("b", "Referred-By"), ("c", "Content-Type"), ("d", "Request-Disposition"), ("e", "Content-Encoding"),
            ("f", "From"), ("i", "Call-ID"), ("j", "Reject-Contact"), ("k", "Supported"), ("l", "Content-Length"), ("m", "Contact"),
            ("n", "Identity-Info"), ("o", "Event"), ("r", "Refer-To"), ("s", "Subject"), ("t", "To"), ("u", "Allow-Events"), ("v", "Via"),
            ("x", "Session-Expires"), ("y", "Identity"),
        ])
    func compact(letter: String, name: String) {
        var headers = SIPHeaders()
        headers.add(letter.uppercased(), "value")
        #expect(headers[name.lowercased()] == "value")
        #expect(headers.all.first?.name == name)
    }

    @Test(
        "Names compare without case, known or not",
        arguments: ["Via", "X-Anything", "User-Agent", "P-Asserted-Identity", "WWW-Authenticate"])
    func names(name: String) {
        var headers = SIPHeaders()
        headers.add(name, "1")
        headers.add(name.uppercased(), "2")
        #expect(headers.all(name.lowercased()) == ["1", "2"])
        headers.set(name.lowercased(), "3")
        #expect(headers.all(name) == ["3"])
        headers.insertFirst(name, "0")
        #expect(headers.all(name) == ["0", "3"])
        headers.removeFirst(name.lowercased())
        #expect(headers.all(name) == ["3"])
        headers.remove(name.uppercased())
        #expect(headers[name] == nil)
        #expect(headers.count == 0)
    }

    @Test("The first value is inserted before its like, or before everything")
    func order() {
        var headers = SIPHeaders([("To", "<sip:a@b>"), ("Via", "SIP/2.0/UDP a"), ("From", "<sip:c@d>")])
        headers.insertFirst("Via", "SIP/2.0/UDP b")
        headers.insertFirst("Route", "<sip:r>")
        #expect(headers.all.map(\.name) == ["Route", "To", "Via", "Via", "From"])
        #expect(headers.vias.map(\.host) == ["b", "a"])
    }

    @Test("No name or value can start another header")
    func injection() {
        var request = SIPRequest(method: .other("IN\r\nVITE"), target: .other(scheme: "tel", text: "1 2\r\n3"))
        request.headers.add("Subject", "a\r\nEvil: 1")
        request.headers.add("X-Y\r\nEvil", "2\nb")
        request.headers.set("Call-ID", "c\rd")
        request.headers.add("\r\n", "x")
        let text = String(decoding: request.encoded(), as: UTF8.self)
        #expect(
            text
                == "INVITE tel:123 SIP/2.0\r\nSubject: a  Evil: 1\r\nX-YEvil: 2 b\r\nCall-ID: c d\r\nX-Unnamed: x\r\nContent-Length: 0\r\n\r\n"
        )
        let response = SIPResponse(status: 200, reason: "OK\r\nEvil: 1")
        #expect(String(decoding: response.encoded(), as: UTF8.self) == "SIP/2.0 200 OK  Evil: 1\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("Typed headers follow every change, also after parsing")
    func typedAfterChange() throws {
        var request = try #require(parsedRequest(requestLines("INVITE", extra: ["Via: SIP/2.0/TCP b;branch=2"])))
        request.headers.topVia?.received = "198.51.100.7"
        request.headers.topVia?.rport = 99
        #expect(request.headers.vias.map(\.received) == ["198.51.100.7", nil])
        #expect(request.headers.topVia?.rport == 99)
        request.headers.removeFirst("Via")
        #expect(request.headers.topVia?.host == "b")
        request.headers.set("From", "<sip:x@y>;tag=q")
        request.headers.to?.tag = "new"
        request.headers.cseq = CSeq(number: 7, method: .bye)
        request.headers.add("Contact", "<sip:second@c>")
        #expect(request.headers.from?.tag == "q")
        #expect(request.headers.to?.tag == "new")
        #expect(request.headers.cseq?.number == 7)
        #expect(request.headers.contacts.count == 2)
        request.headers.topVia = nil
        #expect(request.headers.topVia == nil)
    }

    @Test(
        "Numbers are clamped at their bound and nil when malformed",
        arguments: [
            ("0", 0, 0), ("70", 70, 70), ("255", 255, 255), ("256", 255, 256), ("4294967295", 255, 4_294_967_295),
            ("4294967296", 255, 4_294_967_295),
            ("99999999999999999999999999", 255, 4_294_967_295), ("", nil, nil), ("-1", nil, nil), ("1x", nil, nil), ("٣", nil, nil),
        ])
    func numbers(text: String, maxForwards: Int?, expires: Int?) {
        let headers = SIPHeaders([("Max-Forwards", text), ("Expires", text)])
        #expect(headers.maxForwards == maxForwards)
        #expect(headers.expires == expires)
    }

    @Test("Tokens come from all lines; option tags in lower case, methods as sent")
    func tokens() {
        let headers = SIPHeaders([("Supported", "100REL, ,path"), ("k", "Timer"), ("Allow", "INVITE,ack"), ("Accept", "a/b;x=\",\", c/d")])
        #expect(headers.tokens("supported") == ["100rel", "path", "timer"])
        #expect(headers.tokens("Allow") == ["INVITE", "ack"])
        #expect(headers.tokens("Accept") == ["a/b;x=\",\"", "c/d"])
        #expect(headers.tokens("Require") == [])
    }

    @Test("The wildcard is no contact")
    func wildcard() {
        let headers = SIPHeaders([("Contact", "*")])
        #expect(headers.hasWildcardContact)
        #expect(headers.contacts.isEmpty)
    }

    @Test(
        "A response copies what RFC 3261 8.2.6.2 names, and the route where a dialog may begin",
        arguments: [
            (100, false, true), (180, true, true), (200, true, true), (302, false, false), (486, false, false),
        ])
    func response(status: Int, hasRoute: Bool, hasTimestamp: Bool) throws {
        let lines = requestLines(
            "INVITE", extra: ["Via: SIP/2.0/TCP b, SIP/2.0/TCP c", "Record-Route: <sip:p;lr>", "Timestamp: 54", "Subject: x"])
        let response = try #require(parsedRequest(lines)).response(status, toTag: "t1")
        #expect(response.headers.vias.map(\.host) == ["192.0.2.1", "b", "c"])
        #expect(response.headers.to?.tag == "t1")
        #expect(response.headers.from?.tag == "a1")
        #expect(response.headers.cseq == CSeq(number: 1, method: .invite))
        #expect(response.headers.callID == "call@192.0.2.1")
        #expect((response.headers["Record-Route"] != nil) == hasRoute)
        #expect((response.headers["Timestamp"] != nil) == hasTimestamp)
        #expect(response.headers["Subject"] == nil)
        #expect(response.headers.contacts.isEmpty)
        #expect(response.reason == SIPReason.phrase(for: status))
    }

    @Test("A response keeps the tag that To has")
    func responseKeepsTag() throws {
        let request = try #require(parsedRequest(requestLines("BYE", changes: ["To": "sip:bob@example.com;tag=old"])))
        #expect(request.response(200, toTag: "new").headers.to?.tag == "old")
        #expect(request.response(200).headers.to?.tag == "old")
    }
}
