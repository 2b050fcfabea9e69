import CallCore
import SIP
import Testing

@testable import SIPServer

@Suite("Small values")
struct ValueTests {
    @Test(
        "Networks contain what they should",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.168.4.0/22", "192.168.7.255", true),
            ("192.168.4.0/22", "192.168.8.0", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("fe80::/10", "febf::1", true),
            ("fe80::/10", "fec0::1", false), ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false), ("10.0.0.0/8", "name", false),
        ])
    func networks(network: String, host: String, isInside: Bool) throws {
        #expect(try #require(SIPNetwork(network)).contains(host) == isInside)
    }

    @Test(
        "What is no network is nil",
        arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8"])
    func badNetworks(text: String) {
        #expect(SIPNetwork(text) == nil)
    }

    @Test(
        "Dial strings name an endpoint, an address, or both",
        arguments: [
            ("6002", "6002", nil, nil), ("alice@6002", "6002", nil, "alice"), ("6002/sip:x@host:5070", "6002", "sip:x@host:5070", nil),
            ("6002/x@host", "6002", "sip:x@host", nil), ("sip:x@[::1]:5080", nil, "sip:x@[::1]:5080", nil),
        ] as [(String, String?, String?, String?)])
    func dialStrings(text: String, endpoint: String?, uri: String?, user: String?) throws {
        let target = try #require(DialTarget(text))
        #expect(target.endpoint == endpoint)
        #expect(target.uri?.description == uri)
        #expect(target.user == user)
    }

    @Test("Malformed dial strings are nil", arguments: ["", "/sip:x@y", "@6002", "6002@", "6002/", "sip:", "6002/sip:a@b@c"])
    func badDialStrings(text: String) {
        #expect(DialTarget(text) == nil)
    }

    @Test(
        "INFO bodies that hold no digit are nil",
        arguments: [
            ("application/dtmf-relay", ""), ("application/dtmf-relay", "Duration=100"), ("application/dtmf-relay", "Signal=x"),
            ("application/dtmf-relay", "Signal=16\r\nDuration=1"), ("application/dtmf-relay", "Signal=999999999999999999999"),
            ("application/dtmf", "12"), ("application/dtmf", ""), ("text/plain", "Signal=1"), ("", "1"),
        ])
    func badInfo(type: String, body: String) {
        #expect(InfoDigits.read(contentType: type, body: Array(body.utf8)) == nil)
    }

    @Test(
        "Durations of INFO digits are bounded",
        arguments: [("0", 1), ("-5", 1), ("999999999", 8_000), ("x", 100), ("99999999999999999999", 100)])
    func infoDurations(text: String, durationMs: Int) {
        let read = InfoDigits.read(contentType: "Application/DTMF-Relay; x=y", body: Array("signal=#\nduration=\(text)".utf8))
        #expect(read?.digit == "#")
        #expect(read?.durationMs == durationMs)
    }

    @Test(
        "Ends of calls have their causes",
        arguments: [
            (SessionEnd(byRemote: true), 0, nil), (SessionEnd(byRemote: true, reasons: [.q850(31)]), 31, nil),
            (SessionEnd(byRemote: true, status: 487), 127, 487), (SessionEnd(byRemote: true, reasons: [.q850(16)], status: 487), 16, 487),
            (SessionEnd(byRemote: false, status: 408), 102, 408),
        ] as [(SessionEnd, Int, Int?)])
    func ends(end: SessionEnd, cause: Int, status: Int?) {
        #expect(end.channelCause.cause.number == cause)
        #expect(end.channelCause.status == status)
    }
}
