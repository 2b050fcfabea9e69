import Testing

@testable import SIP

/// Two sessions over networks that lose, double and reorder, with owners who do as chance tells them.
@Suite("Lossy networks")
struct LossyNetworkTests {
    private static let grid: [(SimulatedNetwork.Conditions, String)] = [
        (.init(), "perfect"),
        (.init(delayMs: 1...400), "reordering"),
        (.init(loss: 10, duplication: 10, delayMs: 1...200), "poor"),
        (.init(loss: 30, duplication: 20, delayMs: 1...800), "bad"),
        (.init(loss: 60, delayMs: 1...300), "awful"),
        (.init(delayMs: 1...100, isReliable: true), "reliable"),
    ]

    @Test("Both sides end, tell it once, and nothing stays behind", arguments: 0..<6, 0..<150 as Range<UInt64>)
    func property(condition: Int, seed: UInt64) {
        let (conditions, name) = Self.grid[condition]
        var random = SIPTokenSource(seed0: seed, seed1: UInt64(condition))
        let script = Script(&random)
        let call = SimulatedCall(conditions, seed: seed + 1, sdp: script.hasOffer ? "offer" : nil) { alice, bob in
            alice.configuration.reliableProvisionals = script.reliability
        } bobInvited: { bob, leg in
            script.play(bob, leg, callee: true)
        }
        script.play(call.alice, call.calling, callee: false)
        call.network.run(untilMs: 12_000_000)
        for leg in [call.calling].compactMap({ $0 }) + call.bob.calls {
            // Chance may send INFO after the end, which is told to be too late.
            let log = leg.log.filter { $0 != "completed 1 481" }
            let ends = log.filter { $0.hasPrefix("ended") || $0.hasPrefix("failed") }
            #expect(ends.count == 1, "\(name) \(seed): \(log)")
            #expect(log.last == "finished" && log.filter { $0 == "finished" }.count == 1, "\(name) \(seed): \(log)")
            if let end = log.firstIndex(where: { ends.contains($0) }) {
                let after = log[(end + 1)...].allSatisfy { $0 == "finished" || $0.hasPrefix("completed") }
                #expect(after, "\(name) \(seed): \(log)")
            }
        }
        call.expectNothingRetained()
    }

    @Test("With loss the call still comes about and both sides agree on it", arguments: 0..<40 as Range<UInt64>)
    func establishes(seed: UInt64) {
        let call = SimulatedCall(.init(loss: 20, duplication: 20, delayMs: 1...150), seed: seed) { bob, leg in
            bob.on(leg) { $0.ring(at: $1) }
            bob.network.after(ms: 2_000) { bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) } }
        }
        call.network.run(forMs: 40_000)
        #expect(call.calling.log.last == "answered answer" && call.bob.calls.map(\.log.last) == ["confirmed"])
        call.bob.on(call.called!) { $0.hangup(cause: 16, at: $1) }
        call.settle()
        #expect(call.calling.log.suffix(2) == ["ended by remote 16", "finished"])
        call.expectNothingRetained()
    }

    /// What the owners of both sides do and when, drawn once per run.
    private struct Script {
        let hasOffer: Bool
        let reliability: InviteSessionConfiguration.ReliableProvisionals
        private let answer: (atMs: Int, kind: Int)
        private let early: Int
        private let changes: [(atMs: Int, byCallee: Bool, kind: Int)]
        private let hangup: (atMs: Int, byCallee: Bool)

        init(_ random: inout SIPTokenSource) {
            hasOffer = Int.random(in: 0..<5, using: &random) > 0
            reliability = [.onDemand, .whenSupported, .required].randomElement(using: &random) ?? .onDemand
            answer = (Int.random(in: 0...6_000, using: &random), Int.random(in: 0..<6, using: &random))
            early = Int.random(in: 0..<4, using: &random)
            changes = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                (Int.random(in: 0...20_000, using: &random), Bool.random(using: &random), Int.random(in: 0..<4, using: &random))
            }
            hangup = (Int.random(in: 0...25_000, using: &random), Bool.random(using: &random))
        }

        func play(_ endpoint: SimulatedEndpoint, _ leg: SimulatedEndpoint.Call, callee: Bool) {
            if callee { playCallee(endpoint, leg) }
            for change in changes where change.byCallee == callee {
                endpoint.network.after(ms: change.atMs) {
                    endpoint.on(leg) { session, now in
                        switch change.kind {
                        case 0: session.update(sdp: .init(sdp: "update"), at: now)
                        case 1: session.reinvite(sdp: nil, at: now)
                        case 2: session.sendInfo(contentType: "text/plain", body: [1], id: 1, at: now)
                        default: session.reinvite(sdp: .init(sdp: "change"), at: now)
                        }
                    }
                }
            }
            // Both hang up in the end, one of them first.
            let delay = hangup.byCallee == callee ? hangup.atMs : hangup.atMs + 60_000
            endpoint.network.after(ms: delay) { endpoint.on(leg) { $0.hangup(cause: 16, at: $1) } }
        }

        private func playCallee(_ bob: SimulatedEndpoint, _ leg: SimulatedEndpoint.Call) {
            if early & 1 != 0 { bob.on(leg) { $0.ring(at: $1) } }
            if early & 2 != 0 { bob.on(leg) { $0.progress(sdp: .init(sdp: "early"), at: $1) } }
            bob.network.after(ms: answer.atMs) {
                bob.on(leg) { session, now in
                    switch answer.kind {
                    case 0: session.reject(status: 486, at: now)
                    case 1: []
                    default: session.answer(sdp: .init(sdp: "answer"), at: now)
                    }
                }
            }
        }
    }
}
