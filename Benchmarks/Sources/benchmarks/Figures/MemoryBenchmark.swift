import TestPhone

/// Memory of the server for one answered call in which nothing happens.
struct MemoryBenchmark: Benchmark {
    private static let calls = 500

    let meanings = [Goal.channelMemory]

    func measure(with installation: Installation) async throws -> [Figure] {
        // Each run has a fresh server: memory that was used once would not grow again.
        let value = try await medianOfThree(Goal.channelMemory.name) {
            try await ReleaseServer.with(installation) { server in
                try await Phones.with(sipPort: server.sipPort, media: .silent) { try await growthKiB(server, $0) }
            }
        }
        return [Figure(meaning: .channelMemory, value: value)]
    }

    private func growthKiB(_ server: ReleaseServer, _ phones: Phones) async throws -> Double {
        // The first call makes what is made once.
        for call in try await phones.answeredCalls(1, to: .longWait) { try await call.hangUp() }
        try await Task.sleep(for: .seconds(1))
        let before = try server.usage.residentKiB()
        _ = try await phones.answeredCalls(Self.calls, to: .longWait)
        try await Task.sleep(for: .seconds(2))
        return Double(try server.usage.residentKiB() - before) / Double(Self.calls)
    }
}
