import SIP
import Testing

@Suite("Header values") struct HeaderValueTests {
    @Test(
        "A name-addr is read in all its forms",
        arguments: [
            ("<sip:a@b>", nil, "sip:a@b", nil), ("sip:a@b;tag=1", nil, "sip:a@b", "1"), ("<sip:a@b;lr>;tag=1", nil, "sip:a@b;lr", "1"),
            ("Alice Smith  <sip:a@b> ; TAG = x", "Alice Smith", "sip:a@b", "x"),
            ("\"A, \\\"B\\\" <C>\"<sip:a@b>", "A, \"B\" <C>", "sip:a@b", nil),
            ("\"\" <sip:a@b>", "", "sip:a@b", nil), ("  \t<tel:+1>", nil, "tel:+1", nil), ("Jörg <sip:a@b>", "Jörg", "sip:a@b", nil),
            ("sip:a@b ;tag=1", nil, "sip:a@b", "1"), ("caller<sip:a@b>", "caller", "sip:a@b", nil),
            ("\"\\\\\" <sip:a@b>", "\\", "sip:a@b", nil),
        ])
    func nameAddr(text: String, name: String?, uri: String, tag: String?) {
        let value = NameAddr(text)
        #expect(value?.displayName == name)
        #expect(value?.uri.description == uri)
        #expect(value?.tag == tag)
    }

    @Test(
        "A malformed name-addr is none",
        arguments: [
            "", " ", "<>", "<sip:a@b", "sip:a@b>", "\"x <sip:a@b>", "\"x\" sip:a@b", "A, B <sip:a@b>", "< sip:a@b >", "<sip:a@b>;",
            "<sip:a@b>;;a",
            "<sip:a@b>;=x", "<sip:a@b> x", "<sip:a@b>;a=\"x", "sip:a@b?h=1", "<sip:a@b>,<sip:c@d>", "\"x\"", "\"", "name", "<<sip:a@b>>",
            "*",
        ])
    func malformedNameAddr(text: String) {
        #expect(NameAddr(text) == nil)
    }

    @Test("A list is split at its commas only, and bounded")
    func lists() {
        let list = NameAddr.parseList("\"a,b\" <sip:a@b;x=1?h=,>;p=\",\" ,sip:c@d;q=1, <sip:e@f>")
        #expect(list?.map(\.uri.description) == ["sip:a@b;x=1?h=%2C", "sip:c@d", "sip:e@f"])
        #expect(list?.first?.parameters["p"] == ",")
        #expect(NameAddr.parseList("<sip:a@b>,") == nil)
        #expect(NameAddr.parseList(",<sip:a@b>") == nil)
        let most = Array(repeating: "<sip:a@b>", count: NameAddr.maximumListCount)
        #expect(NameAddr.parseList(most.joined(separator: ","))?.count == NameAddr.maximumListCount)
        #expect(NameAddr.parseList((most + ["<sip:a@b>"]).joined(separator: ",")) == nil)
    }

    @Test(
        "A display name is quoted so that it is read back",
        arguments: ["Alice", "", "\"", "\\", "a\"b\\c", "a,b;c<d>", "日本", "\u{7}\u{0}\u{7F}"])
    func displayNames(name: String) throws {
        let value = NameAddr(displayName: name, uri: try #require(SIPURI("sip:a@b")), tag: "t")
        #expect(NameAddr(value.description) == value)
    }

    @Test("A line break cannot get into a display name's encoding")
    func displayNameInjection() throws {
        let value = NameAddr(displayName: "a\r\nX: y", uri: try #require(SIPURI("sip:a@b")))
        #expect(value.description == "\"a  X: y\" <sip:a@b>")
    }

    @Test("A parameter keeps its quotes where they were, and gets them where they must be")
    func quoting() {
        #expect(NameAddr("<sip:a@b>;audio=\"TRUE\";q=0.5")?.description == "<sip:a@b>;audio=\"TRUE\";q=0.5")
        var parameters = SIPParameters([("a", nil), ("b", "x y"), ("c", "")])
        #expect(parameters["A"] == "")
        #expect(parameters["d"] == nil)
        #expect(parameters.has("B"))
        parameters.set("a", "1")
        parameters.remove("C")
        #expect(NameAddr(uri: .other(scheme: "tel", text: "1"), parameters: parameters).description == "<tel:1>;a=1;b=\"x y\"")
    }

    @Test("Parameters compare by name without case, and by value")
    func parameterEquality() {
        #expect(NameAddr("<sip:a@b>;TAG=x") == NameAddr("<sip:a@b>;tag=x"))
        #expect(NameAddr("<sip:a@b>;TAG=x").hashValue == NameAddr("<sip:a@b>;tag=x").hashValue)
        #expect(NameAddr("<sip:a@b>;tag=x") != NameAddr("<sip:a@b>;tag=X"))
    }

    @Test("A repeated parameter counts once, the first")
    func repeatedParameter() {
        #expect(NameAddr("<sip:a@b>;tag=1;tag=2")?.description == "<sip:a@b>;tag=1")
    }

    @Test(
        "A Via is read in all its forms",
        arguments: [
            ("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1", "UDP", "192.0.2.1", 5060, "z9hG4bK1"),
            ("sip / 2.0 / tls   host.example.com : 5061 ; branch = x", "TLS", "host.example.com", 5061, "x"),
            ("SIP/2.0/WSS df7jal23ls0d.invalid;branch=b", "WSS", "df7jal23ls0d.invalid", nil, "b"),
            ("SIP/2.0/SCTP [::1]", "SCTP", "::1", nil, nil),
        ])
    func via(text: String, transport: String, host: String, port: Int?, branch: String?) {
        let via = Via(text)
        #expect(via?.transport == transport)
        #expect(via?.host == host)
        #expect(via?.port == port)
        #expect(via?.branch == branch)
    }

    @Test(
        "A malformed Via is none",
        arguments: [
            "", "SIP", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/3.0/UDP host", "HTTP/2.0/UDP host", "SIP/2.0/UDP host:x",
            "SIP/2.0/UDP host;;",
            "SIP/2.0/UDP 192.0.2.15;;,;,,", "SIP/2.0/UDPhost", "SIP/2.0/UDP host:65536", "SIP/2.0/UDP ;branch=x", "SIP/2.0/UDP a b",
            "SIP/2.0/UDP a, SIP/2.0/UDP b",
        ])
    func malformedVia(text: String) {
        #expect(Via(text) == nil)
    }

    @Test("rport is a question without a value and an answer with one")
    func rport() {
        var via = Via("SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK1")
        #expect(via?.asksForRport == true)
        #expect(via?.rport == nil)
        via?.rport = 4711
        via?.received = "2001:db8::1"
        #expect(via?.description == "SIP/2.0/UDP 10.0.0.1;rport=4711;branch=z9hG4bK1;received=2001:db8::1")
        #expect(via?.asksForRport == false)
    }

    @Test(
        "A CSeq has a number below 2^31 and a method",
        arguments: [
            ("1 INVITE", 1, "INVITE"), ("0009  \t INVITE", 9, "INVITE"), ("2147483647 x", 2_147_483_647, "x"),
            ("2147483648 INVITE", nil, nil),
            ("36893488147419103232 INVITE", nil, nil), ("1", nil, nil), ("INVITE", nil, nil), ("1INVITE", nil, nil),
            ("-1 INVITE", nil, nil),
            ("1 IN VITE", nil, nil), ("", nil, nil), ("1 ", nil, nil),
        ])
    func cseq(text: String, number: UInt32?, method: String?) {
        #expect(CSeq(text)?.number == number)
        #expect(CSeq(text)?.method.name == method)
    }

    @Test(
        "A method is read and told by its token, with its case",
        arguments: [
            "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "INFO", "UPDATE", "PRACK", "REFER", "NOTIFY", "SUBSCRIBE", "MESSAGE",
            "PUBLISH",
        ])
    func methods(token: String) {
        #expect(SIPMethod(token).name == token)
        #expect(SIPMethod(token).isKnown)
        #expect(SIPMethod(token.lowercased()) == .other(token.lowercased()))
    }

    @Test(
        "A status has its registered phrase, or that of its class",
        arguments: [
            (100, "Trying"), (200, "OK"), (486, "Busy Here"), (606, "Not Acceptable"), (299, "OK"), (499, "Bad Request"),
            (599, "Server Internal Error"),
            (699, "Global Failure"), (0, "Session Progress"), (1000, "Global Failure"),
        ])
    func phrases(status: Int, phrase: String) {
        #expect(SIPReason.phrase(for: status) == phrase)
    }
}
