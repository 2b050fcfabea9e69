import Audio
import Foundation
import TestPhone

/// What a call between a phone with Opus and one with G.711 costs the server, in percent of a core.
struct OpusBenchmark: Benchmark {
    private static let pairs = 60
    private static let window = Duration.seconds(8)

    let meanings = [Goal.opusCall]

    func measure(with installation: Installation) async throws -> [Figure] {
        let percent = try await ReleaseServer.with(installation) { server in
            let events = try EventReader(port: server.httpPort)
            defer { events.close() }
            let change: (Int, inout PhoneSettings) -> Void = { place, settings in
                settings.codecs = place % 2 == 0 ? [.opus] : [.pcmu]
                settings.source = .tone(place % 2 == 0 ? 440 : 700)
            }
            return try await Phones.with(sipPort: server.sipPort, media: .counted, change: change) { phones in
                let calls = try await phones.answeredCalls(2 * Self.pairs, to: .held)
                let client = ARIClient(port: server.httpPort)
                let channels = try await client.channels(2 * Self.pairs)
                try await client.bridgePairs(try await client.channelsByCaller(channels))
                return try await cost(of: calls, server)
            }
        }
        return [Figure(meaning: .opusCall, value: percent)]
    }

    private func cost(of calls: [PhoneCall], _ server: ReleaseServer) async throws -> Double {
        try await Task.sleep(for: .seconds(3))
        return try await medianOfThree(Goal.opusCall.name) {
            let before = try await calls.packets()
            let (ns, after) = try await server.usage.cpuNs {
                try await Task.sleep(for: Self.window)
                return try await calls.packets()
            }
            guard after.received - before.received > Self.pairs * 2 * 300 else { throw BenchmarkError("the phones do not hear each other") }
            return ns / 1e9 / Double(Self.window.components.seconds) / Double(Self.pairs) * 100
        }
    }
}

extension ARIClient {
    /// Gives the channels of even and of odd accounts, in pairs of one each.
    fileprivate func channelsByCaller(_ ids: [String]) async throws -> [(String, String)] {
        struct Channel: Decodable {
            struct Caller: Decodable { let number: String }
            let id: String
            let caller: Caller
        }
        let all = try JSONDecoder().decode([Channel].self, from: try await ask("GET", "/channels")).filter { ids.contains($0.id) }
        let first = all.filter { (Int($0.caller.number) ?? 0) % 2 == 1 }, second = all.filter { (Int($0.caller.number) ?? 0) % 2 == 0 }
        return zip(first, second).map { ($0.id, $1.id) }
    }

    fileprivate func bridgePairs(_ pairs: [(String, String)]) async throws {
        for (one, two) in pairs { try await bridge([one, two], parties: 2) }
    }
}
