import TestPhone

/// What a thousand calls at once and many one after another leave behind in the server once they are over.
struct SoakBenchmark: Benchmark {
    static let name = "soak"
    static let standardCalls = 100_000
    private static let warmUpCalls = 2_000
    private static let heldCalls = 1_000
    /// Long enough for the server to find that it is idle and to give memory back (it looks every 40 s).
    private static let rest = Duration.seconds(90)

    let calls: Int
    let meanings = [Goal.soakMemory, Goal.soakDescriptors]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            try await Phones.with(sipPort: server.sipPort, media: .silent) { phones in
                let load = CallLoad(phones: phones, number: .wait, perSecond: CallBenchmark.callsPerSecond)
                let before = try await used(by: server, after: Self.warmUpCalls, load)
                let held = try await phones.answeredCalls(Self.heldCalls, to: .longWait)
                progress(
                    "with \(held.count) calls up: \(try server.usage.residentKiB()) KiB, \(try server.usage.descriptors()) descriptors")
                try await load.run(calls, CallLoad.answerWaitHangUp)
                for call in held { try await call.hangUp() }
                let after = try await used(by: server, after: Self.warmUpCalls, load)
                return [
                    Figure(meaning: .soakMemory, value: Double(after.residentKiB - before.residentKiB) / 1_024),
                    Figure(meaning: .soakDescriptors, value: Double(after.descriptors - before.descriptors)),
                ]
            }
        }
    }

    private func used(
        by server: ReleaseServer, after calls: Int, _ load: CallLoad
    ) async throws -> (residentKiB: Int, descriptors: Int) {
        try await load.run(calls, CallLoad.answerWaitHangUp)
        try await Task.sleep(for: Self.rest)
        let used = (try server.usage.residentKiB(), try server.usage.descriptors())
        progress("at rest: \(used.0) KiB, \(used.1) descriptors")
        return used
    }
}
