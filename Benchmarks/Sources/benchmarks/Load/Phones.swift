import NIOPosix
import TestPhone

/// A phone for each account, on all threads of the load generator; they share its calls evenly.
struct Phones: Sendable {
    private let phones: [TestPhone]

    /// Runs `work` with phones that call a server on 127.0.0.1.
    ///
    /// - Parameter change: what is special about each of them, by its place.
    static func with<T>(
        sipPort: Int, media: PhoneSettings.Media, change: (Int, inout PhoneSettings) -> Void = { _, _ in },
        _ work: (Phones) async throws -> T
    ) async throws -> T {
        var phones: [TestPhone] = []
        for (place, user) in ReleaseServer.phones.enumerated() {
            var settings = PhoneSettings(user: user, password: ReleaseServer.password, server: .init(host: "127.0.0.1", port: sipPort))
            settings.media = media
            change(place, &settings)
            phones.append(try await TestPhone.start(settings))
        }
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
}

extension [PhoneCall] {
    /// Packets of audio that all calls together have sent and received until now.
    func packets() async throws -> (sent: Int, received: Int) {
        var sum = (sent: 0, received: 0)
        for call in self {
            let media = try await call.counters
            sum.sent += media.packetsSent
            sum.received += media.packetsReceived
        }
        return sum
    }
}
