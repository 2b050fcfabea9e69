import Testing

@testable import SIP

/// Alice calls Bob over a simulated network. `Bob` does what the closure says when he is invited.
final class SimulatedCall {
    let network: SimulatedNetwork
    let alice: SimulatedEndpoint
    let bob: SimulatedEndpoint
    private(set) var calling: SimulatedEndpoint.Call!
    /// Bob's side; there once the INVITE has reached him.
    var called: SimulatedEndpoint.Call? { bob.calls.first }

    init(
        _ conditions: SimulatedNetwork.Conditions = .perfect, seed: UInt64 = 1, sdp: String? = "offer",
        configure: (SimulatedEndpoint, SimulatedEndpoint) -> Void = { _, _ in },
        bobInvited: @escaping (SimulatedEndpoint, SimulatedEndpoint.Call) -> Void
    ) {
        network = SimulatedNetwork(conditions, seed: seed)
        alice = SimulatedEndpoint("10.0.0.1", on: network, seed: seed)
        bob = SimulatedEndpoint("10.0.0.2", on: network, seed: seed)
        bob.onEvent = { endpoint, call, event in
            if case .invited = event { bobInvited(endpoint, call) } else { endpoint.answerByDefault(call, event) }
        }
        configure(alice, bob)
        calling = alice.call("10.0.0.2", sdp: sdp)
    }

    /// Makes a call that Bob answers at once.
    static func answered(
        _ conditions: SimulatedNetwork.Conditions = .perfect, seed: UInt64 = 1,
        configure: (SimulatedEndpoint, SimulatedEndpoint) -> Void = { _, _ in }
    ) -> SimulatedCall {
        SimulatedCall(conditions, seed: seed, configure: configure) { bob, call in
            bob.on(call) { $0.answer(sdp: Array("answer".utf8), at: $1) }
        }
    }

    /// Runs until nothing more is to come, at most that long.
    func settle(forMs milliseconds: UInt64 = 200_000) {
        network.run(forMs: milliseconds)
    }

    /// Checks that nothing of the call is left anywhere.
    func expectNothingRetained(sourceLocation: SourceLocation = #_sourceLocation) {
        for endpoint in [alice, bob] {
            #expect(endpoint.liveCalls == 0, "\(endpoint.host) keeps calls", sourceLocation: sourceLocation)
            #expect(endpoint.layer.isEmpty, sourceLocation: sourceLocation)
            #expect(endpoint.trackedTransactions == 0, sourceLocation: sourceLocation)
            #expect(!endpoint.calls.contains { !$0.session.isFinished }, sourceLocation: sourceLocation)
        }
        #expect(network.isQuiet, sourceLocation: sourceLocation)
    }
}

extension Array<UInt8> {
    init(sdp text: String) { self = Array(text.utf8) }
}
