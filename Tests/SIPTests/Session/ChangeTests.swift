import Testing

@testable import SIP

@Suite("Changes of a call")
struct ChangeTests {
    private func established(
        _ conditions: SimulatedNetwork.Conditions = .perfect,
        configure: (SimulatedEndpoint, SimulatedEndpoint) -> Void = { _, _ in }
    ) -> SimulatedCall {
        let call = SimulatedCall.answered(conditions, configure: configure)
        call.network.run(forMs: 1_000)
        return call
    }

    @Test("A re-INVITE and an UPDATE are answered, from either side", arguments: [true, false], [true, false])
    func change(byCaller: Bool, update: Bool) {
        let call = established()
        let (endpoint, leg) = byCaller ? (call.alice, call.calling!) : (call.bob, call.called!)
        let other = byCaller ? call.called! : call.calling!
        endpoint.on(leg) { update ? $0.update(sdp: .init(sdp: "hold"), at: $1) : $0.reinvite(sdp: .init(sdp: "hold"), at: $1) }
        call.network.run(forMs: 500)
        #expect(leg.log.last == "answer answer to hold" && other.log.last == "offer hold")
        #expect(call.network.summary().suffix(update ? 2 : 3) == (update ? ["UPDATE", "200 UPDATE"] : ["INVITE", "200 INVITE", "ACK"]))
        endpoint.on(leg) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("A re-INVITE without a description gets an offer and answers in the ACK")
    func emptyReinvite() {
        let call = established()
        call.alice.on(call.calling) { $0.reinvite(sdp: nil, at: $1) }
        call.network.run(forMs: 500)
        #expect(call.calling.log.last == "offer late offer")
        #expect(call.called?.log.suffix(2) == ["offer needed", "answer answer to late offer"])
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("A refused change leaves what was agreed, and the next one goes through")
    func refused() {
        let call = established(configure: { _, bob in
            bob.onEvent = { bob, leg, event in
                switch event {
                case .invited: bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) }
                case .offerReceived(let sdp, let token) where sdp == Array(sdp: "bad"):
                    bob.on(leg) { $0.refuseOffer(token, at: $1) }
                default: bob.answerByDefault(leg, event)
                }
            }
        })
        call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: "bad"), at: $1) }
        call.network.run(forMs: 500)
        #expect(call.calling.log.last == "offer rejected 488")
        call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: "good"), at: $1) }
        call.network.run(forMs: 500)
        #expect(call.calling.log.last == "answer answer to good")
    }

    @Test("Changes that cross meet 491 and both come through in the end", arguments: [false, true])
    func glare(update: Bool) {
        let call = established(.init(delayMs: 50...50))
        func change(_ name: String) -> (InviteSession, SIPInstant) -> [SessionAction] {
            { update ? $0.update(sdp: .init(sdp: name), at: $1) : $0.reinvite(sdp: .init(sdp: name), at: $1) }
        }
        call.alice.on(call.calling, change("hers"))
        call.bob.on(call.called!, change("his"))
        call.network.run(forMs: 300)
        #expect(call.network.messages(update ? "491 UPDATE" : "491 INVITE").count == 2)
        call.network.run(forMs: 20_000)
        #expect(call.calling.log.contains("answer answer to hers") && call.called!.log.contains("answer answer to his"))
        call.alice.on(call.calling) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("The side that made the Call-ID waits 2.1 to 4 s after glare, the other up to 2 s", arguments: 1...10 as ClosedRange<UInt64>)
    func glareDelays(seed: UInt64) throws {
        let call = SimulatedCall.answered(.init(delayMs: 50...50), seed: seed)
        call.network.run(forMs: 1_000)
        call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: "hers"), at: $1) }
        call.bob.on(call.called!) { $0.reinvite(sdp: .init(sdp: "his"), at: $1) }
        call.network.run(forMs: 110)
        let refusedAtMs = Double(1_100)
        let aliceMs = Double(try #require(call.calling.session.nextDeadline).nanoseconds) / 1e6 - refusedAtMs
        let bobMs = Double(try #require(call.called?.session.nextDeadline).nanoseconds) / 1e6 - refusedAtMs
        #expect((2_100...4_000).contains(aliceMs) && (0...2_000).contains(bobMs))
    }

    @Test("A change that waits is replaced by a newer one")
    func newestWins() {
        let call = established(.init(delayMs: 50...50))
        for name in ["one", "two", "three"] { call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: name), at: $1) } }
        call.network.run(forMs: 2_000)
        #expect(call.called?.log.filter { $0.hasPrefix("offer") } == ["offer one", "offer three"])
    }

    @Test("A change wished before the call is established waits for it")
    func earlyWish() {
        let call = SimulatedCall { bob, leg in
            bob.on(leg) { $0.reinvite(sdp: .init(sdp: "his"), at: $1) }
            bob.network.after(ms: 300) { bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) } }
        }
        call.network.run(forMs: 2_000)
        #expect(call.network.summary() == ["INVITE", "100 INVITE", "200 INVITE", "ACK", "INVITE", "200 INVITE", "ACK"])
    }

    @Test("A far end without UPDATE gets a re-INVITE")
    func updateUnknown() throws {
        let call = established()
        call.calling.session.peer.noteUpdateRefused()
        call.alice.on(call.calling) { $0.update(sdp: .init(sdp: "hold"), at: $1) }
        call.network.run(forMs: 500)
        #expect(call.calling.log.last == "answer answer to hold")
        #expect(call.network.summary().suffix(3) == ["INVITE", "200 INVITE", "ACK"])
    }

    @Test("While one offer waits for its answer another is refused with 500 and Retry-After")
    func secondOffer() throws {
        let call = established(configure: { _, bob in
            bob.onEvent = { bob, leg, event in
                if case .invited = event { bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) } }
            }
        })
        call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: "first"), at: $1) }
        call.network.run(forMs: 100)
        var dialog = try #require(call.calling.session.dialog)
        for method in [SIPMethod.invite, .update] {
            var request = dialog.makeRequest(method)
            request.body = Array("second".utf8)
            let actions = try #require(call.called).session.receive(request, .init(number: 99), at: call.network.now)
            guard case .respond(_, let response) = actions.first else { return #expect(Bool(false)) }
            let seconds = try #require(response.headers["Retry-After"].flatMap { Int($0) })
            #expect(response.status == 500 && (0...10).contains(seconds))
        }
    }

    @Test("A cancelled re-INVITE takes its offer back and the call goes on")
    func cancelledReinvite() throws {
        let call = established(configure: { _, bob in
            bob.onEvent = { bob, leg, event in
                if case .invited = event { bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) } }
            }
        })
        call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: "first"), at: $1) }
        call.network.run(forMs: 1_000)
        let token = try #require(call.calling.session.pending.last?.token)
        let id = try #require(call.alice.servedBy[token])
        for case .send(let bytes, _) in call.alice.layer.cancel(id, at: call.network.now) {
            call.network.send(bytes, from: "10.0.0.1", to: "10.0.0.2")
        }
        call.network.run(forMs: 1_000)
        #expect(call.called?.log.last == "offer withdrawn" && call.calling.log.last == "offer rejected 487")
        #expect(call.called?.session.phase == .established)
        call.bob.on(call.called!) { $0.hangup(at: $1) }
        call.settle()
        call.expectNothingRetained()
    }

    @Test("A hangup answers the offers that are open")
    func hangupWithOpenOffer() {
        let call = established(configure: { _, bob in
            bob.onEvent = { bob, leg, event in
                if case .invited = event { bob.on(leg) { $0.answer(sdp: .init(sdp: "answer"), at: $1) } }
            }
        })
        call.alice.on(call.calling) { $0.reinvite(sdp: .init(sdp: "first"), at: $1) }
        call.network.run(forMs: 1_000)
        call.bob.on(call.called!) { $0.hangup(at: $1) }
        call.settle()
        #expect(call.network.summary().contains("487 INVITE") && call.calling.log.last == "finished")
        call.expectNothingRetained()
    }
}
