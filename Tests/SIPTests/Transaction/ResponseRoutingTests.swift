import Testing

@testable import SIP

@Suite("Response routing")
struct ResponseRoutingTests {
    private func route(_ via: String, transport: SIPTransportKind = .udp) throws -> (via: Via, flow: SIPFlow) {
        let flow = SIPFlow(
            id: 1, transport: transport, localHost: "192.0.2.1", localPort: 5060, remoteHost: "203.0.113.9",
            remotePort: 40_000)
        var request = SIPRequest(method: .options, target: try #require(RequestTarget("sip:192.0.2.1")))
        request.headers.add("Via", via)
        request.headers.add("Via", "SIP/2.0/UDP second.example;branch=z9hG4bK2")
        let result = request.noteSource(flow)
        let noted = try #require(result)
        #expect(request.headers.topVia == noted)
        #expect(request.headers.vias.count == 2 && request.headers.vias.last?.host == "second.example")
        return (noted, flow.returning(to: noted))
    }

    @Test(
        "The top Via tells where a response goes",
        arguments: [
            ("SIP/2.0/UDP 10.0.0.5:5066;branch=z9hG4bK1", "203.0.113.9", 5066),
            ("SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK1", "203.0.113.9", 5060),
            ("SIP/2.0/UDP 10.0.0.5:5066;rport;branch=z9hG4bK1", "203.0.113.9", 40_000),
            ("SIP/2.0/UDP 203.0.113.9:5066;branch=z9hG4bK1", "203.0.113.9", 5066),
            ("SIP/2.0/UDP 10.0.0.5:5066;received=198.51.100.1;branch=z9hG4bK1", "203.0.113.9", 5066),
            ("SIP/2.0/UDP 10.0.0.5:5066;maddr=198.51.100.7;branch=z9hG4bK1", "198.51.100.7", 5066),
            ("SIP/2.0/UDP 10.0.0.5:5066;maddr=239.1.1.1;branch=z9hG4bK1", "203.0.113.9", 5066),
            ("SIP/2.0/UDP 10.0.0.5:5066;maddr=255.255.255.255;branch=z9hG4bK1", "203.0.113.9", 5066),
            ("SIP/2.0/UDP 10.0.0.5:5066;maddr=host.example;branch=z9hG4bK1", "203.0.113.9", 5066),
        ])
    func destinations(via: String, host: String, port: Int) throws {
        let (_, flow) = try route(via)
        #expect(flow.remote.host == host && flow.remote.port == port && flow.id == 1)
    }

    @Test("received and rport are filled in where they belong")
    func filledIn() throws {
        let asked = try route("SIP/2.0/UDP 203.0.113.9:5066;rport;branch=z9hG4bK1").via
        #expect(asked.received == "203.0.113.9" && asked.rport == 40_000)
        let elsewhere = try route("SIP/2.0/UDP 10.0.0.5:5066;branch=z9hG4bK1").via
        #expect(elsewhere.received == "203.0.113.9" && !elsewhere.parameters.has("rport"))
        let honest = try route("SIP/2.0/UDP 203.0.113.9:5066;received=1.2.3.4;branch=z9hG4bK1").via
        #expect(honest.received == nil)
    }

    @Test("A connection answers on itself", arguments: [SIPTransportKind.tcp, .tls, .ws, .wss])
    func connections(transport: SIPTransportKind) throws {
        let (_, flow) = try route("SIP/2.0/TCP 10.0.0.5:5066;branch=z9hG4bK1", transport: transport)
        #expect(flow.remote.port == 40_000 && flow.remote.host == "203.0.113.9")
    }

    @Test(
        "The next hop is the first Route, else the Request-URI",
        arguments: [
            ("sip:bob@example.com", nil, "sip:example.com"),
            ("sip:bob@192.0.2.5:5080;transport=TCP", nil, "sip:192.0.2.5:5080;transport=tcp"),
            ("sips:bob@[2001:db8::1]", nil, "sips:[2001:db8::1]"),
            ("sip:bob@example.com;maddr=192.0.2.77", nil, "sip:192.0.2.77"),
            ("tel:+15551234", "<sip:proxy.example;lr>", "sip:proxy.example"),
            ("tel:+15551234", nil, nil),
        ] as [(String, String?, String?)])
    func nextHop(target: String, route: String?, hop: String?) throws {
        var request = SIPRequest(method: .options, target: try #require(RequestTarget(target)))
        if let route { request.headers.add("Route", route) }
        #expect(NextHop(of: request)?.description == hop)
    }
}
