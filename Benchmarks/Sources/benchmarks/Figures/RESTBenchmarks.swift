import TestPhone

/// CPU time of the server for one GET of its own description.
struct RESTInfoBenchmark: Benchmark {
    let meanings = [Goal.restInfo]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            [try await restFigure(.restInfo, "/ari/asterisk/info", of: server)]
        }
    }
}

/// CPU time of the server for one list of 100 channels.
struct RESTChannelsBenchmark: Benchmark {
    private static let channels = 100

    let meanings = [Goal.restChannels]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            try await Phones.with(sipPort: server.sipPort, media: .silent) { phones in
                _ = try await phones.answeredCalls(Self.channels, to: .longWait)
                return [try await restFigure(.restChannels, "/ari/channels", of: server)]
            }
        }
    }
}

/// Runs a request for three seconds, three times, after a short while to warm up.
private func restFigure(_ meaning: Goal, _ path: String, of server: ReleaseServer) async throws -> Figure {
    let load = RESTLoad(port: server.httpPort, path: path)
    _ = try await load.run(forMs: 1_000)
    let value = try await medianOfThree(meaning.name) {
        let (ns, count) = try await server.usage.cpuNs { try await load.run(forMs: 3_000) }
        return ns / 1_000 / Double(count)
    }
    return Figure(meaning: meaning, value: value)
}
