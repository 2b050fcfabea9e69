import CallCore
import SIP
import Testing

@testable import SIPServer

@Suite("Transfers by phones", .serialized)
struct TransferTests {
    @Test(
        "A REFER that makes no sense is refused; one to nowhere is accepted and told to have failed",
        arguments: [
            ("", 400), ("Refer-To: nonsense", 400), ("Refer-To: <sip:127.0.0.1>", 400),
            ("Refer-To: <sip:1@h?Replaces=none%3Bto-tag%3Da%3Bfrom-tag%3Db>", 481), ("Refer-To: <sip:nobody@127.0.0.1>", 202),
        ])
    func refer(header: String, status: Int) async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer")
            #expect(try call.connect().status == 200)
            try call.send("REFER", headers: header.isEmpty ? [] : [header])
            #expect(try phone.waitFinal("REFER").status == status)
            guard status == 202 else { return }
            for (frag, state) in [("SIP/2.0 100 Trying", "active"), ("SIP/2.0 404 Not Found", "terminated")] {
                let notify = try phone.waitRequest("NOTIFY")
                try phone.send(phone.response("200 OK", to: notify))
                #expect(notify["event"] == "refer" && notify["content-type"]?.hasPrefix("message/sipfrag") == true)
                #expect(notify.body.hasPrefix(frag) && notify["subscription-state"]?.hasPrefix(state) == true)
            }
        }
    }
}
