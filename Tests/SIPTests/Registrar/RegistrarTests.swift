import SIP
import Testing

@Suite("Registrar") struct RegistrarTests {
    static let aor = "sip:alice@example.com"
    static let start = SIPInstant(milliseconds: 5_000)

    static func flow(_ id: UInt64 = 1, _ transport: SIPTransportKind = .udp, port: Int = 5060) -> SIPFlow {
        SIPFlow(id: id, transport: transport, localHost: "203.0.113.1", localPort: 5060, remoteHost: "198.51.100.7", remotePort: port)
    }

    static func at(_ seconds: Int) -> SIPInstant { start.advanced(byMs: seconds * 1000) }

    static func register(_ contacts: [String] = [], expires: String? = nil, callID: String = "c1", cseq: Int = 1, extra: [String] = [])
        throws -> SIPRequest
    {
        var lines = contacts.map { "Contact: " + $0 } + extra
        if let expires { lines.append("Expires: " + expires) }
        let changes: [String: String?] = ["Contact": nil, "Call-ID": callID, "CSeq": "\(cseq) REGISTER"]
        return try #require(parsedRequest(requestLines("REGISTER", target: "sip:example.com", changes: changes, extra: lines)))
    }

    /// A registrar and the number of its next request.
    struct Fixture {
        var registrar = Registrar()
        var limits = RegistrarLimits()
        var cseq = 0

        mutating func send(
            _ contacts: [String] = [], expires: String? = nil, callID: String = "c1", cseq: Int? = nil, extra: [String] = [],
            flow: SIPFlow = RegistrarTests.flow(), at seconds: Int = 0
        ) throws -> (response: SIPResponse, changes: [RegistrarChange]) {
            self.cseq += 1
            let request = try RegistrarTests.register(contacts, expires: expires, callID: callID, cseq: cseq ?? self.cseq, extra: extra)
            return registrar.receive(
                request, addressOfRecord: RegistrarTests.aor, flow: flow, at: RegistrarTests.at(seconds), limits: limits)
        }

        var contacts: [String] { registrar.bindings(of: RegistrarTests.aor).map(\.contact.uri.description).sorted() }
    }

    @Test(
        "The address of record is the To URI without parameters",
        arguments: [
            ("<sip:Bob@Example.COM;x=1>;tag=1", "sip:Bob@example.com"), ("sips:bob@example.com:5061", "sips:bob@example.com:5061"),
            ("<tel:+1>", nil),
        ])
    func addressOfRecord(to: String, key: String?) throws {
        let request = try #require(parsedRequest(requestLines("REGISTER", changes: ["To": to])))
        #expect(Registrar.addressOfRecord(of: request) == key)
    }

    @Test("A contact is added, told with its time, refreshed in place, and removed with zero")
    func lifeOfABinding() throws {
        var fixture = Fixture()
        let added = try fixture.send(["<sip:alice@10.0.0.1:5062;line=1>;q=0.7"], expires: "600", extra: ["User-Agent: Phone/1"])
        #expect(added.response.status == 200)
        #expect(added.response.headers.all("Contact") == ["<sip:alice@10.0.0.1:5062;line=1>;q=0.7;expires=600"])
        let binding = try #require(fixture.registrar.bindings(of: Self.aor).first)
        #expect(added.changes == [.added(binding)])
        #expect(binding.flow.remote.host == "198.51.100.7")
        #expect(binding.userAgent == "Phone/1")
        #expect(binding.qThousandths == 700)
        #expect(binding.expiresAt == Self.at(600))
        let refreshed = try fixture.send(["<sip:alice@10.0.0.1:5062;line=1>;expires=300"], flow: Self.flow(port: 6060), at: 100)
        let newer = try #require(fixture.registrar.bindings(of: Self.aor).first)
        #expect(refreshed.changes == [.refreshed(newer)])
        #expect(newer.id == binding.id)
        #expect(newer.flow.remote.port == 6060)
        #expect(newer.expiresAt == Self.at(400))
        #expect(try fixture.send(at: 101).response.headers.contacts.first?.parameters["expires"] == "299")
        let removed = try fixture.send(["<sip:alice@10.0.0.1:5062;line=1>"], expires: "0", at: 102)
        #expect(removed.changes == [.removed(newer, .unregistered)])
        #expect(removed.response.headers["Contact"] == nil)
        #expect(fixture.registrar.count == 0 && fixture.registrar.nextDeadline == nil)
    }

    @Test(
        "The interval is the contact's, else the header's, else the default, within the limits",
        arguments: [
            ("<sip:a@b>", nil, 3600), ("<sip:a@b>", "120", 120), ("<sip:a@b>;expires=90", "120", 90), ("<sip:a@b>;expires=60", nil, 60),
            ("<sip:a@b>", "7200", 3600), ("<sip:a@b>;expires=280297596632815", "60", 3600), ("<sip:a@b>;expires=x", "120", 120),
            ("<sip:a@b>", "x", 3600),
        ])
    func interval(contact: String, header: String?, seconds: Int) throws {
        var fixture = Fixture()
        let response = try fixture.send([contact], expires: header).response
        #expect(response.headers.contacts.first?.parameters["expires"] == "\(seconds)")
        #expect(fixture.registrar.nextDeadline == Self.at(seconds))
    }

    @Test("Too brief an interval is told what would do, and changes nothing", arguments: ["1", "59"])
    func tooBrief(expires: String) throws {
        var fixture = Fixture()
        let outcome = try fixture.send(["<sip:a@b>", "<sip:c@d>;expires=\(expires)"], expires: "600")
        #expect(outcome.response.status == 423)
        #expect(outcome.response.headers["Min-Expires"] == "60")
        #expect(outcome.changes.isEmpty && fixture.contacts.isEmpty)
    }

    @Test("An interval of an hour is never too brief")
    func hour() throws {
        var fixture = Fixture()
        fixture.limits.minimumExpiresSeconds = 7200
        #expect(try fixture.send(["<sip:a@b>"], expires: "3600").response.status == 200)
        #expect(try fixture.send(["<sip:a@b>"], expires: "3599").response.status == 423)
    }

    @Test(
        "The wildcard removes everything; with anything but zero, or beside another, it is refused",
        arguments: [
            (["*"], "0", 200), (["*"], nil, 400), (["*"], "60", 400), (["*", "<sip:x@y>"], "0", 400),
        ])
    func wildcard(contacts: [String], expires: String?, status: Int) throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@b>", "<sip:c@d>"])
        let outcome = try fixture.send(contacts, expires: expires, callID: "other", cseq: 1)
        #expect(outcome.response.status == status)
        #expect(fixture.registrar.count == (status == 200 ? 0 : 2))
        #expect(outcome.changes.count == (status == 200 ? 2 : 0))
    }

    @Test(
        "A request of the same Call-ID must have a higher CSeq, or nothing changes",
        arguments: [
            ("c1", 6, "<sip:a@b>", 200), ("c1", 5, "<sip:a@b>", 400), ("c1", 4, "<sip:a@b>", 400), ("c2", 1, "<sip:a@b>", 200),
            ("c1", 1, "<sip:new@b>", 200),
            ("c1", 5, "*", 400), ("c1", 6, "*", 200),
        ])
    func order(callID: String, cseq: Int, contact: String, status: Int) throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@b>"], cseq: 5)
        let outcome = try fixture.send([contact], expires: "0", callID: callID, cseq: cseq)
        #expect(outcome.response.status == status)
        #expect(outcome.changes.isEmpty == (status == 400 || contact == "<sip:new@b>"))
    }

    @Test("One contact that fails keeps the others from changing")
    func atomic() throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:old@b>"], cseq: 5)
        for contacts in [["<sip:new@b>", "<sip:old@b>"], ["<sip:new@b>", "<tel:+1>"], ["<sip:new@b>", "<sip:c@d>;q=2"]] {
            #expect(try fixture.send(contacts, cseq: 5).response.status == 400)
            #expect(fixture.contacts == ["sip:old@b"])
        }
    }

    @Test(
        "Contacts are told apart as URIs are (10.2.4, 19.1.4)",
        arguments: [
            ("<sip:ALICE@b>", 2), ("<sip:alice@B>", 1), ("<sip:alice@b;x=1>", 1), ("<sip:alice@b;transport=tcp>", 2),
            ("<sip:alice@b:5060>", 2),
            ("<sips:alice@b>", 2),
        ])
    func identity(second: String, count: Int) throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:alice@b>"])
        _ = try fixture.send([second])
        #expect(fixture.contacts.count == count)
    }

    @Test(
        "URI parameters and contact parameters are kept apart; headers in the URI are dropped (RFC 4475 3.3.12–14)",
        arguments: [
            ("sip:+1@gw.example.net;unknownparam", "<sip:+1@gw.example.net>;unknownparam;expires=3600"),
            ("<sip:+1@gw.example.net;unknownparam>", "<sip:+1@gw.example.net;unknownparam>;expires=3600"),
            ("<sip:user@example.com?Route=%3Csip:sip.example.com%3E>", "<sip:user@example.com>;expires=3600"),
        ])
    func parameters(contact: String, told: String) throws {
        var fixture = Fixture()
        #expect(try fixture.send([contact]).response.headers.all("Contact") == [told])
    }

    @Test("The contact limit holds at its value; past it, new ones are refused or the oldest make room", arguments: [false, true])
    func contactLimit(removesExisting: Bool) throws {
        var fixture = Fixture()
        fixture.limits.removesExisting = removesExisting
        for number in 0..<5 { #expect(try fixture.send(["<sip:a\(number)@b>"], at: number).response.status == 200) }
        _ = try fixture.send(["<sip:a0@b>"], at: 5)
        #expect(fixture.contacts.count == 5)
        let outcome = try fixture.send(["<sip:a5@b>"], at: 6)
        #expect(outcome.response.status == (removesExisting ? 200 : 403))
        #expect(fixture.contacts.count == 5)
        #expect(fixture.contacts.contains("sip:a0@b"))
        #expect(fixture.contacts.contains("sip:a1@b") == !removesExisting)
        if removesExisting, case .removed(let binding, .replaced)? = outcome.changes.last {
            #expect(binding.contact.uri.description == "sip:a1@b")
        } else {
            #expect(!removesExisting && outcome.changes.isEmpty)
        }
        let many = (0..<6).map { "<sip:m\($0)@b>" }
        #expect(try fixture.send(many, at: 7).response.status == 403)
        #expect(fixture.contacts.count == 5)
    }

    @Test("A smaller limit does not stop refreshes of what is there")
    func loweredLimit() throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@b>", "<sip:c@d>"])
        fixture.limits.maximumContacts = 1
        #expect(try fixture.send(["<sip:a@b>"]).response.status == 200)
        #expect(fixture.contacts.count == 2)
    }

    @Test("Contacts in one request are bounded", arguments: [(16, 200), (17, 403)])
    func itemLimit(count: Int, status: Int) throws {
        var fixture = Fixture()
        fixture.limits.maximumContacts = 100
        #expect(try fixture.send((0..<count).map { "<sip:a\($0)@b>" }).response.status == status)
    }

    @Test("Bindings expire at their time, not before, and the next deadline is told")
    func expiry() throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@b>;expires=100", "<sip:c@d>;expires=200"])
        _ = try fixture.send(["<sip:a@b>;expires=150"], at: 10)
        #expect(fixture.registrar.nextDeadline == Self.at(160))
        #expect(fixture.registrar.expire(at: Self.at(159)).isEmpty)
        let first = fixture.registrar.expire(at: Self.at(160))
        guard case .removed(let binding, .expired)? = first.first, first.count == 1 else {
            Issue.record("\(first)")
            return
        }
        #expect(binding.contact.uri.description == "sip:a@b")
        #expect(fixture.registrar.nextDeadline == Self.at(200))
        #expect(fixture.registrar.expire(at: Self.at(1000)).count == 1)
        #expect(fixture.registrar.nextDeadline == nil)
        #expect(fixture.registrar.expire(at: Self.at(2000)).isEmpty)
    }

    @Test("A REGISTER that comes after the expiry adds anew")
    func lateRefresh() throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@b>"], expires: "60")
        let outcome = try fixture.send(["<sip:a@b>"], cseq: 1, at: 60)
        #expect(outcome.response.status == 200)
        #expect(outcome.changes.count == 2)
        if case .removed(_, .expired)? = outcome.changes.first, case .added? = outcome.changes.last {
        } else {
            Issue.record("\(outcome.changes)")
        }
    }

    @Test("Remaining seconds are rounded up, so that nothing lives with zero")
    func remaining() throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@b>"], expires: "60")
        let binding = try #require(fixture.registrar.bindings(of: Self.aor).first)
        #expect(binding.remainingSeconds(at: Self.start.advanced(byMs: 59_999)) == 1)
        #expect(binding.remainingSeconds(at: Self.start.advanced(byMs: 60_000)) == 0)
        #expect(binding.remainingSeconds(at: Self.start.advanced(byMs: 90_000)) == 0)
    }

    // MARK: - Outbound and Path

    static let instance = "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>\""

    @Test("An instance and reg-id keep their binding when the address changes (RFC 5626 6)")
    func outbound() throws {
        var fixture = Fixture()
        let first = try fixture.send(["<sip:a@10.0.0.1>;\(Self.instance);reg-id=1"], extra: ["Supported: path, outbound"])
        #expect(first.response.headers["Require"] == "outbound")
        _ = try fixture.send(["<sip:a@10.0.0.1>;\(Self.instance);reg-id=2"], extra: ["Supported: outbound"])
        #expect(fixture.contacts.count == 2)
        let contact = "<sip:a@10.9.9.9>;\(Self.instance);reg-id=1"
        let moved = try fixture.send([contact], callID: "after-reboot", cseq: 1, extra: ["Supported: outbound"])
        #expect(fixture.contacts == ["sip:a@10.0.0.1", "sip:a@10.9.9.9"])
        guard case .refreshed(let binding)? = moved.changes.first else {
            Issue.record("\(moved.changes)")
            return
        }
        #expect(binding.regID == 1)
        #expect(binding.instanceID == "<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>")
        #expect(moved.response.headers.contacts.count == 2)
        #expect(moved.response.headers["Contact"]?.contains(Self.instance) == true)
    }

    @Test("Without Supported: outbound a reg-id means nothing")
    func outboundUnsupported() throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@10.0.0.1>;\(Self.instance);reg-id=1"])
        let second = try fixture.send(["<sip:a@10.9.9.9>;\(Self.instance);reg-id=1"])
        #expect(fixture.contacts.count == 2)
        #expect(second.response.headers["Require"] == nil)
    }

    @Test(
        "Behind a proxy, outbound needs its first hop on the path",
        arguments: [
            (["Via: SIP/2.0/UDP b"], 439), (["Via: SIP/2.0/UDP b", "Path: <sip:p;lr>"], 439),
            (["Via: SIP/2.0/UDP b", "Path: <sip:p;lr;ob>"], 200),
            (["Via: SIP/2.0/UDP b", "Path: <sip:q;lr>, <sip:p;lr;ob>"], 200), ([], 200),
        ])
    func firstHop(extra: [String], status: Int) throws {
        var fixture = Fixture()
        let outcome = try fixture.send(["<sip:a@b>;\(Self.instance);reg-id=1"], extra: extra + ["Supported: outbound"])
        #expect(outcome.response.status == status)
    }

    @Test("The path is kept in order, and told back to who supports it (RFC 3327)", arguments: [true, false])
    func path(isSupported: Bool) throws {
        var fixture = Fixture()
        let extra = ["Path: <sip:p1;lr>, <sip:p2;lr>", "Path: <sip:p3;lr>"] + (isSupported ? ["Supported: path"] : [])
        let response = try fixture.send(["<sip:a@b>"], extra: extra).response
        #expect(fixture.registrar.bindings(of: Self.aor).first?.path == ["<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"])
        #expect(response.headers.all("Path").count == (isSupported ? 3 : 0))
    }

    @Test(
        "Path values are bounded and must be readable",
        arguments: [
            (Array(repeating: "Path: <sip:p;lr>", count: 8), 200), (Array(repeating: "Path: <sip:p;lr>", count: 9), 400),
            (["Path: x"], 400),
        ])
    func pathLimit(extra: [String], status: Int) throws {
        var fixture = Fixture()
        #expect(try fixture.send(["<sip:a@b>"], extra: extra).response.status == status)
    }

    @Test("A long User-Agent is cut", arguments: [(256, 256), (257, 256)])
    func userAgent(count: Int, kept: Int) throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:a@b>"], extra: ["User-Agent: " + String(repeating: "u", count: count)])
        #expect(fixture.registrar.bindings(of: Self.aor).first?.userAgent?.utf8.count == kept)
    }

    // MARK: - The caller's removals

    @Test("A lost connection takes its bindings along, a UDP listener none")
    func flowLost() throws {
        var fixture = Fixture()
        _ = try fixture.send(["<sip:udp@b>"], flow: Self.flow(7, .udp))
        _ = try fixture.send(["<sip:tls@b>"], flow: Self.flow(7, .tls))
        _ = try fixture.send(["<sip:moved@b>"], flow: Self.flow(7, .tls))
        _ = try fixture.send(["<sip:moved@b>"], flow: Self.flow(8, .tls))
        let lost = fixture.registrar.removeBindings(flowID: 7)
        #expect(lost.count == 1)
        #expect(fixture.contacts == ["sip:moved@b", "sip:udp@b"])
        #expect(fixture.registrar.removeBindings(flowID: 7).isEmpty)
        #expect(fixture.registrar.removeBindings(flowID: 8).count == 1)
        #expect(fixture.registrar.removeAll(of: Self.aor).count == 1)
        #expect(fixture.registrar.count == 0 && fixture.registrar.nextDeadline == nil && fixture.registrar.addressesOfRecord.isEmpty)
    }

    @Test("Preferred contacts come first, then the newest")
    func preference() throws {
        var fixture = Fixture()
        for (index, contact) in ["<sip:a@b>;q=0.5", "<sip:b@b>", "<sip:c@b>;q=1.0", "<sip:d@b>;q=0.05"].enumerated() {
            _ = try fixture.send([contact], at: index)
        }
        #expect(fixture.registrar.bindings(of: Self.aor).compactMap { $0.uri?.user } == ["c", "b", "a", "d"])
    }

    @Test(
        "A malformed q is refused",
        arguments: [
            ("0", 200), ("1", 200), ("1.000", 200), ("0.123", 200), ("0.", 200), ("1.001", 400), ("0.1234", 400), ("2", 400), ("x", 400),
            ("", 400),
            (".5", 400),
        ])
    func qValues(q: String, status: Int) throws {
        var fixture = Fixture()
        #expect(try fixture.send(["<sip:a@b>;q=\(q)"]).response.status == status)
    }

    // MARK: - Property

    @Test("Over random histories, changes add up to the bindings, limits hold and deadlines are real", arguments: UInt64(0)..<40)
    func histories(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var registrar = Registrar()
        let limits = RegistrarLimits(maximumContacts: 3, removesExisting: seed % 2 == 0)
        var live: [UInt64: RegistrarBinding] = [:]
        var seconds = 0
        for step in 1...300 {
            seconds += Int.random(in: 0...40, using: &generator)
            let now = Self.at(seconds)
            var changes = Bool.random(using: &generator) ? registrar.expire(at: now) : []
            let aor = ["a", "b", "c"].randomElement(using: &generator) ?? "a"
            let contact = Int.random(in: 0..<12, using: &generator) == 0 ? "*" : "<sip:\(Int.random(in: 0..<5, using: &generator))@h>"
            let expires = contact == "*" ? "0" : ["0", "60", "100", "500"].randomElement(using: &generator)
            let request = try Self.register([contact], expires: expires, callID: "c\(Int.random(in: 0..<2, using: &generator))", cseq: step)
            let flow = Self.flow(UInt64.random(in: 1...4, using: &generator), .tcp)
            changes += registrar.receive(request, addressOfRecord: aor, flow: flow, at: now, limits: limits).changes
            if Int.random(in: 0..<10, using: &generator) == 0 {
                changes += registrar.removeBindings(flowID: UInt64.random(in: 1...4, using: &generator))
            }
            for change in changes {
                switch change {
                case .added(let binding):
                    #expect(live[binding.id] == nil)
                    live[binding.id] = binding
                case .refreshed(let binding):
                    #expect(live[binding.id] != nil)
                    live[binding.id] = binding
                case .removed(let binding, _):
                    #expect(live[binding.id] == binding)
                    live[binding.id] = nil
                }
            }
            let stored = registrar.addressesOfRecord.flatMap { registrar.bindings(of: $0) }
            #expect(Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0) }) == live)
            #expect(registrar.count == live.count)
            #expect(registrar.bindings(of: aor).count <= limits.maximumContacts)
            #expect(registrar.nextDeadline == live.values.map(\.expiresAt).min())
        }
    }
}
