import Foundation
import TestPhone

/// What 200 managers who hear of all calls add to the server's CPU time while 200 calls are made a second: with them and without in turn.
struct ManagerBenchmark: Benchmark {
    private static let managers = 200
    private static let callsPerSecond = 200
    /// Of each turn.
    private static let seconds = 8
    private static let turns = 3

    let meanings = [Goal.managerCost]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            try await Phones.with(sipPort: server.sipPort, media: .silent) { phones in
                let load = CallLoad(phones: phones, number: .wait, perSecond: Self.callsPerSecond)
                func cores() async throws -> Double {
                    let began = Date()
                    let (ns, _) = try await server.usage.cpuNs {
                        try await load.run(Self.callsPerSecond * Self.seconds, CallLoad.answerWaitHangUp)
                    }
                    return ns / 1e9 / Date().timeIntervalSince(began)
                }
                _ = try await cores()
                var added: [Double] = []
                for _ in 0..<Self.turns {
                    let without = try await cores()
                    let crowd = try ManagerCrowd(Self.managers, port: server.amiPort, events: "call")
                    let with = try await cores()
                    progress("\(crowd.bytes >> 20) MiB of events; \(Int(without * 100)) % of a core without, \(Int(with * 100)) % with")
                    crowd.leave()
                    try await Task.sleep(for: .milliseconds(500))
                    added.append((with - without) * 100)
                }
                return [Figure(meaning: .managerCost, value: added.sorted()[Self.turns / 2])]
            }
        }
    }
}
