import Testing

@testable import SIP

@Suite("Reasons and causes")
struct ReasonHeaderTests {
    @Test(
        "Reason values are read and written",
        arguments: [
            ("Q.850;cause=16", "Q.850", 16, nil, "Q.850;cause=16"),
            ("Q.850 ; cause=17 ; text=\"User busy\"", "Q.850", 17, "User busy", "Q.850;cause=17;text=\"User busy\""),
            ("SIP;text=\"a \\\"b\\\"\"", "SIP", nil, "a \"b\"", "SIP;text=\"a \\\"b\\\"\""),
            ("SIP;cause=many", "SIP", nil, nil, "SIP"),
        ] as [(String, String, Int?, String?, String)])
    func values(text: String, name: String, cause: Int?, phrase: String?, written: String) throws {
        let reason = try #require(ReasonHeader(text))
        #expect(reason == ReasonHeader(protocolName: name, cause: cause, text: phrase))
        #expect(reason.description == written)
    }

    @Test("Malformed values are left out", arguments: ["", ";cause=1", "Q.850 cause", "Q.850;=", "Q.850;text=\"open"])
    func malformed(text: String) {
        #expect(ReasonHeader(text) == nil)
    }

    @Test("All values of a message are read, over lines and commas, up to the bound")
    func lists() {
        var headers = SIPHeaders([("Reason", "SIP;cause=200;text=\"a, b\", Q.850;cause=26")])
        #expect(ReasonHeader.all(in: headers).q850Cause == 26)
        for _ in 0..<20 { headers.add("Reason", "Q.850;cause=1") }
        #expect(ReasonHeader.all(in: headers).count == ReasonHeader.maximumCount)
        #expect(ReasonHeader.all(in: SIPHeaders([("Reason", "Q.850;cause=200")])).q850Cause == nil)
    }

    @Test("Each cause that a status gives leads back to a refusal", arguments: 300..<700)
    func mapping(status: Int) {
        let cause = Q850Cause.cause(forStatus: status)
        #expect((1...127).contains(cause))
        #expect((400..<700).contains(Q850Cause.status(forCause: cause)))
    }

    @Test("Statuses that every phone shows keep their meaning both ways", arguments: [404, 410, 480, 484, 486, 488, 501, 502, 503, 504])
    func roundTrip(status: Int) {
        #expect(Q850Cause.status(forCause: Q850Cause.cause(forStatus: status)) == status)
    }
}
