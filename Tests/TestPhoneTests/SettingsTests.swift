import TestPhone
import Testing

@Suite("Settings of a phone")
struct SettingsTests {
    @Test(
        "A server is a host with or without a port",
        arguments: [
            ("127.0.0.1:5070", "127.0.0.1", 5_070), ("pbx.example", "pbx.example", 5_060), ("[::1]:5062", "::1", 5_062),
            ("[::1]", "::1", 5_060),
            ("::1", "::1", 5_060),
        ])
    func server(text: String, host: String, port: Int) {
        #expect(PhoneSettings.Server(text) == PhoneSettings.Server(host: host, port: port))
    }

    @Test("What is no server is refused", arguments: ["", ":5060", "host:", "host:0", "host:65536", "host:x", "a b"])
    func noServer(text: String) {
        #expect(PhoneSettings.Server(text) == nil)
    }

    @Test("Without a server a number cannot be called, and a phone cannot register")
    func needsServer() async throws {
        let phone = try await TestPhone.start(PhoneSettings(user: "alice"))
        await #expect(throws: PhoneError.self) { try await phone.call("1000") }
        await #expect(throws: PhoneError.self) { try await phone.call("sip:") }
        await #expect(throws: PhoneError.self) { try await phone.register() }
        try await phone.close()
        await #expect(throws: (any Error).self) { try await phone.call("sip:bob@127.0.0.1:9") }
    }

    @Test("A port that is taken is told so")
    func takenPort() async throws {
        let first = try await TestPhone.start(PhoneSettings(user: "alice"))
        var settings = PhoneSettings(user: "bob")
        settings.localPort = Int(try await first.uri.split(separator: ":").last ?? "") ?? 0
        await #expect(throws: PhoneError.self) { _ = try await TestPhone.start(settings) }
        try await first.close()
    }
}
