import TestPhone

/// What keeping calls in the call history adds to their CPU time: two servers, with and without it, take the same calls in turn. It is
/// less than the machine's own ups and downs, so there are many short turns, of which the one in the middle counts.
struct HistoryBenchmark: Benchmark {
    private static let turns = 11
    private static let turnCalls = 1_000

    let meanings = [Goal.historyCost]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { keeping in
            try await ReleaseServer.with(installation, keepsHistory: false) { plain in
                try await Phones.with(sipPort: keeping.sipPort, media: .silent) { first in
                    try await Phones.with(sipPort: plain.sipPort, media: .silent) { second in
                        var percents: [Double] = []
                        for turn in 0...Self.turns {
                            let kept = try await callNs(keeping, first)
                            let percent = (kept / (try await callNs(plain, second)) - 1) * 100
                            // The first warms up.
                            if turn > 0 { percents.append(percent) }
                        }
                        progress("\(Goal.historyCost.name): \(percents.map { Int($0.rounded()) })")
                        return [Figure(meaning: .historyCost, value: percents.sorted()[Self.turns / 2])]
                    }
                }
            }
        }
    }

    /// CPU time of one call.
    private func callNs(_ server: ReleaseServer, _ phones: Phones) async throws -> Double {
        let load = CallLoad(phones: phones, number: .wait, perSecond: CallBenchmark.callsPerSecond)
        let (ns, _) = try await server.usage.cpuNs { try await load.run(Self.turnCalls, CallLoad.answerWaitHangUp) }
        return ns / Double(Self.turnCalls)
    }
}
