import Testing

@testable import SIP

@Suite("Dialogs")
struct DialogTests {
    private func invite(recordRoutes: [String] = [], fromTag: String? = "caller") throws -> SIPRequest {
        var request = SIPRequest(method: .invite, target: try #require(RequestTarget("sip:bob@example.com")))
        for route in recordRoutes { request.headers.add("Record-Route", route) }
        request.headers.add("From", "\"A\" <sip:alice@example.com>" + (fromTag.map { ";tag=\($0)" } ?? ""))
        request.headers.add("To", "<sip:bob@example.com>")
        request.headers.add("Call-ID", "c1")
        request.headers.add("CSeq", "7 INVITE")
        request.headers.add("Contact", "<sip:alice@192.0.2.1:5070>")
        return request
    }

    private func answered(_ status: Int = 200, routes: [String] = [], tag: String? = "callee") throws -> (SIPRequest, SIPResponse) {
        let request = try invite()
        var response = request.response(status, toTag: tag)
        for route in routes { response.headers.add("Record-Route", route) }
        response.headers.add("Contact", "<sip:bob@192.0.2.2:5080>")
        return (request, response)
    }

    @Test("The answering side swaps the parties and keeps the order of the routes")
    func answering() throws {
        let request = try invite(recordRoutes: ["<sip:p1.example;lr>", "<sip:p2.example;lr>"])
        var dialog = try #require(Dialog(answering: request, localTag: "me", firstSequence: 100))
        #expect(dialog.id == DialogID(callID: "c1", localTag: "me", remoteTag: "caller"))
        #expect(dialog.state == .early && dialog.remoteSequence == 7)
        let bye = dialog.makeRequest(.bye)
        #expect(bye.target.description == "sip:alice@192.0.2.1:5070")
        #expect(bye.headers["From"] == "<sip:bob@example.com>;tag=me")
        #expect(bye.headers["To"] == "\"A\" <sip:alice@example.com>;tag=caller")
        #expect(bye.headers["CSeq"] == "101 BYE" && bye.headers.callID == "c1" && bye.headers.maxForwards == 70)
        #expect(bye.headers.all("Route") == ["<sip:p1.example;lr>", "<sip:p2.example;lr>"])
        #expect(dialog.nextHop?.host == "p1.example")
    }

    @Test("The calling side reverses the order of the routes")
    func calling() throws {
        let (request, response) = try answered(routes: ["<sip:p1.example;lr>", "<sip:p2.example;lr>"])
        var dialog = try #require(Dialog(answered: request, by: response))
        #expect(dialog.id == DialogID(callID: "c1", localTag: "caller", remoteTag: "callee"))
        #expect(dialog.state == .confirmed)
        let info = dialog.makeRequest(.info)
        #expect(info.target.description == "sip:bob@192.0.2.2:5080" && info.headers["CSeq"] == "8 INFO")
        #expect(info.headers.all("Route") == ["<sip:p2.example;lr>", "<sip:p1.example;lr>"])
        let ack = dialog.makeACK(sequence: 7)
        #expect(ack.headers["CSeq"] == "7 ACK" && dialog.localSequence == 8)
        #expect(ack.headers.to?.tag == "callee" && ack.headers.from?.tag == "caller")
    }

    @Test("A strict router becomes the Request-URI and the target the last Route")
    func strictRouting() throws {
        let (request, response) = try answered(routes: ["<sip:p2.example;lr>", "<sip:p1.example>"])
        var dialog = try #require(Dialog(answered: request, by: response))
        let bye = dialog.makeRequest(.bye)
        #expect(bye.target.description == "sip:p1.example")
        #expect(bye.headers.all("Route") == ["<sip:p2.example;lr>", "<sip:bob@192.0.2.2:5080>"])
        #expect(dialog.nextHop?.host == "p1.example")
    }

    @Test("A 2xx confirms an early dialog with its own route set and target")
    func confirmation() throws {
        let (request, ringing) = try answered(180, routes: ["<sip:early.example;lr>"])
        var dialog = try #require(Dialog(answered: request, by: ringing))
        #expect(dialog.state == .early)
        var (_, success) = try answered(routes: ["<sip:late.example;lr>"])
        success.headers.set("Contact", "<sip:desk@192.0.2.9>")
        dialog.confirm(by: success)
        #expect(dialog.state == .confirmed && dialog.nextHop?.host == "late.example")
        #expect(dialog.makeRequest(.bye).target.description == "sip:desk@192.0.2.9")
    }

    @Test(
        "Requests are taken in the order of their numbers",
        arguments: [
            (SIPMethod.info, 8, Dialog.Reception.inOrder), (.info, 7, .inOrder), (.info, 6, .outOfOrder),
            (.ack, 1, .inOrder), (.bye, 2_147_483_647, .inOrder),
        ] as [(SIPMethod, UInt32, Dialog.Reception)])
    func sequence(method: SIPMethod, number: UInt32, expected: Dialog.Reception) throws {
        var dialog = try #require(Dialog(answering: try invite(), localTag: "me", firstSequence: 1))
        var request = SIPRequest(method: method, target: try #require(RequestTarget("sip:x@y")))
        request.headers.add("CSeq", "\(number) \(method.name)")
        #expect(dialog.receive(request) == expected)
    }

    @Test(
        "Only target refresh requests move the target",
        arguments: [
            (SIPMethod.invite, true), (.update, true), (.notify, true), (.info, false), (.bye, false), (.prack, false),
        ])
    func targetRefresh(method: SIPMethod, moves: Bool) throws {
        var dialog = try #require(Dialog(answering: try invite(), localTag: "me", firstSequence: 1))
        var request = SIPRequest(method: method, target: try #require(RequestTarget("sip:x@y")))
        request.headers.add("CSeq", "8 \(method.name)")
        request.headers.add("Contact", "<sip:new@192.0.2.3>")
        #expect(dialog.receive(request) == .inOrder)
        #expect((dialog.remoteTarget.description == "sip:new@192.0.2.3") == moves)
    }

    @Test("No dialog comes of 100, of a refusal, or of an INVITE without Contact")
    func noDialog() throws {
        for status in [100, 302, 486] {
            let (request, response) = try answered(status)
            #expect(Dialog(answered: request, by: response) == nil)
        }
        var request = try invite()
        request.headers.remove("Contact")
        #expect(Dialog(answering: request, localTag: "me", firstSequence: 1) == nil)
    }

    @Test("A peer without tags has the empty one")
    func untagged() throws {
        let dialog = try #require(Dialog(answering: try invite(fromTag: nil), localTag: "me", firstSequence: 1))
        #expect(dialog.id.remoteTag == "" && dialog.matches(remoteTag: nil) && !dialog.matches(remoteTag: "x"))
        let (request, response) = try answered(tag: nil)
        #expect(Dialog(answered: request, by: response)?.id.remoteTag == "")
    }
}
