import Testing

@testable import SIP

/// A caller's session by itself, with responses made by hand as forks send them.
@Suite("Forked calls")
struct ForkingTests {
    private let bench: SessionBench
    private var session: InviteSession { bench.session }

    init() throws { bench = try SessionBench() }

    private func take(_ status: Int, _ tag: String, sdp: String? = nil, rseq: Int? = nil) -> [String] {
        bench.take(bench.response(status, tag, sdp: sdp, rseq: rseq))
    }

    @Test("Early dialogs of several forks are told, and the one that answers wins")
    func answeringFork() {
        #expect(take(180, "a") == ["ringing"])
        #expect(take(183, "b", sdp: "early b") == ["progress 183 early b"])
        #expect(take(200, "b", sdp: "answer b") == ["ACK b", "answered answer b"])
        #expect(session.dialog?.id.remoteTag == "b" && session.usages.count == 1)
        #expect(session.dialog?.state == .confirmed)
    }

    @Test("A second fork that answers is acknowledged and hung up, once; repetitions are acknowledged")
    func secondAnswer() {
        _ = take(200, "a", sdp: "answer")
        #expect(take(200, "b", sdp: "answer") == ["ACK b", "BYE b"])
        #expect(take(200, "b", sdp: "answer") == ["ACK b"])
        #expect(take(200, "a", sdp: "answer") == ["ACK a"])
        #expect(session.dialog?.id.remoteTag == "a")
    }

    @Test("A 200 that comes again after a re-INVITE of ours is acknowledged as before")
    func repeatedAfterReinvite() {
        _ = take(200, "a", sdp: "answer")
        #expect(bench.command { $0.reinvite(sdp: [1], at: $1) } == ["INVITE a"])
        let success = bench.response(200, "a", to: bench.lastRequest, sdp: "more")
        #expect(bench.take(success, for: bench.token) == ["ACK a", "answer more"])
        #expect(take(200, "a", sdp: "answer") == ["ACK a"])
        #expect(bench.take(success, for: bench.token) == ["ACK a"])
    }

    @Test("A 200 after the hangup is acknowledged and hung up")
    func answerAfterHangup() {
        _ = take(180, "a")
        #expect(bench.command { $0.hangup(at: $1) } == ["cancel", "ended here 16"])
        #expect(take(200, "a", sdp: "answer") == ["ACK a", "BYE a"])
        #expect(take(200, "a", sdp: "answer") == ["ACK a"])
        #expect(bench.command { $0.transactionTerminated(bench.sent[0].token, at: $1) }.isEmpty && !session.isFinished)
        #expect(bench.take(bench.response(200, to: bench.lastRequest), for: bench.token) == ["finished"])
    }

    @Test("Reliable provisional responses are counted per fork and acknowledged in order")
    func reliablePerFork() {
        #expect(take(183, "a", sdp: "early a", rseq: 5) == ["PRACK a", "progress 183 early a"])
        #expect(take(183, "b", sdp: "early b", rseq: 9) == ["PRACK b", "progress 183 early b"])
        #expect(take(183, "a", sdp: "early a", rseq: 5).isEmpty)
        #expect(take(180, "a", rseq: 7).isEmpty)
        #expect(take(180, "a", rseq: 6) == ["PRACK a", "ringing"])
        #expect(take(200, "a") == ["ACK a", "answered early a"])
    }

    @Test("An offer of one fork is withdrawn when another answers")
    func offerOfLosingFork() throws {
        let bench = try SessionBench(calling: nil)
        #expect(bench.take(bench.response(183, "a", sdp: "offer a", rseq: 1)) == ["progress 183 -", "offer offer a"])
        let token = try #require(bench.offer)
        #expect(bench.take(bench.response(183, "b", sdp: "offer b", rseq: 1)).isEmpty)
        #expect(bench.take(bench.response(200, "b", sdp: "offer b")) == ["offer withdrawn", "offer offer b"])
        #expect(bench.command { $0.acceptOffer(token, sdp: [1], at: $1) }.isEmpty)
        #expect(bench.command { $0.acceptOffer(bench.offer!, sdp: [1], at: $1) } == ["ACK b", "answered -"])
    }

    @Test("A hangup before the answer to an offer in the 200 still acknowledges it")
    func hangupBeforeAnswer() throws {
        let bench = try SessionBench(calling: nil)
        _ = bench.take(bench.response(200, sdp: "offer"))
        #expect(bench.take(bench.response(200, sdp: "offer")).isEmpty)
        #expect(bench.command { $0.hangup(at: $1) } == ["ACK peer", "BYE peer", "ended here 16"])
    }

    @Test("The bound on forks holds: further ones ring but make no dialog")
    func forkBound() {
        for number in 0..<SessionLimits.forks { _ = take(180, "t\(number)") }
        #expect(session.usages.count == SessionLimits.forks)
        #expect(take(180, "more") == ["ringing"])
        #expect(session.usages.count == SessionLimits.forks)
        #expect(take(200, "more", sdp: "answer") == ["ACK more", "answered answer"])
    }

    @Test("Endless 200s of new forks keep no more than the bounds")
    func endlessAnswers() {
        for number in 0..<500 { _ = take(200, "t\(number)", sdp: "answer") }
        #expect(session.acknowledgements.count == SessionLimits.forks)
        #expect(session.pending.count == SessionLimits.pendingRequests)
        #expect(session.dialog?.id.remoteTag == "t0")
    }
}
