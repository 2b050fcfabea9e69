import SIP
import Testing

@Suite("SIP URIs") struct SIPURITests {
    @Test(
        "A URI is described as it was read",
        arguments: [
            "sip:example.com", "sips:alice@example.com:5061", "sip:alice:secret@example.com",
            "sip:+1-212-555-1212:1234@gateway.com;user=phone",
            "sip:alice@example.com;maddr=239.255.255.1;ttl=15;lr", "sip:example.com;method=REGISTER?to=sip:bob%40example.com",
            "sip:alice@[2001:db8::1]:5070;transport=tcp", "sip:alice;day=tuesday@example.com", "sip:a%40b@example.com",
            "sip:a@example.com?subject=project%20x&priority=urgent", "sip:%00@example.com", "sip:*72%23@example.com", "sip:a@my_host",
        ])
    func describes(text: String) {
        #expect(SIPURI(text)?.description == text)
    }

    @Test("Every part is told, decoded")
    func parts() throws {
        let uri = try #require(SIPURI("SIPS:al%69ce:p%3Aw@Example.COM:5061;Transport=TCP;lr;x=%20?a=1&b=%26"))
        #expect(uri.isSecure)
        #expect(uri.user == "alice")
        #expect(uri.password == "p:w")
        #expect(uri.host == "Example.COM")
        #expect(uri.port == 5061)
        #expect(uri.transport == "tcp")
        #expect(uri.isLooseRouter)
        #expect(uri.parameters["X"] == " ")
        #expect(uri.headers == [.init(name: "a", value: "1"), .init(name: "b", value: "&")])
    }

    @Test(
        "What phones send unescaped is understood, and sent on escaped",
        arguments: [
            ("sip:*72#@example.com", "*72#", "sip:*72%23@example.com"), ("sip:jörg@example.com", "jörg", "sip:j%C3%B6rg@example.com"),
            ("sip:a b@example.com", nil, nil), ("sip:a?b@example.com", "a?b", "sip:a?b@example.com"),
        ])
    func liberal(text: String, user: String?, description: String?) {
        let uri = SIPURI(text)
        #expect(uri?.user == user)
        #expect(uri?.description == description)
    }

    @Test(
        "A malformed URI is none",
        arguments: [
            "", "sip", "sip:", "sips:", "http://example.com", "sip:@example.com", "sip:a@", "sip:a@b@c", "sip:a@example.com:",
            "sip:a@example.com:65536",
            "sip:a@example.com:-1", "sip:a@example.com:1x", "sip:a%4@example.com", "sip:a%zz@example.com", "sip:%FF@example.com",
            "sip:a@exa mple.com",
            "sip:a@example.com;", "sip:a@example.com;;lr", "sip:a@example.com;=x", "sip:a@example.com?", "sip:a@example.com?x",
            "sip:a@example.com?=1",
            "sip:a@example.com?x=1&", "sip:<a@example.com>", "sip:a@example.com\r\n", " sip:a@example.com", "sip:a@exa/mple",
            "sip:a@example.com;x=%",
        ])
    func malformed(text: String) {
        #expect(SIPURI(text) == nil)
    }

    static let equivalent: [(String, String)] = [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
        ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
        ),
        ("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x"),
    ]
    static let different: [(String, String)] = [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ("sip:a@b", "sips:a@b"), ("sip:a@b", "sip:b"), ("sip:a:x@b", "sip:a@b"), ("sip:a@b;maddr=c", "sip:a@b"),
        ("sip:a@b;user=phone", "sip:a@b"),
    ]

    @Test("Comparison follows RFC 3261 19.1.4", arguments: equivalent.map { ($0.0, $0.1, true) } + different.map { ($0.0, $0.1, false) })
    func equivalence(left: String, right: String, same: Bool) throws {
        let a = try #require(SIPURI(left))
        let b = try #require(SIPURI(right))
        #expect(a.isEquivalent(to: b) == same)
        #expect(b.isEquivalent(to: a) == same)
    }

    @Test("Parameters and headers are bounded", arguments: [(SIPParameters.maximumCount, true), (SIPParameters.maximumCount + 1, false)])
    func parameterLimit(count: Int, isRead: Bool) {
        let text = "sip:a@b" + (0..<count).map { ";p\($0)" }.joined()
        #expect((SIPURI(text) != nil) == isRead)
    }

    @Test("Headers are bounded", arguments: [(SIPURI.maximumHeaders, true), (SIPURI.maximumHeaders + 1, false)])
    func headerLimit(count: Int, isRead: Bool) {
        let text = "sip:a@b?" + (0..<count).map { "h\($0)=1" }.joined(separator: "&")
        #expect((SIPURI(text) != nil) == isRead)
    }

    @Test(
        "Another scheme is kept as text",
        arguments: [
            ("tel:+1-201-555-0123;phone-context=x", "tel", "+1-201-555-0123;phone-context=x"), ("Mailto:a@b", "mailto", "a@b"),
            ("soap.beep://192.0.2.103:3002", "soap.beep", "//192.0.2.103:3002"),
        ])
    func otherSchemes(text: String, scheme: String, rest: String) {
        #expect(RequestTarget(text) == .other(scheme: scheme, text: rest))
        #expect(RequestTarget(text)?.sip == nil)
    }

    @Test("What is no URI is no target", arguments: ["", "x", ":x", "1a:x", "a:", "a b:c", "tel:1 2", "sip:", "<sip:a@b>"])
    func noTarget(text: String) {
        #expect(RequestTarget(text) == nil)
    }
}
