import Foundation
import TestPhone

/// How much a client that stops reading its events disturbs the others: their 99th percentile of delay with it and without, and the memory
/// that it costs.
struct SlowReaderBenchmark: Benchmark {
    private static let callsPerSecond = 200
    /// Of each of the rounds with and without, which take turns so that both meet the same machine.
    private static let seconds = 20
    private static let rounds = 3

    let meanings = [Goal.slowReaderDelay, Goal.slowReaderMemory]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            let reader = try DelayReader(port: server.httpPort)
            defer { reader.close() }
            let application = try await StasisApplication(port: server.httpPort)
            let figures = try await Phones.with(sipPort: server.sipPort, media: .silent) { phones in
                let load = CallLoad(phones: phones, number: .stasis, perSecond: Self.callsPerSecond)
                func delay() async throws -> Double {
                    _ = reader.take()
                    try await load.run(Self.callsPerSecond * Self.seconds, CallLoad.beAnsweredAndEnded)
                    let delays = reader.take().sorted()
                    guard delays.count > 100 else { throw BenchmarkError("no events came") }
                    let p99 = delays[delays.count * 99 / 100]
                    progress("\(delays.count) events: half within \(Int(delays[delays.count / 2])) us, 99 % within \(Int(p99)) us")
                    return p99
                }
                var without: [Double] = [], with: [Double] = []
                var growth = 0
                for _ in 0..<Self.rounds {
                    without.append(try await delay())
                    let before = try server.usage.residentKiB()
                    // Opened, and never read.
                    let slow = try WebSocketClient(port: server.httpPort, path: "/ari/events?app=slow&subscribeAll=true")
                    with.append(try await delay())
                    growth = max(growth, try server.usage.residentKiB() - before)
                    withExtendedLifetime(slow) {}
                }
                return [
                    Figure(meaning: .slowReaderDelay, value: with.sorted()[Self.rounds / 2] / without.sorted()[Self.rounds / 2]),
                    Figure(meaning: .slowReaderMemory, value: Double(growth) / 1_024),
                ]
            }
            try await application.close()
            return figures
        }
    }
}
