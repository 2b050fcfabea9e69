import Testing

@testable import SIP

/// A session that gets anything in any order: it must not trap, keep more than its bounds, or fail to end.
@Suite("Session chaos")
struct SessionChaosTests {
    private let methods: [SIPMethod] = [
        .invite, .ack, .bye, .cancel, .options, .info, .update, .prack, .refer, .notify, .message, .subscribe, .other("X"),
    ]
    private let statuses = [
        100, 180, 183, 199, 200, 202, 302, 401, 405, 407, 408, 422, 481, 487, 488, 491, 500, 501, 603, 699,
    ]
    private let fields: [(name: String, value: String)] = [
        ("Require", "100rel"), ("RSeq", "1"), ("RSeq", "99999999999999999999"), ("RAck", "1 100 INVITE"), ("RAck", "x y"),
        ("Session-Expires", "90;refresher=uac"), ("Session-Expires", "1"), ("Session-Expires", ";"), ("Min-SE", "86401"),
        ("Min-SE", "-1"), ("Supported", "timer, 100rel"), ("Allow", "UPDATE"), ("Retry-After", "0"), ("Reason", "Q.850;cause=16"),
        ("Reason", ";;;"), ("Contact", "<sip:x@y>"), ("Record-Route", "<sip:r;lr>, <sip:s>"),
        ("Content-Type", "multipart/mixed;boundary=b"),
        ("Content-Encoding", "br"), ("CSeq", "4294967295 INVITE"), ("CSeq", "x"), ("To", "<sip:a>;tag=z"), ("Expires", "1"),
    ]

    @Test("Anything in any order", arguments: 0..<400 as Range<UInt64>)
    func chaos(seed: UInt64) throws {
        var random = SIPTokenSource(seed0: seed, seed1: 77)
        let bench =
            seed % 2 == 0
            ? try SessionBench(calling: seed % 4 == 0 ? "offer" : nil)
            : try SessionBench { if seed % 4 == 1 { $0.body = [] } }
        var told = bench.command { $0.begin(at: $1) }
        for _ in 0..<120 { told += step(bench, &random) }
        #expect(bench.session.pending.count <= SessionLimits.pendingRequests)
        #expect(bench.session.usages.count <= SessionLimits.forks)
        told += bench.command { $0.hangup(at: $1) }
        // Whatever is under way comes to its end: challenges are given up, transactions time out.
        for _ in 0..<4 where !bench.session.isFinished {
            told += bench.advance(byMs: 40_000)
            for pending in bench.session.pending {
                told += bench.command { $0.abandon(pending.token, at: $1) }
                told += bench.command { $0.requestTimedOut(pending.token, at: $1) }
                told += bench.command { $0.transactionTerminated(pending.token, at: $1) }
            }
        }
        #expect(bench.session.isFinished, "\(told)")
        #expect(told.filter { $0 == "finished" }.count == 1)
        #expect(told.filter { $0.hasPrefix("ended") || $0.hasPrefix("failed") }.count <= 1)
        #expect(bench.session.nextDeadline == nil)
    }

    private func step(_ bench: SessionBench, _ random: inout SIPTokenSource) -> [String] {
        let headers = (0..<Int.random(in: 0...2, using: &random)).map { _ in fields.randomElement(using: &random)! }
        let sdp: String? = Bool.random(using: &random) ? "sdp" : nil
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2: return bench.take(methods.randomElement(using: &random)!, sdp: sdp, headers: headers)
        case 3...6:
            guard let sent = bench.sent.randomElement(using: &random) else { return [] }
            let tag = ["peer", "peer", "fork", "z", ""].randomElement(using: &random)!
            let rseq: Int? = Bool.random(using: &random) ? Int.random(in: 1...4, using: &random) : nil
            return bench.take(
                bench.response(
                    statuses.randomElement(using: &random)!, tag, to: sent.request, sdp: sdp, rseq: rseq, headers: headers),
                for: sent.token)
        case 7: return bench.acknowledge(sdp: sdp)
        case 8: return bench.advance(byMs: [1, 600, 5_000, 40_000].randomElement(using: &random)!)
        case 9:
            let id = ServerTransactionID(number: UInt64.random(in: 0...20, using: &random))
            return bench.command { $0.receiveCancel(id, bench.invite, at: $1) }
        default: return command(bench, &random)
        }
    }

    private func command(_ bench: SessionBench, _ random: inout SIPTokenSource) -> [String] {
        let token = bench.sent.randomElement(using: &random)?.token
        let offer = bench.offer
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return bench.command { $0.ring(at: $1) }
        case 1: return bench.command { $0.progress(sdp: [1], at: $1) }
        case 2: return bench.command { $0.answer(sdp: [2], at: $1) }
        case 3: return bench.command { $0.reinvite(sdp: [3], at: $1) }
        case 4: return bench.command { $0.reinvite(sdp: nil, at: $1) }
        case 5: return bench.command { $0.update(sdp: [4], at: $1) }
        case 6, 7: return offer.map { token in bench.command { $0.acceptOffer(token, sdp: [5], at: $1) } } ?? []
        case 8: return offer.map { token in bench.command { $0.refuseOffer(token, at: $1) } } ?? []
        case 9: return token.map { token in bench.command { $0.retry(token, headers: [("Authorization", "x")], at: $1) } } ?? []
        case 10: return token.map { token in bench.command { $0.abandon(token, at: $1) } } ?? []
        case 11: return bench.command { $0.sendInfo(contentType: "a/b", body: [1], id: 1, at: $1) }
        case 12: return token.map { token in bench.command { $0.transactionTerminated(token, at: $1) } } ?? []
        default: return []
        }
    }
}
