import TestPhone

/// What many calls leave behind in the server once they are over.
struct SoakBenchmark: Benchmark {
    static let name = "soak"
    static let standardCalls = 100_000
    private static let warmUpCalls = 2_000
    /// Longer than a SIP transaction over UDP remembers what it was (64*T1, 32 s).
    private static let rest = Duration.seconds(40)

    let calls: Int
    let meanings = [Goal.soakMemory, Goal.soakDescriptors]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            try await Phones.with(sipPort: server.sipPort, media: .silent) { phones in
                let load = CallLoad(phones: phones, number: .wait, perSecond: CallBenchmark.callsPerSecond)
                let before = try await used(by: server, after: Self.warmUpCalls, load)
                let after = try await used(by: server, after: calls, load)
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
        progress("after \(calls) calls: \(used.0) KiB, \(used.1) descriptors")
        return used
    }
}
