import Foundation
import TestPhone

/// CPU time of a plain C relay for one packet of audio received and sent, measured in the same run as what stands beside it.
enum RelayReference {
    static func measure(_ installation: Installation, calls: Int) async throws -> Double {
        let relay = try ChildProcess(installation.relay, ["\(calls)"])
        defer { relay.stop() }
        let answerer = try await RelayAnswerer(relayPorts: try ports(of: relay, calls: calls))
        let value = try await Phones.with(sipPort: answerer.port, media: .counted) { phones in
            let calls = try await phones.answeredCalls(calls, to: .echo)
            return try await packetCost(Goal.relayPacket.name, of: calls, usage: relay.usage)
        }
        try await answerer.close()
        return value
    }

    private static func ports(of relay: ChildProcess, calls: Int) throws -> [Int] {
        var text = Data()
        while text.count(where: { $0 == 10 }) < calls {
            let part = relay.output.fileHandleForReading.availableData
            guard !part.isEmpty else { throw BenchmarkError("the relay ended") }
            text += part
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
    }
}

/// Gives the CPU time of a process for one packet of audio that came back to the calls, in microseconds.
func packetCost(_ name: String, of calls: [PhoneCall], usage: ProcessUsage, window: Duration = .seconds(8)) async throws -> Double {
    try await Task.sleep(for: .seconds(2))
    return try await medianOfThree(name) {
        let before = try await calls.packets()
        let (ns, after) = try await usage.cpuNs {
            try await Task.sleep(for: window)
            // Within the measurement, for it takes as long as counting before it did.
            return try await calls.packets()
        }
        progress("\(name): sent \(after.sent - before.sent), came back \(after.received - before.received)")
        guard after.received > before.received else { throw BenchmarkError("no packet came back") }
        return ns / 1_000 / Double(after.received - before.received)
    }
}
