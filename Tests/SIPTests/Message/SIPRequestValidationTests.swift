import SIP
import Testing

@Suite("Request validation") struct SIPRequestValidationTests {
    static let validation = SIPRequestValidation(extensions: ["100rel"], loopDetection: SIPLoopDetection(key0: 1, key1: 2))

    static func invite(_ changes: [String: String?] = [:], extra: [String] = [], target: String = "sip:bob@example.com", body: String = "")
        throws -> SIPRequest
    {
        let length: [String: String?] = ["Content-Length": "\(body.utf8.count)"]
        return try #require(
            parsedRequest(requestLines("INVITE", target: target, changes: length.merging(changes) { $1 }, extra: extra), body: body))
    }

    @Test("A plain request passes")
    func passes() throws {
        #expect(Self.validation.rejection(of: try Self.invite()) == nil)
    }

    @Test("Methods: known ones get 405, unknown ones 501, both with Allow", arguments: [("SUBSCRIBE", 405), ("FOO", 501), ("invite", 501)])
    func methods(method: String, status: Int) throws {
        let rejection = Self.validation.rejection(of: try #require(parsedRequest(requestLines(method))))
        #expect(rejection?.status == status)
        #expect(rejection?.headers == [.init("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER")])
    }

    @Test("Targets: other schemes get 416, foreign ones 404, but not inside a dialog")
    func targets() throws {
        #expect(Self.validation.rejection(of: try Self.invite(target: "tel:+1"))?.status == 416)
        #expect(Self.validation.rejection(of: try Self.invite(), in: .init(isOurTarget: false))?.status == 404)
        let inDialog = try Self.invite(["To": "<sip:bob@example.com>;tag=b"])
        #expect(Self.validation.rejection(of: inDialog, in: .init(isOurTarget: false, hasDialog: true)) == nil)
    }

    @Test(
        "A dialog that does not exist gets 481, except that REGISTER has none and ACK is never answered",
        arguments: [
            ("INVITE", true, 481), ("INVITE", false, nil), ("BYE", false, 481), ("BYE", true, 481), ("REGISTER", true, nil),
            ("ACK", true, nil), ("CANCEL", true, nil),
            ("OPTIONS", true, 481),
        ])
    func dialogs(method: String, hasTag: Bool, status: Int?) throws {
        let to = hasTag ? "<sip:bob@example.com>;tag=b" : "<sip:bob@example.com>"
        let request = try #require(parsedRequest(requestLines(method, changes: ["To": to])))
        #expect(Self.validation.rejection(of: request)?.status == status)
    }

    @Test("A merged request gets 482")
    func merged() throws {
        #expect(Self.validation.rejection(of: try Self.invite(), in: .init(isMerged: true))?.status == 482)
    }

    @Test("Extensions that are not understood are named in Unsupported; CANCEL needs none")
    func extensions() throws {
        let request = try Self.invite(extra: ["Require: 100REL, Foo", "Require: bar"])
        #expect(Self.validation.rejection(of: request) == SIPRejection(420, headers: [.init("Unsupported", "foo, bar")]))
        let proxied = try Self.invite(extra: ["Proxy-Require: sec"])
        #expect(Self.validation.rejection(of: proxied) == nil)
        #expect(Self.validation.rejection(of: proxied, in: .init(isForwarded: true))?.status == 420)
        let cancel = try #require(parsedRequest(requestLines("CANCEL", extra: ["Require: foo"])))
        #expect(Self.validation.rejection(of: cancel) == nil)
    }

    @Test("Max-Forwards 0 stops what would be sent on", arguments: [("0", true, 483), ("0", false, nil), ("1", true, nil)])
    func maxForwards(value: String, isForwarded: Bool, status: Int?) throws {
        let request = try Self.invite(["Max-Forwards": value])
        #expect(Self.validation.rejection(of: request, in: .init(isForwarded: isForwarded))?.status == status)
    }

    @Test("A request that comes back unchanged loops; changed, it spirals")
    func loops() throws {
        let detection = SIPLoopDetection(key0: 1, key1: 2)
        var request = try Self.invite()
        let branch = detection.branch(token: "7", for: request)
        #expect(branch.hasPrefix(Via.magicCookie + "7"))
        request.headers.insertFirst("Via", "SIP/2.0/UDP us.example.com;branch=\(branch)")
        request.headers.insertFirst("Via", "SIP/2.0/UDP other.example.com;branch=z9hG4bKother")
        let context = SIPRequestValidation.Context(isForwarded: true) { $0.host == "us.example.com" }
        #expect(Self.validation.rejection(of: request, in: context)?.status == 482)
        #expect(Self.validation.rejection(of: request, in: .init(isForwarded: true)) == nil)
        request.target = .sip(try #require(SIPURI("sip:carol@example.com")))
        #expect(Self.validation.rejection(of: request, in: context) == nil)
    }

    @Test(
        "Bodies of other types get 415 unless they are optional",
        arguments: [
            (["Content-Type: application/sdp"], nil), (["Content-Type: Application / SDP ;x=y"], nil), (["Content-Type: text/plain"], 415),
            ([], 415),
            (["Content-Type: text/plain", "Content-Disposition: session;handling=optional"], nil),
            (["Content-Type: application/sdp", "Content-Encoding: gzip"], 415),
            (["Content-Type: application/sdp", "Content-Encoding: identity"], nil),
        ])
    func bodies(extra: [String], status: Int?) throws {
        #expect(Self.validation.rejection(of: try Self.invite(extra: extra, body: "x"))?.status == status)
    }

    @Test(
        "A caller that accepts none of our answers gets 406",
        arguments: [
            ("application/sdp", nil), ("text/plain, application/*;q=0.5", nil), ("*/*", nil), ("text/plain", 406), ("", 406),
            ("APPLICATION/SDP", nil),
        ])
    func accept(value: String, status: Int?) throws {
        #expect(Self.validation.rejection(of: try Self.invite(extra: ["Accept: \(value)"]))?.status == status)
    }

    @Test("The response carries the status, the tag and the headers")
    func response() throws {
        let request = try Self.invite(extra: ["Require: foo"])
        let response = try #require(Self.validation.rejection(of: request)).response(to: request, toTag: "t")
        #expect(response.status == 420)
        #expect(response.headers["Unsupported"] == "foo")
        #expect(response.headers.to?.tag == "t")
    }
}
