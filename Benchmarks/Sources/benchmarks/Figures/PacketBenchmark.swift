import TestPhone

/// CPU time for one packet of audio that is received and sent again: of the server's Echo, and of a plain C relay beside it.
struct PacketBenchmark: Benchmark {
    static let calls = 300

    let meanings = [Goal.echoPacket, Goal.relayPacket]

    func measure(with installation: Installation) async throws -> [Figure] {
        let echo = try await ReleaseServer.with(installation) { server in
            try await Phones.with(sipPort: server.sipPort, media: .counted) { phones in
                let calls = try await phones.answeredCalls(Self.calls, to: .echo)
                return try await packetCost(Goal.echoPacket.name, of: calls, usage: server.usage)
            }
        }
        return [
            Figure(meaning: .echoPacket, value: echo),
            Figure(meaning: .relayPacket, value: try await RelayReference.measure(installation, calls: Self.calls)),
        ]
    }
}
