import Testing

@testable import SIP

@Suite("Server transactions")
struct ServerTransactionTests {
    private let invite = TransactionBench.request("INVITE")
    private let options = TransactionBench.request("OPTIONS")

    @Test("A silent user gets 100 Trying sent after 200 ms, without a To tag")
    func trying() throws {
        let bench = TransactionBench()
        bench.receive(invite)
        bench.advance(toMs: 190)
        #expect(bench.sent.isEmpty)
        bench.advance(toMs: 200)
        #expect(bench.sentLines == ["SIP/2.0 100 Trying"])
        let response = try #require(bench.lastSent)
        #expect(response.headers.to?.tag == nil)
        bench.receive(invite)
        #expect(bench.sent.count == 2 && bench.told == ["request INVITE"])
    }

    @Test("An unacknowledged refusal is repeated on timer G until timer H")
    func timersGAndH() {
        let bench = TransactionBench()
        bench.receive(invite)
        bench.respond(486, invite)
        bench.advance(toMs: 40_000)
        #expect(
            bench.sent.map(\.atMs) == [
                0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
            ])
        #expect(Set(bench.sent.map(\.bytes)).count == 1)
        #expect(bench.told == ["request INVITE", "unacknowledged"] && bench.layer.serverTransactionCount == 0)
    }

    @Test("The ACK of a refusal is absorbed, and timer I ends the transaction")
    func absorbsACK() {
        let bench = TransactionBench()
        bench.receive(invite)
        bench.respond(486, invite)
        bench.receive(TransactionBench.request("ACK", toTag: "b"))
        bench.receive(TransactionBench.request("ACK", toTag: "b"))
        bench.advance(toMs: 4_990)
        #expect(bench.sent.count == 1 && bench.layer.serverTransactionCount == 1)
        bench.advance(toMs: 5_000)
        #expect(bench.layer.serverTransactionCount == 0 && bench.told == ["request INVITE"])
    }

    @Test("After 2xx the INVITE is absorbed and its ACK handed on, for 64*T1")
    func accepted() {
        let bench = TransactionBench()
        bench.receive(invite)
        bench.respond(200, invite)
        bench.receive(invite)
        bench.receive(TransactionBench.request("ACK", branch: "z9hG4bKother", toTag: "b"))
        #expect(bench.sent.count == 1 && bench.told == ["request INVITE", "ack"])
        bench.take(bench.layer.retransmitResponse(bench.requests[0]))
        #expect(bench.sent[0].bytes == bench.sent[1].bytes)
        bench.advance(toMs: 32_000)
        #expect(bench.layer.serverTransactionCount == 0)
    }

    @Test("Another request is answered once and the answer repeated, until timer J")
    func timerJ() {
        let bench = TransactionBench()
        bench.receive(options)
        bench.receive(options)
        #expect(bench.sent.isEmpty)
        bench.respond(200, options)
        bench.receive(options)
        #expect(bench.sentLines == ["SIP/2.0 200 OK", "SIP/2.0 200 OK"] && bench.told == ["request OPTIONS"])
        bench.advance(toMs: 32_000)
        #expect(bench.layer.serverTransactionCount == 0 && bench.layer.nextDeadline == nil)
        bench.respond(200, options)
        #expect(bench.sent.count == 2)
    }

    @Test("A request that nobody answers is forgotten after 64*T1")
    func neverAnswered() {
        let bench = TransactionBench()
        bench.receive(options)
        bench.advance(toMs: 32_000)
        #expect(bench.layer.serverTransactionCount == 0 && bench.sent.isEmpty)
    }

    @Test(
        "Requests belong together by branch, sent-by and method",
        arguments: [
            (TransactionBench.request("OPTIONS"), 1),
            (TransactionBench.request("OPTIONS", branch: "z9hG4bKy", callID: "c2"), 2),
            (TransactionBench.request("OPTIONS", sentBy: "192.0.2.2:5070", callID: "c2"), 2),
            (TransactionBench.request("OPTIONS", sentBy: "192.0.2.3:5060", callID: "c2"), 2),
            (TransactionBench.request("INFO", toTag: "t", callID: "c2"), 2),
        ])
    func matching(second: String, transactions: Int) {
        let bench = TransactionBench()
        bench.receive(options)
        bench.receive(second)
        #expect(bench.layer.serverTransactionCount == transactions)
    }

    @Test(
        "RFC 2543 requests are matched by their fields, also when the branch is the bare cookie",
        arguments: [
            "", "1", "z9hG4bK",
        ])
    func legacyMatching(branch: String) {
        let bench = TransactionBench()
        let invite = TransactionBench.request("INVITE", branch: branch)
        bench.receive(invite)
        bench.receive(invite)
        #expect(bench.layer.serverTransactionCount == 1)
        bench.receive(TransactionBench.request("INVITE", branch: branch, number: 2))
        #expect(bench.layer.serverTransactionCount == 2)
        bench.respond(486, to: 0, invite)
        bench.receive(TransactionBench.request("ACK", branch: branch, toTag: "wrong"))
        #expect(bench.told == ["request INVITE", "request INVITE", "ack"])
        bench.receive(TransactionBench.request("ACK", branch: branch, toTag: "b"))
        #expect(bench.told.count == 3)
        bench.receive(TransactionBench.request("CANCEL", branch: branch, number: 2))
        #expect(bench.told.last == "cancel" && bench.sentLines.last == "SIP/2.0 200 OK")
    }

    @Test("CANCEL is answered with the INVITE's tag, and the user told once")
    func cancel() throws {
        let bench = TransactionBench()
        bench.receive(invite)
        bench.respond(180, invite)
        bench.receive(TransactionBench.request("CANCEL"))
        bench.receive(TransactionBench.request("CANCEL"))
        #expect(bench.sentLines.suffix(2) == ["SIP/2.0 200 OK", "SIP/2.0 200 OK"])
        let answer = try #require(bench.lastSent)
        #expect(answer.headers.to?.tag == "b" && answer.headers.cseq?.method == .cancel)
        #expect(bench.told == ["request INVITE", "cancel"])
    }

    @Test("A CANCEL after the final response is answered but changes nothing", arguments: [200, 486])
    func lateCancel(status: Int) {
        let bench = TransactionBench()
        bench.receive(invite)
        bench.respond(status, invite)
        bench.receive(TransactionBench.request("CANCEL"))
        #expect(bench.sentLines.last == "SIP/2.0 200 OK" && bench.told == ["request INVITE"])
    }

    @Test("A CANCEL of nothing is answered 481")
    func cancelOfNothing() {
        let bench = TransactionBench()
        bench.receive(TransactionBench.request("CANCEL"))
        #expect(bench.sentLines == ["SIP/2.0 481 Call/Transaction Does Not Exist"] && bench.told.isEmpty)
        bench.advance(toMs: 32_000)
        #expect(bench.layer.serverTransactionCount == 0)
    }

    @Test("A copy of a request that came over another path is refused 482, and only that copy")
    func merged() {
        let bench = TransactionBench()
        bench.receive(invite)
        bench.receive(TransactionBench.request("INVITE", branch: "z9hG4bKpath2"))
        #expect(bench.sentLines == ["SIP/2.0 482 Loop Detected"] && bench.told == ["request INVITE"])
        bench.receive(TransactionBench.request("INVITE", branch: "z9hG4bKnext", number: 2))
        bench.receive(TransactionBench.request("INVITE", branch: "z9hG4bKre", toTag: "b"))
        #expect(bench.told == ["request INVITE", "request INVITE", "request INVITE"])
    }

    @Test("Past the bound new INVITEs get 503 without a trace, other requests are served")
    func limit() throws {
        let bench = TransactionBench(limits: TransactionLimits(serverTransactions: 2, retryAfterS: 7))
        for number in 1...2 {
            bench.receive(TransactionBench.request("INVITE", branch: "z9hG4bK\(number)", callID: "c\(number)"))
        }
        #expect(bench.sent.isEmpty)
        bench.receive(TransactionBench.request("INVITE", branch: "z9hG4bK3", callID: "c3"))
        let refusal = try #require(bench.lastSent)
        #expect(bench.sentLines == ["SIP/2.0 503 Service Unavailable"] && refusal.headers["Retry-After"] == "7")
        let tag = try #require(refusal.headers.to?.tag)
        bench.receive(TransactionBench.request("ACK", branch: "z9hG4bK3", toTag: tag, callID: "c3"))
        #expect(bench.told == ["request INVITE", "request INVITE"])
        for number in 4...5 {
            bench.receive(TransactionBench.request("BYE", branch: "z9hG4bK\(number)", toTag: "t"))
        }
        #expect(bench.layer.serverTransactionCount == 4)
        bench.receive(TransactionBench.request("BYE", branch: "z9hG4bK6", toTag: "t"))
        #expect(bench.layer.serverTransactionCount == 4 && bench.sentLines.last == "SIP/2.0 503 Service Unavailable")
    }

    @Test("A stateless answer keeps nothing, repeats alike, and its ACK is absorbed")
    func stateless() throws {
        let bench = TransactionBench()
        for _ in 0..<2 {
            bench.receive(invite)
            bench.take(
                bench.layer.respondStatelessly(
                    bench.requests[bench.requests.count - 1], status: 401, headers: [("WWW-Authenticate", "Digest realm=\"x\"")]))
            #expect(bench.layer.serverTransactionCount == 0 && bench.layer.nextDeadline == nil)
        }
        #expect(bench.sent.count == 2 && bench.sent[0].bytes == bench.sent[1].bytes)
        let tag = try #require(bench.lastSent?.headers.to?.tag)
        bench.receive(TransactionBench.request("ACK", toTag: tag))
        #expect(bench.told == ["request INVITE", "request INVITE"])
        bench.receive(TransactionBench.request("ACK", toTag: "else"))
        #expect(bench.told.last == "ack")
    }

    @Test("A final response over a reliable transport ends another request's transaction at once")
    func reliable() {
        let bench = TransactionBench(transport: .tls)
        bench.receive(options)
        bench.respond(200, options)
        #expect(bench.layer.serverTransactionCount == 0 && bench.layer.nextDeadline == nil)
    }

    @Test("A broken flow tells the user of an open INVITE and forgets other requests")
    func flowFailure() {
        let bench = TransactionBench(transport: .tcp)
        bench.receive(invite)
        bench.receive(TransactionBench.request("OPTIONS", branch: "z9hG4bKo", callID: "c2"))
        bench.take(bench.layer.flowFailed(1, at: bench.now))
        #expect(bench.told.filter { $0 == "response transport error" }.count == 2)
        #expect(bench.layer.serverTransactionCount == 1)
    }
}
