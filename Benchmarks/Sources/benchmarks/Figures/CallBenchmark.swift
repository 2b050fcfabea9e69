import TestPhone

/// CPU time of the server for one call: INVITE with its challenge, 200, ACK, a second later BYE.
struct CallBenchmark: Benchmark {
    static let callsPerSecond = 400
    static let runCalls = 4_000

    let meanings = [Goal.call]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            try await Phones.with(sipPort: server.sipPort, media: .silent) { phones in
                let load = CallLoad(phones: phones, number: .wait, perSecond: Self.callsPerSecond)
                try await load.run(Self.callsPerSecond, CallLoad.answerWaitHangUp)
                let value = try await medianOfThree(Goal.call.name) {
                    let (ns, _) = try await server.usage.cpuNs { try await load.run(Self.runCalls, CallLoad.answerWaitHangUp) }
                    return ns / 1_000_000 / Double(Self.runCalls)
                }
                return [Figure(meaning: .call, value: value)]
            }
        }
    }
}
