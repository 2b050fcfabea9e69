import CallCore
import Foundation
import SIP
import Testing

import enum ARIModel.EndpointState

@testable import SIPServer

@Suite("Registrations", .serialized)
struct RegistrationTests {
    struct Way: CustomTestStringConvertible {
        let kind: RawSocket.Kind
        let host: String

        var testDescription: String { "\(kind) \(host)" }
    }

    static let ways = [
        Way(kind: .udp, host: "127.0.0.1"), Way(kind: .tcp, host: "127.0.0.1"), Way(kind: .udp, host: "::1"), Way(kind: .tcp, host: "::1"),
    ]

    @Test("A phone registers after a challenge and leaves again", arguments: ways)
    func registers(way: Way) async throws {
        try await withRig { rig in
            let phone = try RawPhone(way.kind, host: way.host, serverPort: try await rig.port(way.kind, host: way.host))
            let response = try phone.register(expires: 300)
            #expect(response.status == 200)
            #expect(response["contact"]?.hasSuffix(";expires=300") == true)
            #expect(response.toTag != nil)
            #expect(response["server"] == "Arioso/test")
            let shown = phone.contact.dropFirst().dropLast()
            let isOnline = await rig.events.count(
                "ContactStatusChange", containing: "\"uri\":\"\(shown)\",\"contact_status\":\"NonQualified\"")
            #expect(isOnline == 1)
            #expect(await rig.core.endpoints["PJSIP", "6001"]?.reachability == .online)
            #expect(try phone.register(expires: 0).status == 200)
            #expect(await rig.events.count("ContactStatusChange", containing: "Removed") == 1)
            #expect(await rig.core.endpoints["PJSIP", "6001"]?.reachability == .offline)
        }
    }

    @Test("An unknown user, a wrong password and an account without one are answered alike")
    func hidesUsers() async throws {
        var settings = testSettings()
        settings.endpoints.append(SIPEndpointSettings(name: "6009", secret: ""))
        try await withRig(settings) { rig in
            let port = try await rig.port(.udp)
            var answers: [[String]] = []
            for (user, secret) in [("6001", "wrong"), ("nobody", "wrong"), ("6009", "")] {
                let phone = try RawPhone(user: user, secret: secret, serverPort: port)
                let response = try phone.register()
                #expect(response.status == 401)
                answers.append(Self.shape(response))
            }
            #expect(Set(answers).count == 1)
            #expect(await rig.events.all.isEmpty)
            #expect(await rig.server.load.serverTransactions == 0)
        }
    }

    /// A response without what differs from request to request.
    private static func shape(_ response: RawMessage) -> [String] {
        [response.startLine]
            + response.headers.map { header in
                switch header.name {
                case "www-authenticate": header.value.replacing(/nonce="[0-9a-f]*"/, with: "nonce")
                case "server", "content-length": header.value
                default: header.name
                }
            }
    }

    @Test("An account can register nobody but itself")
    func registersItselfOnly() async throws {
        try await withRig { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let target = "sip:\(phone.domain)"
            let headers = ["Contact: \(phone.contact)"]
            try phone.send(phone.request("REGISTER", target, to: "<sip:6002@\(phone.domain)>", callID: "a", cseq: 1, headers: headers))
            let challenge = try phone.waitFinal("REGISTER")
            let credentials = try phone.authorization(challenge, "REGISTER", target)
            try phone.send(
                phone.request(
                    "REGISTER", target, to: "<sip:6002@\(phone.domain)>", callID: "a", cseq: 2, headers: headers + [credentials]))
            #expect(try phone.waitFinal("REGISTER").status == 403)
            #expect(await rig.core.endpoints["PJSIP", "6002"]?.reachability == .offline)
        }
    }

    @Test("The contact limit is kept: the oldest makes room or the newest is refused", arguments: [true, false])
    func limitsContacts(removesExisting: Bool) async throws {
        let settings = testSettings { endpoint in
            endpoint.maxContacts = 2
            endpoint.removeExisting = removesExisting
        }
        try await withRig(settings) { rig in
            let port = try await rig.port(.udp)
            let phones = try (0..<3).map { _ in try RawPhone(serverPort: port) }
            let statuses = try phones.map { try $0.register().status }
            #expect(statuses == [200, 200, removesExisting ? 200 : 403])
            #expect(await rig.events.count("ContactStatusChange", containing: "Removed") == (removesExisting ? 1 : 0))
        }
    }

    @Test("A registration over TCP ends with its connection")
    func endsWithConnection() async throws {
        try await withRig { rig in
            let phone = try RawPhone(.tcp, serverPort: try await rig.port(.tcp))
            #expect(try phone.register().status == 200)
            phone.socket.close()
            #expect(try await eventually { rig.core.endpoints["PJSIP", "6001"]?.reachability == .offline })
        }
    }

    @Test("OPTIONS finds out whether a device answers, and how long it takes")
    func qualifies() async throws {
        let settings = testSettings { endpoint in
            endpoint.qualifyMs = 150
            endpoint.qualifyTimeoutMs = 150
        }
        try await withRig(settings) { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            #expect(try phone.register().status == 200)
            let question = try phone.waitRequest("OPTIONS")
            #expect(question.target == phone.contact.dropFirst().dropLast())
            try phone.send(phone.response("200 OK", to: question, tag: "q"))
            #expect(try await eventually { rig.events.count("ContactStatusChange", containing: "\"contact_status\":\"Reachable\"") == 1 })
            #expect(
                await rig.events.all.contains { $0.text.contains("\"Reachable\"") && $0.text.contains(/"roundtrip_usec":"[1-9][0-9]*"/) })
            // The next questions stay without an answer.
            #expect(try await eventually { rig.events.count("ContactStatusChange", containing: "Unreachable") == 1 })
            #expect(await rig.core.endpoints["PJSIP", "6001"]?.reachability == .offline)
            #expect(try phone.register(expires: 0).status == 200)
            #expect(await rig.events.count("ContactStatusChange", containing: "Removed") == 1)
        }
    }

    @Test("An endpoint that is gone from the settings loses its registrations, the others keep theirs and their calls")
    func appliesSettings() async throws {
        try await withRig { rig in
            let port = try await rig.port(.udp)
            let first = try RawPhone(serverPort: port)
            let second = try RawPhone(user: "6002", secret: "secret6002", serverPort: port)
            #expect(try first.register().status == 200)
            #expect(try second.register().status == 200)
            let call = try second.invite("answer")
            try call.connect()
            var settings = testSettings()
            settings.endpoints.removeFirst()
            settings.listeners.append(SIPListenerAddress(.udp, host: "127.0.0.2", port: 0))
            settings.userAgent = "Arioso/next"
            try await rig.server.apply(settings)
            #expect(await rig.core.endpoints["PJSIP", "6001"] == nil)
            #expect(await rig.core.endpoints["PJSIP", "6002"]?.reachability == .online)
            #expect(await rig.events.count("ContactStatusChange", containing: "Removed") == 1)
            #expect(await rig.server.addresses.contains { $0.host == "127.0.0.2" && $0.port != 0 })
            #expect(try await rig.port(.udp) == port)
            #expect(try first.register().status == 401)
            #expect(await rig.channels.count == 1)
            #expect(try call.exchange("BYE").status == 200)
        }
    }
}
