import TestPhone

/// CPU time for one packet of audio that goes from one phone to the other in a bridge of an application.
struct BridgeBenchmark: Benchmark {
    private static let calls = 300
    /// How much more than the relay of the same run is still good.
    private static let allowedRatio = 1.3

    let meanings = [Goal.bridgePacket]

    func measure(with installation: Installation) async throws -> [Figure] {
        let value = try await ReleaseServer.with(installation) { server in
            let events = try EventReader(port: server.httpPort)
            defer { events.close() }
            return try await Phones.with(sipPort: server.sipPort, media: .counted) { phones in
                let calls = try await phones.answeredCalls(Self.calls, to: .held)
                let client = ARIClient(port: server.httpPort)
                try await client.bridge(try await client.channels(Self.calls), parties: 2)
                return try await packetCost(Goal.bridgePacket.name, of: calls, usage: server.usage)
            }
        }
        var meaning = Goal.bridgePacket
        meaning.goal = try await RelayReference.measure(installation, calls: Self.calls) * Self.allowedRatio
        return [Figure(meaning: meaning, value: value)]
    }
}
