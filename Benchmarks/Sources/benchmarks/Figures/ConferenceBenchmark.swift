import TestPhone

/// CPU time of conferences in which everybody speaks.
struct ConferenceBenchmark: Benchmark {
    private static let window = Duration.seconds(8)

    let meaning: Goal
    let bridges: Int
    let parties: Int
    /// Gives the figure out of the share of a core.
    let scale: Double

    /// One conference of 200, in percent of a core for 100 of them.
    static let large = ConferenceBenchmark(meaning: .largeConference, bridges: 1, parties: 200, scale: 100 / 2)
    /// A hundred conferences of 10, in cores.
    static let many = ConferenceBenchmark(meaning: .manyConferences, bridges: 100, parties: 10, scale: 1)

    var meanings: [Goal] { [meaning] }

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            let events = try EventReader(port: server.httpPort)
            defer { events.close() }
            return try await Phones.with(sipPort: server.sipPort, media: .counted) { phones in
                let calls = try await phones.answeredCalls(bridges * parties, to: .held)
                let client = ARIClient(port: server.httpPort)
                try await client.bridge(try await client.channels(calls.count), parties: parties)
                try await Task.sleep(for: .seconds(2))
                let value = try await medianOfThree(meaning.name) { try await share(of: server, calls) * scale }
                return [Figure(meaning: meaning, value: value)]
            }
        }
    }

    /// Gives the share of a core that the server uses.
    private func share(of server: ReleaseServer, _ calls: [PhoneCall]) async throws -> Double {
        let before = try await calls.packets()
        let start = ContinuousClock.now
        let (ns, after) = try await server.usage.cpuNs {
            try await Task.sleep(for: Self.window)
            return try await calls.packets()
        }
        let elapsed = Double((ContinuousClock.now - start) / .nanoseconds(1))
        progress("\(meaning.name): sent \(after.sent - before.sent), came back \(after.received - before.received)")
        let expected = Double(calls.count) * elapsed / 20_000_000
        guard Double(after.received - before.received) > 0.9 * expected else { throw BenchmarkError("packets are missing") }
        return ns / elapsed
    }
}
