import Foundation
import TestPhone

/// Samples that are missing in recordings of many calls at once.
struct RecordingBenchmark: Benchmark {
    private static let calls = 500
    private static let seconds = 10

    let meanings = [Goal.lostSamples]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            let events = try EventReader(port: server.httpPort)
            defer { events.close() }
            return try await Phones.with(sipPort: server.sipPort, media: .counted) { phones in
                _ = try await phones.answeredCalls(Self.calls, to: .held)
                let client = ARIClient(port: server.httpPort)
                let channels = try await client.channels(Self.calls)
                try await Task.sleep(for: .seconds(1))
                for (index, channel) in channels.enumerated() {
                    try await client.ask("POST", "/channels/\(channel)/record", ["name": "r\(index)", "format": "wav"])
                }
                let (ns, _) = try await server.usage.cpuNs { try await Task.sleep(for: .seconds(Self.seconds)) }
                progress("\(Goal.lostSamples.name): \(ns / Double(Self.seconds) / 1e7) % of a core")
                for index in channels.indices { try await client.ask("POST", "/recordings/live/r\(index)/stop") }
                try await Task.sleep(for: .seconds(2))
                let lost = try channels.indices.reduce(0) { try $0 + lostSamples(server.recordings.appending(path: "r\($1).wav")) }
                return [Figure(meaning: .lostSamples, value: Double(lost))]
            }
        }
    }

    /// Counts what is silent in a recording of a tone that never is, and what is missing at its end.
    private func lostSamples(_ file: URL) throws -> Int {
        let bytes = try Data(contentsOf: file)
        guard bytes.count > 44 else { throw BenchmarkError("\(file.lastPathComponent) is empty") }
        let samples = bytes.dropFirst(44).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
        var lost = max(0, Self.seconds * 8_000 - samples.count)
        var silent = 0
        // The tone of 1000 Hz has two zeros in eight samples.
        for sample in samples.drop(while: { abs(Int($0)) < 100 }) {
            silent = abs(Int(sample)) < 100 ? silent + 1 : 0
            if silent == 8 { lost += 8 } else if silent > 8 { lost += 1 }
        }
        return lost
    }
}
