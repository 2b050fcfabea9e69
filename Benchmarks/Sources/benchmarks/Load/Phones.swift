import NIOPosix
import TestPhone

/// A few phones of one account, on all threads of the load generator, which share its calls.
struct Phones: Sendable {
    private static let count = 4

    private let phones: [TestPhone]

    /// Runs `work` with phones that call a server on 127.0.0.1.
    static func with<T>(sipPort: Int, media: PhoneSettings.Media, _ work: (Phones) async throws -> T) async throws -> T {
        var settings = PhoneSettings(
            user: ReleaseServer.phone, password: ReleaseServer.password, server: .init(host: "127.0.0.1", port: sipPort))
        settings.media = media
        var phones: [TestPhone] = []
        for _ in 0..<count { phones.append(try await TestPhone.start(settings)) }
        let result: Result<T, any Error>
        do {
            result = .success(try await work(Phones(phones: phones)))
        } catch {
            result = .failure(error)
        }
        for phone in phones { try await phone.close() }
        return try result.get()
    }

    /// Calls with the phone whose turn it is.
    func call(_ number: ReleaseServer.Number, turn: Int) async throws -> PhoneCall {
        try await phones[turn % phones.count].call(number.rawValue)
    }

    /// Makes so many calls, and gives them once all are answered.
    func answeredCalls(_ count: Int, to number: ReleaseServer.Number, perSecond: Int = 100) async throws -> [PhoneCall] {
        try await withThrowingTaskGroup(of: PhoneCall.self) { group in
            let pace = Pace(perSecond: perSecond)
            for turn in 0..<count {
                try await pace.wait(for: turn)
                group.addTask {
                    let call = try await call(number, turn: turn)
                    try await call.answered(withinMs: 10_000)
                    return call
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Packets of audio that all phones together have sent and received.
    func packets() async throws -> (sent: Int, received: Int) {
        var sum = (sent: 0, received: 0)
        for phone in phones {
            let media = try await phone.counters.media
            sum.sent += media.packetsSent
            sum.received += media.packetsReceived
        }
        return sum
    }
}
