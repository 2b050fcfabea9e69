import SIP
import Testing

@Suite(
    "RFC 4475 torture messages",
    .enabled(if: TortureFiles.folder != nil, "SKIPPED: no torture messages; set ARIOSO_SHARED to the folder that holds them"))
struct RFC4475Tests {
    enum Verdict: Sendable, Equatable {
        case accepted
        case rejected(Int)
        case ignored
    }

    static let parserVerdicts: [(file: String, verdict: Verdict)] =
        [
            "wsinv", "intmeth", "esc01", "escnull", "esc02", "lwsdisp", "longreq", "dblreq", "semiuri", "transports", "mpart01", "unreason",
            "noreason", "baddate", "badbranch", "unkscm", "novelsc", "unksm2", "bext01", "invut", "regaut01", "bcast", "zeromf", "cparam01",
            "cparam02", "regescrt", "sdp01", "inv2543",
        ].map { ($0, .accepted) }
        + [
            "badinv01", "clerr", "ncl", "scalar02", "quotbal", "ltgtruri", "lwsruri", "lwsstart", "trws", "escruri", "regbadct", "badaspec",
            "baddn", "mismatch01", "insuf", "multi01", "mcl01",
        ].map { ($0, .rejected(400)) }
        + [("badvers", .rejected(505)), ("mismatch02", .rejected(501)), ("scalarlg", .ignored), ("bigcode", .ignored)]

    @Test("All 49 messages have a verdict")
    func complete() {
        #expect(Set(Self.parserVerdicts.map(\.file)).count == 49)
    }

    @Test("The parser's verdict is the RFC's", arguments: parserVerdicts)
    func parserVerdict(file: String, expected: Verdict) throws {
        let result = SIPParser.parse(datagram: try TortureFiles.bytes(file))
        switch result {
        case .message: #expect(expected == .accepted)
        case .rejected(_, let status, _): #expect(expected == .rejected(status), "\(result.rejectedReason ?? "")")
        case .ignored: #expect(expected == .ignored)
        case .keepAlive: Issue.record("keep-alive")
        }
    }

    @Test("A message read again from its encoding is the same", arguments: parserVerdicts.filter { $0.verdict == .accepted }.map(\.file))
    func roundTrip(file: String) throws {
        guard case .message(let first) = SIPParser.parse(datagram: try TortureFiles.bytes(file)) else { return }
        #expect(SIPParser.parse(datagram: first.encoded()) == .message(first))
    }

    @Test(
        "Validation gives the status the RFC asks for",
        arguments: [
            ("unkscm", 416), ("novelsc", 416), ("bext01", 420), ("invut", 415), ("sdp01", 406), ("zeromf", 483), ("intmeth", 501),
            ("esc02", 501),
        ])
    func elementVerdict(file: String, status: Int) throws {
        guard case .message(.request(let request)) = SIPParser.parse(datagram: try TortureFiles.bytes(file)) else { return }
        let validation = SIPRequestValidation(methods: [.invite, .ack, .cancel, .bye, .options, .register, .message])
        let rejection = validation.rejection(of: request, in: .init(isForwarded: file == "zeromf" || file == "bext01"))
        #expect(rejection?.status == status)
    }

    @Test(
        "Validation lets the acceptable ones pass",
        arguments: [
            "wsinv", "esc01", "escnull", "lwsdisp", "longreq", "dblreq", "semiuri", "transports", "mpart01", "baddate", "badbranch",
            "regaut01",
            "zeromf", "cparam01", "cparam02", "regescrt", "inv2543",
        ])
    func elementAccepts(file: String) throws {
        guard case .message(.request(let request)) = SIPParser.parse(datagram: try TortureFiles.bytes(file)) else { return }
        let validation = SIPRequestValidation(methods: [.invite, .ack, .cancel, .bye, .options, .register, .message])
        // wsinv carries a To tag: only an element with that dialog takes it.
        #expect(validation.rejection(of: request, in: .init(hasDialog: file == "wsinv")) == nil)
    }

    @Test("A torturous INVITE (3.1.1.1) is read to its last fold")
    func wsinv() throws {
        guard case .message(.request(let request)) = SIPParser.parse(datagram: try TortureFiles.bytes("wsinv")) else { return }
        let headers = request.headers
        #expect(request.target.sip?.parameters.has("unknownparam") == true)
        #expect(headers.to?.tag == "1918181833n")
        #expect(headers.from?.displayName == "J Rosenberg \\\"")
        #expect(headers.from?.tag == "98asjd8")
        #expect(headers.maxForwards == 68)
        #expect(headers.cseq == CSeq(number: 9, method: .invite))
        #expect(headers.vias.map(\.transport) == ["UDP", "TCP", "UDP"])
        #expect(headers.vias.map(\.branch) == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"])
        #expect(headers["Subject"] == "")
        #expect(headers["NewFangledHeader"] == "newfangled value continued newfangled value")
        #expect(headers.routes.first?.uri.sip?.isLooseRouter == true)
        #expect(headers.contacts.first?.displayName == "Quoted string \"\"")
        #expect(headers.contacts.first?.parameters["q"] == "0.33")
        #expect(request.body.count == 150)
    }

    @Test("Escapes (3.1.1.3–5) are resolved once, and only in URIs")
    func escapes() throws {
        guard case .message(.request(let esc01)) = SIPParser.parse(datagram: try TortureFiles.bytes("esc01")) else { return }
        #expect(esc01.target.sip?.user == "sips:user@example.com")
        #expect(esc01.headers.to?.uri.sip?.user == "user")
        #expect(esc01.headers.contacts.first?.uri.sip?.isLooseRouter == true)
        #expect(esc01.headers.contacts.first?.uri.sip?.parameters["name"] == "value%41")
        guard case .message(.request(let escnull)) = SIPParser.parse(datagram: try TortureFiles.bytes("escnull")) else { return }
        #expect(escnull.headers.contacts.map { $0.uri.sip?.user } == ["\0", "\0\0"])
        guard case .message(.request(let esc02)) = SIPParser.parse(datagram: try TortureFiles.bytes("esc02")) else { return }
        #expect(esc02.method == .other("RE%47IST%45R"))
        #expect(esc02.headers.to?.displayName == "%Z%45")
        #expect(esc02.headers.contacts.count == 2)
        #expect(esc02.headers["C%6Fntact"] != nil)
    }

    @Test("What follows the Content-Length of a datagram is dropped (3.1.1.8), and is the next message on a stream")
    func dblreq() throws {
        let bytes = try TortureFiles.bytes("dblreq")
        guard case .message(.request(let request)) = SIPParser.parse(datagram: bytes) else { return }
        #expect(request.method == .register && request.body.isEmpty)
        var decoder = SIPStreamDecoder()
        decoder.append(bytes)
        var methods: [SIPMethod] = []
        while case .message(.request(let request))? = decoder.next() { methods.append(request.method) }
        #expect(methods == [.register, .invite])
    }

    @Test("A stream closes where its framing is lost", arguments: ["ncl", "mcl01"])
    func streamFailure(file: String) throws {
        var decoder = SIPStreamDecoder()
        decoder.append(try TortureFiles.bytes(file))
        #expect(decoder.next()?.rejectedStatus == 400)
        #expect(decoder.failure != nil)
    }

    @Test("A stream waits for the rest of a body that is too short (3.1.2.2)")
    func streamWaits() throws {
        var decoder = SIPStreamDecoder()
        decoder.append(try TortureFiles.bytes("clerr"))
        #expect(decoder.next() == nil)
        #expect(decoder.failure == nil)
    }

    @Test("A rejected request answers with the headers that it has")
    func responseToBroken() throws {
        guard case .rejected(let request, let status, let reason) = SIPParser.parse(datagram: try TortureFiles.bytes("quotbal")) else {
            return
        }
        let response = request.response(status, reason: reason, toTag: "t")
        #expect(response.headers.topVia?.port == 5050)
        #expect(response.headers["To"] == "\"Mr. J. User <sip:j.user@example.com>;tag=t")
        #expect(response.headers.callID == "quotbal.aksdj")
        #expect(reason == "Malformed To header")
    }
}
