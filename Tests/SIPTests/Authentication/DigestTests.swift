import SIP
import Testing

@Suite("Digest authentication") struct DigestTests {
    static let key = [UInt8](0..<32)
    static let realm = "arioso"
    static let source = "198.51.100.7"
    static let start = SIPInstant(milliseconds: 1_000_000)
    static let authenticator = DigestAuthenticator(realm: realm, key: key, nonceLifetimeSeconds: 300)

    static func register(_ extra: [String] = [], target: String = "sip:example.com") throws -> SIPRequest {
        try #require(parsedRequest(requestLines("REGISTER", target: target, extra: extra)))
    }

    static func secret(_ user: String) -> DigestSecret? { user == "alice" ? .password("s3cret") : nil }

    /// A request with the answer to a challenge.
    static func answered(
        user: String = "alice", secret: DigestSecret = .password("s3cret"), authenticator: DigestAuthenticator = authenticator,
        kind: DigestAuthenticator.Kind = .userAgent
    ) throws -> SIPRequest {
        var request = try register()
        var client = DigestClient(user: user, secret: secret)
        let challenge = authenticator.challenge(request, as: kind, source: source, at: start)
        #expect(client.answer(challenge, in: &request, cnonce: "c0ffee"))
        return request
    }

    // MARK: - Known answers

    @Test(
        "The examples of RFC 7616 3.9.1 and RFC 2617 3.5 come out",
        arguments: [
            (
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"",
                "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
            ),
            (
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"",
                "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "8ca523f5e9506fed4657c9700eebdbec"
            ),
            (
                "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
                "Circle Of Life", "0a4f113b", "6629fae49393a05397450978507c4ef1"
            ),
        ])
    func knownAnswers(challenge: String, password: String, cnonce: String, response: String) throws {
        var client = DigestClient(user: "Mufasa", secret: .password(password))
        let request = SIPRequest(method: SIPMethod("GET"), target: .other(scheme: "", text: "/dir/index.html"))
        let read = try #require(DigestChallenge(challenge))
        let answer = client.authorization(for: read, request, cnonce: cnonce)
        let value = try #require(answer)
        #expect(value.contains("response=\"\(response)\""))
        #expect(value.contains("nc=00000001"))
        #expect(value.contains("qop=auth,"))
    }

    // MARK: - Server

    @Test(
        "Both algorithms are offered, SHA-256 first unless told otherwise",
        arguments: [
            ([DigestAlgorithm.sha256, .md5], ["SHA-256", "MD5"]), ([.md5, .sha256], ["MD5", "SHA-256"]), ([.md5], ["MD5"]),
        ])
    func offers(algorithms: [DigestAlgorithm], names: [String]) throws {
        let authenticator = DigestAuthenticator(realm: Self.realm, key: Self.key, algorithms: algorithms)
        let response = authenticator.challenge(try Self.register(), source: Self.source, at: Self.start, stale: true, toTag: "t")
        #expect(response.status == 401)
        #expect(response.headers.to?.tag == "t")
        let challenges = response.headers.all("WWW-Authenticate").compactMap { DigestChallenge($0) }
        #expect(challenges.map(\.algorithm.name) == names)
        #expect(challenges.allSatisfy { $0.realm == Self.realm && $0.qop == "auth" && $0.isStale })
    }

    @Test(
        "The right secret is accepted, for every algorithm, as user agent and proxy, from password and from hashes",
        arguments: [
            DigestAlgorithm.md5, .sha256,
        ], [DigestAuthenticator.Kind.userAgent, .proxy])
    func accepts(algorithm: DigestAlgorithm, kind: DigestAuthenticator.Kind) throws {
        let authenticator = DigestAuthenticator(realm: Self.realm, key: Self.key, algorithms: [algorithm])
        let hash = DigestSecret.ha1(user: "alice", realm: Self.realm, password: "s3cret", algorithm: algorithm)
        let hashed = DigestSecret.ha1([algorithm: hash.uppercased()])
        for secret in [DigestSecret.password("s3cret"), hashed] {
            let request = try Self.answered(secret: secret, authenticator: authenticator, kind: kind)
            for known in [DigestSecret.password("s3cret"), hashed] {
                let verdict = authenticator.verify(request, as: kind, source: Self.source, at: Self.start) { _ in known }
                #expect(verdict == .accepted(user: "alice"))
            }
        }
    }

    @Test("Wrong secrets and unknown users look the same")
    func denied() throws {
        let wrong = try Self.answered(secret: .password("guess"))
        #expect(Self.authenticator.verify(wrong, source: Self.source, at: Self.start, secret: Self.secret) == .denied(user: "alice"))
        let unknown = try Self.answered(user: "mallory")
        #expect(Self.authenticator.verify(unknown, source: Self.source, at: Self.start, secret: Self.secret) == .denied(user: "mallory"))
        let empty = try Self.answered(user: "mallory", secret: .password(""))
        #expect(Self.authenticator.verify(empty, source: Self.source, at: Self.start, secret: Self.secret) == .denied(user: "mallory"))
        let notStored = DigestSecret.ha1([.md5: DigestSecret.ha1(user: "alice", realm: Self.realm, password: "s3cret", algorithm: .md5)])
        let sha = try Self.answered()
        #expect(Self.authenticator.verify(sha, source: Self.source, at: Self.start) { _ in notStored } == .denied(user: "alice"))
    }

    @Test(
        "A nonce holds for its life, its source and its key; after that the answer is stale",
        arguments: [
            (299_999, source, key, true), (300_000, source, key, false), (0, "198.51.100.8", key, false),
            (0, source, [UInt8](1..<33), false),
        ])
    func nonces(afterMs: Int, source: String, key: [UInt8], isFresh: Bool) throws {
        let request = try Self.answered()
        let authenticator = DigestAuthenticator(realm: Self.realm, key: key, nonceLifetimeSeconds: 300)
        let verdict = authenticator.verify(request, source: source, at: Self.start.advanced(byMs: afterMs), secret: Self.secret)
        #expect(verdict == (isFresh ? .accepted(user: "alice") : .stale(user: "alice")))
    }

    @Test("A stale nonce with a wrong secret is denied, not stale")
    func staleDenied() throws {
        let request = try Self.answered(secret: .password("guess"))
        let later = Self.start.advanced(byMs: 400_000)
        #expect(Self.authenticator.verify(request, source: Self.source, at: later, secret: Self.secret) == .denied(user: "alice"))
    }

    @Test("A method, URI, count or nonce that was changed is denied", arguments: ["nc=00000001", "c0ffee", "response=\"", "nonce=\""])
    func tampered(part: String) throws {
        var request = try Self.answered()
        let value = try #require(request.headers["Authorization"])
        let place = try #require(value.firstRange(of: part))
        let next = part.hasSuffix("\"") ? place.upperBound : value.index(before: place.upperBound)
        let flipped = value[next] == "1" ? "2" : "1"
        request.headers.set("Authorization", value.replacingCharacters(at: next, with: flipped))
        // Who changes the nonce answers no challenge of ours.
        let verdict = DigestVerdict.denied(user: "alice", isChallenged: !part.hasPrefix("nonce="))
        #expect(Self.authenticator.verify(request, source: Self.source, at: Self.start, secret: Self.secret) == verdict)
    }

    @Test("Credentials count for the method they were made for")
    func otherMethod() throws {
        var request = try Self.answered()
        request.method = .invite
        #expect(Self.authenticator.verify(request, source: Self.source, at: Self.start, secret: Self.secret) == .denied(user: "alice"))
    }

    @Test(
        "The digest's uri must name the target's host, and its user unless it names none",
        arguments: [
            ("sip:example.com;transport=tcp", true), ("sip:EXAMPLE.com:5070", true), ("sip:other.example.com", false),
            ("sip:bob@example.com", true),
        ])
    func resource(target: String, isSame: Bool) throws {
        var request = try Self.answered()
        request.target = try #require(RequestTarget(target))
        let verdict = Self.authenticator.verify(request, source: Self.source, at: Self.start, secret: Self.secret)
        #expect(verdict == (isSame ? .accepted(user: "alice") : .malformed(reason: "Digest uri differs from the Request-URI")))
    }

    @Test("The older form without qop is accepted")
    func legacy() throws {
        var request = try Self.register()
        let offered = Self.authenticator.challenges(source: Self.source, at: Self.start)
        var challenge = try #require(offered.compactMap { DigestChallenge($0) }.last)
        challenge.qop = nil
        challenge.namesAlgorithm = false
        var client = DigestClient(user: "alice", secret: .password("s3cret"))
        let answer = client.authorization(for: challenge, request, cnonce: "x")
        let value = try #require(answer)
        #expect(!value.contains("qop") && !value.contains("algorithm"))
        request.headers.add("Authorization", value)
        #expect(Self.authenticator.verify(request, source: Self.source, at: Self.start, secret: Self.secret) == .accepted(user: "alice"))
    }

    @Test(
        "No credentials for us is missing; unreadable ones are malformed",
        arguments: [
            ([], DigestVerdict.missing), (["NoOneKnowsThisScheme opaque-data=here"], .missing), (["Basic YTpi"], .missing),
            (["Digest username=\"a\",realm=\"other\",nonce=\"n\",uri=\"sip:example.com\",response=\"r\""], .missing),
            (["Digest username=\"a\",realm=\"arioso\",nonce=\"n\",uri=\"sip:example.com\",response=\"r\",algorithm=SHA-1024"], .missing),
            (["Digest username=\"a\",realm=\"arioso\""], .malformed(reason: "Malformed Authorization header")),
            (["Digest username=\"a"], .malformed(reason: "Malformed Authorization header")),
            (
                ["Digest username=\"a\",username=\"b\",realm=\"arioso\",nonce=\"n\",uri=\"u\",response=\"r\""],
                .malformed(reason: "Malformed Authorization header")
            ),
            (
                ["Digest username=\"a\",realm=\"arioso\",nonce=\"n\",uri=\"u\",response=\"r\",qop=auth"],
                .malformed(reason: "Malformed Authorization header")
            ),
            (
                ["Digest username=\"a\",realm=\"arioso\",nonce=\"n\",uri=\"u\",response=\"r\",qop=auth-int,nc=00000001,cnonce=\"c\""],
                .malformed(reason: "Malformed Authorization header")
            ),
        ])
    func unusable(values: [String], verdict: DigestVerdict) throws {
        let request = try Self.register(values.map { "Authorization: " + $0 })
        #expect(Self.authenticator.verify(request, source: Self.source, at: Self.start, secret: Self.secret) == verdict)
    }

    @Test(
        "Among several credentials ours are found, as far as they are looked at",
        arguments: [
            (DigestAuthenticator.maximumCredentials - 1, DigestVerdict.accepted(user: "alice")),
            (DigestAuthenticator.maximumCredentials, .missing),
        ])
    func severalCredentials(others: Int, verdict: DigestVerdict) throws {
        var request = try Self.answered()
        for _ in 0..<others { request.headers.insertFirst("Authorization", "Basic YTpi") }
        #expect(Self.authenticator.verify(request, source: Self.source, at: Self.start, secret: Self.secret) == verdict)
    }

    @Test("username* carries names beyond ASCII", arguments: [("UTF-8''J%C3%A4s%C3%B8n", "Jäsøn"), ("utf-8''a%20b", "a b")])
    func extendedUser(value: String, user: String) throws {
        let other = try Self.answered(user: user)
        let told = try #require(other.headers["Authorization"])
        var request = other
        let name = try #require(told.firstRange(of: "username=\"\(user)\""))
        request.headers.set("Authorization", told.replacingCharacters(in: name, with: "username*=\(value)"))
        let verdict = Self.authenticator.verify(request, source: Self.source, at: Self.start) { $0 == user ? .password("s3cret") : nil }
        #expect(verdict == .accepted(user: user))
    }

    @Test("A header value is bounded in bytes and parameters", arguments: [(4096, true), (4097, false)])
    func valueBytes(count: Int, isRead: Bool) {
        let head = "Digest realm=\"r\",nonce=\""
        let text = head + String(repeating: "n", count: count - head.utf8.count - 1) + "\""
        #expect((DigestChallenge(text) != nil) == isRead)
    }

    @Test("Parameters of a header value are bounded", arguments: [(30, true), (31, false)])
    func valueParameters(more: Int, isRead: Bool) {
        let text = "Digest realm=\"r\",nonce=\"n\"" + (0..<more).map { ",x\($0)=1" }.joined()
        #expect((DigestChallenge(text) != nil) == isRead)
    }

    // MARK: - Client

    @Test("The strongest challenge that is known is chosen, one per realm")
    func strongest() {
        let chosen = DigestChallenge.strongest(in: [
            "Digest realm=\"a\",nonce=\"1\",algorithm=MD5", "Digest realm=\"a\",nonce=\"2\",algorithm=SHA-512-256", "Basic realm=\"a\"",
            "Digest realm=\"a\",nonce=\"3\",algorithm=sha-256,qop=\"auth-int,auth\"", "Digest realm=\"b\",nonce=\"4\",opaque=\"o\"", "junk",
            "Digest realm=\"c\",nonce=\"5\",qop=\"other\"", "Digest realm=\"b\",nonce=\"6\"",
        ])
        #expect(chosen.map(\.nonce) == ["3", "4"])
        #expect(chosen.first?.qop == "auth")
        #expect(chosen.last?.qop == nil)
        #expect(chosen.last?.opaque == "o")
    }

    @Test("A client without the strongest hash answers with the one that it has")
    func clientHashes() throws {
        let ha1 = DigestSecret.ha1(user: "alice", realm: Self.realm, password: "s3cret", algorithm: .md5)
        let request = try Self.answered(secret: .ha1([.md5: ha1]))
        #expect(request.headers["Authorization"]?.contains("algorithm=MD5") == true)
        #expect(Self.authenticator.verify(request, source: Self.source, at: Self.start, secret: Self.secret) == .accepted(user: "alice"))
    }

    @Test("Each use of a nonce counts one up, and a new nonce begins anew")
    func counts() throws {
        var client = DigestClient(user: "alice", secret: .password("x"))
        let request = try Self.register()
        func count(_ nonce: String) throws -> String? {
            let challenge = try #require(DigestChallenge("Digest realm=\"r\",nonce=\"\(nonce)\",qop=\"auth\""))
            return client.authorization(for: challenge, request, cnonce: "c")?.split(separator: ",").first { $0.hasPrefix("nc=") }.map(
                String.init)
        }
        #expect(try (0..<17).map { _ in try count("n1") }.last == "nc=00000011")
        #expect(try count("n2") == "nc=00000001")
        for other in 0..<DigestClient.maximumNonces { _ = try count("o\(other)") }
        #expect(try count("n1") == "nc=00000001")
    }

    @Test("A new answer takes the place of the old one for its realm only")
    func replaces() throws {
        var request = try Self.answered()
        request.headers.add("Authorization", "Digest username=\"u\",realm=\"other\",nonce=\"n\",uri=\"u\",response=\"r\"")
        var client = DigestClient(user: "alice", secret: .password("s3cret"))
        let later = Self.start.advanced(byMs: 1)
        let again = Self.authenticator.challenge(request, source: Self.source, at: later, stale: true)
        #expect(client.answer(again, in: &request, cnonce: "c2"))
        #expect(request.headers.all("Authorization").count == 2)
        #expect(Self.authenticator.verify(request, source: Self.source, at: later, secret: Self.secret) == .accepted(user: "alice"))
    }

    @Test(
        "What is no challenge is not answered",
        arguments: [(200, "WWW-Authenticate"), (401, "Proxy-Authenticate"), (407, "WWW-Authenticate")])
    func nothingToAnswer(status: Int, header: String) throws {
        var request = try Self.register()
        var response = request.response(status)
        response.headers.add(header, "Digest realm=\"r\",nonce=\"n\"")
        var client = DigestClient(user: "alice", secret: .password("x"))
        #expect(!client.answer(response, in: &request, cnonce: "c"))
        #expect(request.headers["Authorization"] == nil && request.headers["Proxy-Authorization"] == nil)
    }

    @Test("A challenge for auth-int alone covers the body")
    func authInt() throws {
        var client = DigestClient(user: "alice", secret: .password("x"))
        let challenge = try #require(DigestChallenge("Digest realm=\"r\",nonce=\"n\",qop=\"auth-int\""))
        var request = try Self.register()
        let empty = client.authorization(for: challenge, request, cnonce: "c")
        request.body = [1]
        var second = DigestClient(user: "alice", secret: .password("x"))
        #expect(empty?.contains("qop=auth-int") == true)
        #expect(second.authorization(for: challenge, request, cnonce: "c") != empty)
    }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with text: String) -> String {
        self[..<index] + text + self[self.index(after: index)...]
    }

    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
