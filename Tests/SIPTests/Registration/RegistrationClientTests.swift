import SIP
import Testing

@Suite("Registering with a provider") struct RegistrationClientTests {
    static let contact = "<sip:me@192.0.2.9:5060>"
    static let start = SIPInstant(milliseconds: 1_000)

    /// A client whose every input comes at the same moment.
    final class Line {
        private var client: RegistrationClient

        init(_ client: RegistrationClient) { self.client = client }

        var state: RegistrationClient.State { client.state }
        var nextAttempt: SIPInstant? { client.nextAttempt }

        func begin(isLast: Bool = false) -> SIPRequest { client.begin(contact: contact, isLast: isLast) }
        func receive(_ response: SIPResponse) -> SIPRequest? { client.receive(response, at: start) }
        func fail(_ reason: String) { client.failed(reason, at: start) }
    }

    static func line(expiresSeconds: Int = 600) -> Line {
        Line(
            RegistrationClient(
                RegistrationAccount(
                    registrar: SIPURI(host: "provider.example"), addressOfRecord: SIPURI(user: "me", host: "provider.example"), user: "me",
                    secret: "secret", expiresSeconds: expiresSeconds), tokens: SIPTokenSource(seed0: 1, seed1: 2)))
    }

    static func response(_ status: Int, to request: SIPRequest, _ headers: [(String, String)] = []) -> SIPResponse {
        var response = request.response(status, toTag: "registrar")
        for (name, value) in headers { response.headers.add(name, value) }
        return response
    }

    static func challenge(_ nonce: String, stale: Bool = false, to request: SIPRequest, status: Int = 401) -> SIPResponse {
        let value = #"Digest realm="provider",nonce="\#(nonce)",qop="auth"\#(stale ? ",stale=true" : "")"#
        return response(status, to: request, [(status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", value)])
    }

    @Test("It answers the challenge, is registered, and renews before the time is over with credentials at once")
    func registers() throws {
        let line = Self.line()
        let first = line.begin()
        #expect(first.target.description == "sip:provider.example")
        #expect(first.headers["Contact"] == Self.contact)
        #expect(first.headers.expires == 600)
        let second = try #require(line.receive(Self.challenge("n1", to: first)))
        #expect(second.headers.cseq?.number == 2)
        #expect(second.headers.callID == first.headers.callID)
        #expect(second.headers["Authorization"]?.contains("nonce=\"n1\"") == true)
        let granted = [("Contact", "<sip:other@192.0.2.1>;expires=3600"), ("Contact", "\(Self.contact);expires=100")]
        #expect(line.receive(Self.response(200, to: second, granted)) == nil)
        #expect(line.state == .registered(seconds: 100))
        #expect(line.nextAttempt == Self.start.advanced(byMs: 80_000))
        let renewal = line.begin()
        #expect(renewal.headers["Authorization"]?.contains("nc=00000002") == true)
        #expect(line.nextAttempt == nil)
    }

    @Test("A nonce that is too old is taken for what it is, a password that is refused is not tried again at once")
    func tellsStaleFromWrong() throws {
        let line = Self.line()
        let first = line.begin()
        let second = try #require(line.receive(Self.challenge("n1", to: first)))
        let third = try #require(line.receive(Self.challenge("n2", stale: true, to: second)))
        #expect(line.receive(Self.challenge("n3", to: third)) == nil)
        #expect(line.state == .refused(status: 401, reason: "Unauthorized"))
        #expect(line.nextAttempt == Self.start.advanced(byMs: RegistrationClient.refusedRetrySeconds * 1_000))
        // The nonce of a day ago is refused without `stale`: the first challenge of an attempt is always answered.
        let again = line.begin()
        #expect(again.headers["Authorization"] != nil)
        #expect(line.receive(Self.challenge("n4", to: again)) != nil)
    }

    @Test("A registrar that always says stale ends the attempt after a few requests")
    func givesUpOnEndlessChallenges() {
        let line = Self.line()
        var request = line.begin()
        var count = 1
        while let next = line.receive(Self.challenge("n\(count)", stale: true, to: request)) {
            request = next
            count += 1
        }
        #expect(count == 5)
        #expect(line.state == .refused(status: 401, reason: "Unauthorized"))
    }

    @Test("A proxy and the registrar may both ask for credentials")
    func answersBoth() throws {
        let line = Self.line()
        let first = line.begin()
        let second = try #require(line.receive(Self.challenge("p1", to: first, status: 407)))
        let third = try #require(line.receive(Self.challenge("r1", to: second)))
        #expect(third.headers["Proxy-Authorization"]?.contains("p1") == true)
        #expect(third.headers["Authorization"]?.contains("r1") == true)
    }

    @Test("An interval that is too brief is made longer")
    func takesLongerInterval() throws {
        let line = Self.line(expiresSeconds: 60)
        let first = line.begin()
        let second = try #require(line.receive(Self.response(423, to: first, [("Min-Expires", "300")])))
        #expect(second.headers.expires == 300)
        #expect(line.receive(Self.response(200, to: second)) == nil)
        #expect(line.state == .registered(seconds: 300))
    }

    @Test("After failures it tries again, each time later, within bounds")
    func backsOff() {
        let line = Self.line()
        var delays: [Int] = []
        for _ in 0..<8 {
            _ = line.begin()
            line.fail("no answer")
            delays.append(line.nextAttempt?.milliseconds(since: Self.start) ?? 0)
        }
        let longest = [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000]
        for (delay, longest) in zip(delays, longest) { #expect((longest / 2...longest).contains(delay)) }
        #expect(line.state == .failed("no answer"))
    }

    @Test(
        "What a refusal means for the next try",
        arguments: [
            (403, [], 300), (404, [], 300), (603, [], 300), (503, [("Retry-After", "120 (maintenance)")], 120),
            (403, [("Retry-After", "30")], 30), (503, [("Retry-After", "99999999999")], 5), (500, [("Retry-After", "soon")], 5),
        ])
    func waits(status: Int, headers: [(String, String)], seconds: Int) {
        let line = Self.line()
        let request = line.begin()
        #expect(line.receive(Self.response(status, to: request, headers)) == nil)
        let waits = line.nextAttempt?.milliseconds(since: Self.start) ?? 0
        #expect(waits > seconds * 499 && waits <= seconds * 1_000)
    }

    @Test("Leaving asks for nothing more")
    func leaves() throws {
        let line = Self.line()
        let first = line.begin()
        #expect(line.receive(Self.response(200, to: first)) == nil)
        let last = line.begin(isLast: true)
        #expect(last.headers.expires == 0)
        #expect(line.receive(Self.response(200, to: last)) == nil)
        #expect(line.state == .idle)
        #expect(line.nextAttempt == nil)
    }
}
