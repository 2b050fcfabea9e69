import NIOCore
import Synchronization
import TestPhone
import Testing

@Suite("A phone registers")
struct RegistrationTests {
    private func settings(_ server: any Channel) throws -> PhoneSettings {
        let port = try #require(server.localAddress?.port)
        return PhoneSettings(user: "201", password: "secret", server: PhoneSettings.Server(host: "127.0.0.1", port: port))
    }

    @Test("It answers the challenge, and knows how long the registration lasts")
    func accepted() async throws {
        let server = try await FakeRegistrar(user: "201", accepts: true).open()
        var settings = try settings(server)
        let granted = Granted()
        settings.observer = { event in
            if case .registered(let seconds) = event { granted.seconds.withLock { $0 = seconds } }
        }
        let phone = try await TestPhone.start(settings)
        try await phone.register()
        #expect(granted.seconds.withLock { $0 } == 60)
        try await phone.unregister()
        try await phone.close()
        try await server.close()
    }

    @Test("A second challenge means that the password is wrong, and is told so")
    func refused() async throws {
        let server = try await FakeRegistrar(user: "201", accepts: false).open()
        let phone = try await TestPhone.start(settings(server))
        do {
            try await phone.register()
            Issue.record("the registration was refused")
        } catch PhoneError.registrationRefused(let user, let status, _) {
            #expect(user == "201")
            #expect(status == 401)
        }
        try await phone.close()
        try await server.close()
    }
}

/// What a registration was granted.
private final class Granted: Sendable {
    let seconds = Mutex(0)
}
