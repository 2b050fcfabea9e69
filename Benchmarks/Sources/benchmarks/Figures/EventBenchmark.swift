import Foundation

/// Events that go to one application, for each core that the server uses.
struct EventBenchmark: Benchmark {
    private static let window = Duration.seconds(5)

    let meanings = [Goal.events]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            let events = try EventReader(port: server.httpPort, query: "&subscribeAll=true")
            defer { events.close() }
            // A dialplan that goes round setting variables: each step is told in two events.
            try await ARIClient(port: server.httpPort).ask(
                "POST", "/channels",
                [
                    "endpoint": "Local/\(ReleaseServer.Number.round.rawValue)@internal", "context": "internal",
                    "extension": ReleaseServer.Number.longWait.rawValue, "priority": "1",
                ])
            try await Task.sleep(for: .seconds(1))
            let value = try await medianOfThree(Goal.events.name) {
                let before = events.events
                let (ns, _) = try await server.usage.cpuNs { try await Task.sleep(for: Self.window) }
                let count = events.events - before
                progress("\(Goal.events.name): \(count) events in \(ns / 1e9) s of CPU time")
                guard count > 0 else { throw BenchmarkError("no events came") }
                return Double(count) / (ns / 1e9)
            }
            return [Figure(meaning: .events, value: value)]
        }
    }
}
