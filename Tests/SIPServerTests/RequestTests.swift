import Foundation
import Testing

@testable import SIPServer

@Suite("Requests outside calls", .serialized)
struct RequestTests {
    struct Case: CustomTestStringConvertible {
        let method: String
        var target = "sip:127.0.0.1"
        var to = "<sip:127.0.0.1>"
        var headers: [String] = []
        let status: Int
        /// A header that the answer must have.
        var tells: String?

        var testDescription: String { "\(method) \(target) \(headers) → \(status)" }
    }

    static let cases = [
        Case(method: "OPTIONS", status: 200, tells: "allow"),
        Case(method: "OPTIONS", headers: ["Max-Forwards: 0"], status: 200, tells: "accept"),
        Case(method: "INVITE", headers: ["Contact: <sip:a@b>"], status: 401, tells: "www-authenticate"),
        Case(method: "REGISTER", status: 401, tells: "www-authenticate"),
        Case(method: "BYE", status: 481), Case(method: "INFO", status: 481), Case(method: "UPDATE", status: 481),
        Case(method: "PRACK", status: 481),
        Case(method: "OPTIONS", to: "<sip:127.0.0.1>;tag=gone", status: 481),
        Case(method: "CANCEL", status: 481),
        Case(method: "SUBSCRIBE", headers: ["Event: presence"], status: 489),
        Case(method: "NOTIFY", headers: ["Event: presence"], status: 489),
        Case(method: "REFER", headers: ["Refer-To: <sip:a@b>"], status: 405, tells: "allow"),
        Case(method: "MESSAGE", headers: ["Content-Type: text/html"], status: 415, tells: "accept"),
        Case(method: "MESSAGE", status: 401, tells: "www-authenticate"),
        Case(method: "PUBLISH", status: 405, tells: "allow"),
        Case(method: "FOO", status: 501, tells: "allow"),
        Case(method: "OPTIONS", target: "tel:+123", status: 416),
        Case(method: "OPTIONS", headers: ["Require: foo, timer, bar"], status: 420, tells: "unsupported"),
        Case(method: "INVITE", headers: ["Contact: <sip:a@b>", "Content-Type: text/plain"], status: 415, tells: "accept"),
        Case(method: "INVITE", headers: ["Contact: <sip:a@b>", "Accept: text/plain"], status: 406),
    ]

    @Test("Each gets its answer and nothing is kept", arguments: cases)
    func answers(test: Case) async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let zero = test.headers.contains("Max-Forwards: 0")
            let body = test.headers.contains { $0.hasPrefix("Content-Type") } ? "x" : ""
            var text = phone.request(
                test.method, test.target, to: test.to, callID: "r\(RawPhone.token())", cseq: 1,
                headers: test.headers.filter { !$0.hasPrefix("Max-Forwards") }, body: body)
            if zero { text = text.replacingOccurrences(of: "Max-Forwards: 70", with: "Max-Forwards: 0") }
            try phone.send(text)
            let response = try phone.waitFinal(test.method)
            #expect(response.status == test.status)
            if let header = test.tells { #expect(response[header] != nil, "\(response)") }
            #expect(response.toTag != nil)
            // The transaction of a CANCEL ends by itself.
            #expect(await rig.server.load.serverTransactions == (test.method == "CANCEL" ? 1 : 0))
        }
    }

    @Test("A call with no hops left is 483")
    func hops() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let text = phone.request(
                "INVITE", "sip:1@127.0.0.1", to: "<sip:1@127.0.0.1>", callID: "h", cseq: 1, headers: ["Contact: <sip:a@b>"])
            try phone.send(text.replacingOccurrences(of: "Max-Forwards: 70", with: "Max-Forwards: 0"))
            #expect(try phone.waitFinal("INVITE").status == 483)
        }
    }

    @Test("Broken requests are refused, broken ACKs are not", arguments: [("OPTIONS", 400), ("ACK", nil)])
    func broken(method: String, status: Int?) async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let text = phone.request(method, "sip:127.0.0.1", to: "<sip:127.0.0.1>", callID: "b", cseq: 1)
            try phone.send(text.replacingOccurrences(of: "CSeq: 1 \(method)", with: "CSeq: x"))
            #expect(phone.socket.receive(withinMs: status == nil ? 200 : 3_000)?.status == status)
        }
    }

    @Test("No more than the limit of refusals is sent in a second")
    func limitsRefusals() async throws {
        var settings = testSettings()
        settings.limits.refusalsPerSecond = 3
        try await withRig(settings) { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            for number in 0..<40 {
                let text = phone.request("OPTIONS", "sip:127.0.0.1", to: "<sip:127.0.0.1>", callID: "b\(number)", cseq: 1)
                try phone.send(text.replacingOccurrences(of: "CSeq: 1 OPTIONS", with: "CSeq: x"))
            }
            var answered = 0
            while phone.socket.receive(withinMs: 200) != nil { answered += 1 }
            // The forty may fall into two seconds.
            #expect(answered == 3 || answered == 6)
        }
    }
}
