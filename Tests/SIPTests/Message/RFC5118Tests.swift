import SIP
import Testing

@Suite("RFC 5118 IPv6 torture cases") struct RFC5118Tests {
    static func register(target: String = "sip:[2001:db8::10]", via: String = "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111")
        -> [UInt8]
    {
        wire(requestLines("REGISTER", target: target, changes: ["Via": via, "Contact": "\"Caller\" <sip:caller@[2001:db8::1]>"]))
    }

    @Test("A reference in brackets is an address (4.1)")
    func valid() {
        guard case .message(.request(let request)) = SIPParser.parse(datagram: Self.register()) else {
            Issue.record("rejected")
            return
        }
        #expect(request.target.sip?.host == "2001:db8::10")
        #expect(request.target.sip?.port == nil)
        #expect(request.target.description == "sip:[2001:db8::10]")
        #expect(request.headers.topVia?.host == "2001:db8::9:1")
        #expect(request.headers.contacts.first?.uri.sip?.host == "2001:db8::1")
    }

    @Test("An address without brackets is refused (4.2)")
    func withoutBrackets() {
        #expect(SIPParser.parse(datagram: Self.register(target: "sip:2001:db8::10")).rejectedStatus == 400)
    }

    @Test(
        "A port inside the brackets is part of the address (4.3), one outside is a port (4.4)",
        arguments: [
            ("sip:[2001:db8::10:5070]", "2001:db8::10:5070", nil), ("sip:[2001:db8::10]:5070", "2001:db8::10", 5070),
        ])
    func ports(text: String, host: String, port: Int?) {
        let uri = SIPURI(text)
        #expect(uri?.host == host)
        #expect(uri?.port == port)
    }

    @Test("received stands with or without brackets (4.5)", arguments: ["[2001:db8::9:255]", "2001:db8::9:255"])
    func received(value: String) {
        let via = Via("SIP/2.0/UDP [2001:db8::9:1];received=\(value);branch=z9hG4bKas3-111")
        #expect(via?.received == "2001:db8::9:255")
        #expect(via?.branch == "z9hG4bKas3-111")
    }

    @Test("IPv6 addresses in a body are no matter of the parser (4.6, 4.8)")
    func body() {
        let body = "v=0\r\no=a 1 1 IN IP6 2001:db8::20\r\ns=-\r\nc=IN IP6 2001:db8::20\r\nt=0 0\r\n"
        let lines = requestLines("INVITE", target: "sip:user@[2001:db8::10]", changes: ["Content-Length": "\(body.utf8.count)"])
        #expect(parsedRequest(lines, body: body)?.body == Array(body.utf8))
    }

    @Test("IPv4 and IPv6 stand side by side in the headers (4.7)")
    func mixed() {
        let lines = requestLines(
            "BYE", target: "sip:user@host.example.net",
            extra: [
                "Via: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111",
                "Via: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKjhja8781hjuaij65144",
            ])
        #expect(parsedRequest(lines)?.headers.vias.map(\.host) == ["192.0.2.1", "2001:db8::9:1", "192.0.2.3"])
    }

    @Test("An IPv4-mapped address is an address (4.9)")
    func mapped() {
        let via = Via("SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19")
        #expect(via?.host == "::ffff:192.0.2.10")
        #expect(via?.port == 19823)
    }

    @Test("Three colons, a slip of the grammar, are taken as two and never sent on (4.10)")
    func threeColons() {
        let via = Via("SIP/2.0/UDP [2001:db8:::192.0.2.1]:5062;branch=z9hG4bKbh19")
        #expect(via?.host == "2001:db8::c000:201")
        #expect(SIPURI("sip:user@[2001:db8:::192.0.2.1]")?.description == "sip:user@[2001:db8::c000:201]")
    }

    @Test(
        "Malformed references are refused",
        arguments: [
            "[]", "[:]", "[1]", "[::1", "::1]", "[1::2::3]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]", "[12345::]", "[::g]",
            "[::1.2.3]",
            "[::1.2.3.256]", "[::1.2.3.4.5]", "[1:2:3:4:5:6:7:1.2.3.4]", "[::1%eth0]", "[::::1]", "[::1]x", "[1:2:3:4:5:6:7:]",
        ])
    func malformed(host: String) {
        #expect(SIPURI("sip:user@\(host)") == nil)
    }

    @Test(
        "Spellings of one address are equivalent",
        arguments: [
            ("[2001:DB8::1]", "[2001:db8:0:0:0:0:0:1]", true), ("[::ffff:192.0.2.1]", "[::ffff:c000:201]", true), ("[::1]", "[::2]", false),
            ("[1::]", "[1:0:0:0:0:0:0:0]", true), ("[::]", "[0:0:0:0:0:0:0:0]", true),
        ])
    func equivalence(left: String, right: String, same: Bool) throws {
        let a = try #require(SIPURI("sip:a@\(left)"))
        let b = try #require(SIPURI("sip:a@\(right)"))
        #expect(a.isEquivalent(to: b) == same)
    }
}
