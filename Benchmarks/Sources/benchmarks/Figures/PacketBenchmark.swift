import Foundation
import TestPhone

/// CPU time for one packet of audio that is received and sent again: of the server's Echo, and of a plain C relay beside it.
struct PacketBenchmark: Benchmark {
    static let calls = 300
    private static let window = Duration.seconds(8)

    let meanings = [Goal.echoPacket, Goal.relayPacket]

    func measure(with installation: Installation) async throws -> [Figure] {
        let echo = try await ReleaseServer.with(installation) { server in
            try await figure(.echoPacket, sipPort: server.sipPort, usage: server.usage)
        }
        return [echo, try await relay(installation)]
    }

    private func relay(_ installation: Installation) async throws -> Figure {
        let relay = try ChildProcess(installation.relay, ["\(Self.calls)"])
        defer { relay.stop() }
        let ports = try await ports(of: relay)
        let answerer = try await RelayAnswerer(relayPorts: ports)
        let figure = try await figure(.relayPacket, sipPort: answerer.port, usage: relay.usage)
        try await answerer.close()
        return figure
    }

    private func ports(of relay: ChildProcess) async throws -> [Int] {
        var text = Data()
        while text.count(where: { $0 == 10 }) < Self.calls {
            let part = relay.output.fileHandleForReading.availableData
            guard !part.isEmpty else { throw BenchmarkError("the relay ended") }
            text += part
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
    }

    private func figure(_ meaning: Goal, sipPort: Int, usage: ProcessUsage) async throws -> Figure {
        try await Phones.with(sipPort: sipPort, media: .counted) { phones in
            let calls = try await phones.answeredCalls(Self.calls, to: .echo)
            try await Task.sleep(for: .seconds(2))
            let value = try await medianOfThree(meaning.name) {
                let before = try await calls.packets()
                let (ns, after) = try await usage.cpuNs {
                    try await Task.sleep(for: Self.window)
                    // Within the measurement, for it takes as long as counting before it did.
                    return try await calls.packets()
                }
                progress("\(meaning.name): sent \(after.sent - before.sent), came back \(after.received - before.received)")
                guard after.received > before.received else { throw BenchmarkError("no packet came back") }
                return ns / 1_000 / Double(after.received - before.received)
            }
            return Figure(meaning: meaning, value: value)
        }
    }
}
