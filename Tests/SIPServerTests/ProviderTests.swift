import CallCore
import Dialplan
import Foundation
import SIP
import Testing

import enum ARIModel.ChannelState
import enum ARIModel.EndpointState

@testable import SIPServer

/// Two servers: the far one is the provider of the near one.
@Suite("Providers", .serialized)
struct ProviderTests {
    private static let farHost = "127.0.0.2"

    /// The provider: an account of its own for our server.
    private static var farSettings: SIPSettings {
        var settings = testSettings()
        settings.listeners = [SIPListenerAddress(.udp, host: farHost, port: 0), SIPListenerAddress(.tcp, host: farHost, port: 0)]
        settings.endpoints = [
            SIPEndpointSettings(name: "account", secret: "line secret", context: "phones", qualifyMs: 0)
        ]
        return settings
    }

    private static func line(
        _ transport: SIPTransportKind = .udp, _ registration: SIPProviderSettings.Registration = .outbound(expiresSeconds: 120), port: Int,
        _ change: (inout SIPProviderSettings) -> Void = { _ in }
    ) -> SIPEndpointSettings {
        var provider = SIPProviderSettings(
            registration: registration, host: farHost, port: port, transport: transport, user: "account", secret: "line secret")
        change(&provider)
        return SIPEndpointSettings(name: "line", secret: "", context: "incoming", qualifyMs: 0, provider: provider)
    }

    private static func settings(_ lines: SIPEndpointSettings...) -> SIPSettings {
        var settings = testSettings()
        settings.endpoints += lines
        return settings
    }

    private static func port(_ rig: Rig, _ transport: SIPTransportKind = .udp) async throws -> Int {
        try #require(await rig.server.addresses.first { $0.transport == transport }).port
    }

    /// Runs a test with both servers once the line is registered.
    private func withLine(
        _ transport: SIPTransportKind = .udp, change: (inout SIPProviderSettings) -> Void = { _ in },
        _ body: (_ near: Rig, _ far: Rig) async throws -> Void
    ) async throws {
        try await withRig(Self.farSettings) { far in
            let line = Self.line(transport, port: try await Self.port(far, transport), change)
            try await withRig(Self.settings(line)) { near in
                try await soon { near.server.providerStates.first?.registration == .registered(seconds: 120) }
                try await body(near, far)
            }
        }
    }

    private func soon(_ condition: @CallActor () throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let isMet = try await eventually(condition)
        #expect(isMet, sourceLocation: sourceLocation)
    }

    @Test("A line registers over UDP and TCP, and takes itself off when the server stops", arguments: [SIPTransportKind.udp, .tcp])
    func registers(transport: SIPTransportKind) async throws {
        try await withLine(transport) { near, far in
            #expect(await near.core.endpoints["PJSIP", "line"]?.reachability == .online)
            #expect(await far.core.endpoints["PJSIP", "account"]?.reachability == .online)
            await near.stop()
            try await soon { far.core.endpoints["PJSIP", "account"]?.reachability == .offline }
        }
    }

    @Test("A line that is removed takes itself off, one that changes stays registered")
    func followsSettings() async throws {
        try await withLine { near, far in
            var changed = await near.server.settings
            let last = changed.endpoints.count - 1
            changed.endpoints[last].provider?.maxCalls = 3
            try await near.server.apply(changed)
            try await soon { near.server.providerStates.first?.registration == .registered(seconds: 120) }
            #expect(await far.core.endpoints["PJSIP", "account"]?.reachability == .online)
            changed.endpoints.removeLast()
            try await near.server.apply(changed)
            try await soon { far.core.endpoints["PJSIP", "account"]?.reachability == .offline }
            #expect(await near.server.providerStates.isEmpty)
        }
    }

    @Test("A wrong password is told as a refusal, an absent provider as a failure")
    func tellsWhy() async throws {
        try await withRig(Self.farSettings) { far in
            let line = Self.line(port: try await Self.port(far)) { $0.secret = "wrong" }
            try await withRig(Self.settings(line)) { near in
                try await soon { near.server.providerStates.first?.registration == .refused("401 Unauthorized") }
            }
        }
        try await withRig(Self.settings(Self.line(.tcp, port: 9))) { near in
            try await soon {
                if case .failed? = near.server.providerStates.first?.registration { true } else { false }
            }
        }
    }

    @Test("A call goes out with the account's name and its credentials")
    func callsOut() async throws {
        try await withLine { near, far in
            try await near.originate("PJSIP/answer@line")
            try await soon { near.channels.first?.state == .up }
            let there = try await far.facts()
            #expect(there.extension == "answer")
            #expect(there.from?.contains("sip:account@127.0.0.2") == true)
            try await near.onFirstChannel { $0.requestHangup(cause: .normalClearing) }
            try await soon { near.channels.isEmpty && far.channels.isEmpty }
        }
    }

    @Test("A call comes in without credentials, for the number in To when the Request-URI has only the account's name")
    func callsIn() async throws {
        try await withLine { near, far in
            try await far.originate("PJSIP/account")
            try await soon { near.channels.count == 1 }
            let here = try await near.facts()
            #expect(here.context == "incoming")
            #expect(here.extension == "account")
            #expect(here.name.hasPrefix("PJSIP/line-"))
        }
    }

    @Test("Whoever calls from another address has to log in")
    func challengesStrangers() async throws {
        try await withLine { near, _ in
            let stranger = try RawPhone(user: "line", secret: "", serverPort: try await near.port(.udp))
            let call = RawCall(phone: stranger, target: "sip:answer@\(stranger.domain)")
            try call.send("INVITE", headers: ["Contact: \(stranger.contact)", "Content-Type: application/sdp"], body: stranger.sdp())
            #expect(try stranger.waitFinal("INVITE").status == 401)
        }
    }

    @Test("Of several accounts with one provider the one that is called is found by its name")
    func tellsAccountsApart() async throws {
        let lines = ["first", "second"].map { name in
            var line = Self.line(.udp, .none, port: 5_060) { $0.user = "\(name)-user" }
            line.name = name
            return line
        }
        try await withRig(Self.settings(lines[0], lines[1])) { near in
            for (target, to, expected) in [
                ("second-user", "x", "second"), ("first-user", "second-user", "first"), ("4930", "second-user", "second"),
                ("4930", "x", "first"),
            ] {
                var request = SIPRequest(method: .invite, target: .sip(SIPURI(user: target, host: "near")))
                request.headers.to = NameAddr(uri: SIPURI(user: to, host: "near"))
                let found = await near.server.technology.providers.provider(of: request, from: Self.farHost)
                #expect(await found?.name == expected)
            }
        }
    }

    @Test("A provider that doesn't answer OPTIONS is not called")
    func givesUpUnreachable() async throws {
        var line = Self.line(.udp, .none, port: 9)
        (line.qualifyMs, line.qualifyTimeoutMs) = (200, 50)
        try await withRig(Self.settings(line)) { near in
            try await soon { near.server.providerStates.first?.reachability == .unreachable }
            await #expect(throws: DialRefusal.notRegistered("answer@line")) { try await near.originate("PJSIP/answer@line") }
        }
    }

    @Test("No more calls than the line may have")
    func limitsCalls() async throws {
        try await withLine(change: { $0.maxCalls = 1 }) { near, _ in
            try await near.originate("PJSIP/answer@line")
            await #expect(throws: DialRefusal.channelLimit) { try await near.originate("PJSIP/answer@line") }
        }
    }

    struct Identity: CustomTestStringConvertible {
        let provider: SIPProviderSettings
        let caller: PartyID
        let from: String
        let asserted: String?
        var testDescription: String { from }
    }

    static let identities: [Identity] = {
        let plain = SIPProviderSettings(registration: .none, host: "p.example")
        var account = plain
        account.user = "acc"
        var asserting = account
        (asserting.assertsIdentity, asserting.fromDomain) = (true, "d.example")
        var fixed = plain
        fixed.callerID = PartyID(name: "Firm", number: "100")
        let ann = PartyID(name: "Ann", number: "201")
        return [
            Identity(provider: plain, caller: ann, from: "\"Ann\" <sip:201@p.example>", asserted: nil),
            Identity(provider: account, caller: ann, from: "\"Ann\" <sip:acc@p.example>", asserted: nil),
            Identity(provider: asserting, caller: ann, from: "\"Ann\" <sip:acc@d.example>", asserted: "\"Ann\" <sip:201@d.example>"),
            Identity(provider: fixed, caller: ann, from: "\"Firm\" <sip:100@p.example>", asserted: nil),
            Identity(
                provider: asserting, caller: PartyID(name: "Ann", number: "201", presentation: .prohibitedNotScreened),
                from: "\"Anonymous\" <sip:anonymous@anonymous.invalid>", asserted: "\"Ann\" <sip:201@d.example>"),
        ]
    }()

    @Test("Who a call says to come from", arguments: identities)
    func namesCaller(identity: Identity) {
        let made = identity.provider.identity(of: identity.caller)
        #expect(made.from.description == identity.from)
        #expect(made.headers.first { $0.name == "P-Asserted-Identity" }?.value == identity.asserted)
    }

    @Test("The number that a call is for")
    func findsNumber() {
        var provider = SIPProviderSettings(registration: .none, host: "p.example")
        provider.user = "acc"
        func number(_ target: String?, _ to: String?) -> String? {
            var request = SIPRequest(method: .invite, target: .sip(SIPURI(user: target, host: "near")))
            request.headers.to = NameAddr(uri: SIPURI(user: to, host: "near"))
            return provider.dialled(in: request)
        }
        #expect(number("4930", "acc") == "4930")
        #expect(number("acc", "4930") == "4930")
        #expect(number(nil, "4930") == "4930")
        #expect(number("acc", nil) == "acc")
        #expect(number(nil, nil) == nil)
    }
}

extension Rig {
    /// What is known of the oldest channel.
    fileprivate func facts() throws -> (name: String, context: String, extension: String, from: String?) {
        let channel = try #require(channels.first)
        return (channel.name, channel.location.context, channel.location.extension, channel.leg?.property("from", arguments: []))
    }
}
