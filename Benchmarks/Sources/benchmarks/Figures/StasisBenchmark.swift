import TestPhone

/// CPU time of the server for one call into an application that answers it by REST and deletes it.
struct StasisBenchmark: Benchmark {
    let meanings = [Goal.stasisCycle]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            let application = try await StasisApplication(port: server.httpPort)
            let figure = try await Phones.with(sipPort: server.sipPort, media: .silent) { phones in
                try await measure(server, phones, application)
            }
            try await application.close()
            return [figure]
        }
    }

    private func measure(_ server: ReleaseServer, _ phones: Phones, _ application: StasisApplication) async throws -> Figure {
        let load = CallLoad(phones: phones, number: .stasis, perSecond: CallBenchmark.callsPerSecond)
        try await load.run(CallBenchmark.callsPerSecond, CallLoad.beAnsweredAndEnded)
        let value = try await medianOfThree(Goal.stasisCycle.name) {
            let (ns, _) = try await server.usage.cpuNs { try await load.run(CallBenchmark.runCalls, CallLoad.beAnsweredAndEnded) }
            return ns / 1_000_000 / Double(CallBenchmark.runCalls)
        }
        let counts = try await application.counts()
        progress("\(counts.events) events, \(counts.refused) requests refused")
        return Figure(meaning: .stasisCycle, value: value)
    }
}
