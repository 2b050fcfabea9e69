import Testing

@testable import SIP

@Suite("Client transactions")
struct ClientTransactionTests {
    @Test(
        "An unanswered request is repeated on the timetable and then times out",
        arguments: [
            (SIPMethod.invite, [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]),
            (SIPMethod.options, [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]),
        ] as [(SIPMethod, [UInt64])])
    func retransmission(method: SIPMethod, timesMs: [UInt64]) {
        let bench = TransactionBench()
        _ = bench.send(method)
        bench.advance(toMs: 31_990)
        #expect(bench.told.isEmpty)
        bench.advance(toMs: 40_000)
        #expect(bench.sent.map(\.atMs) == timesMs)
        #expect(Set(bench.sent.map(\.bytes)).count == 1)
        #expect(bench.told == ["timeout", "terminated"])
        #expect(bench.layer.clientTransactionCount == 0 && bench.layer.nextDeadline == nil)
    }

    @Test("Over a reliable transport nothing is repeated", arguments: [SIPMethod.invite, .options])
    func reliable(method: SIPMethod) {
        let bench = TransactionBench(transport: .tcp)
        _ = bench.send(method)
        bench.advance(toMs: 40_000)
        #expect(bench.sent.count == 1)
        #expect(bench.told == ["timeout", "terminated"])
    }

    @Test("A sent request has our Via on top and Max-Forwards")
    func viaAndMaxForwards() throws {
        let bench = TransactionBench()
        let id = bench.send(.options)
        let headers = try #require(bench.lastSent).headers
        let via = try #require(headers.topVia)
        #expect(via.transport == "UDP" && via.host == "192.0.2.1" && via.port == 5060 && via.branch == id.branch)
        #expect(via.asksForRport && headers.maxForwards == 70)
    }

    @Test("A refused INVITE is acknowledged in its transaction, and again for each repetition")
    func acknowledgesRefusal() throws {
        let bench = TransactionBench()
        let id = bench.send(.invite)
        let invite = try #require(bench.lastSent)
        bench.answer(id, 486, method: "INVITE")
        bench.answer(id, 486, method: "INVITE")
        #expect(bench.sentLines.dropFirst() == ["ACK sip:bob@192.0.2.2 SIP/2.0", "ACK sip:bob@192.0.2.2 SIP/2.0"])
        let ack = try #require(bench.lastSent)
        #expect(ack.headers["Via"] == invite.headers["Via"] && ack.headers["Route"] == invite.headers["Route"])
        #expect(ack.headers.to?.tag == "b" && ack.headers["CSeq"] == "1 ACK" && ack.headers.all("Via").count == 1)
        #expect(bench.told == ["response 486"])
        bench.advance(toMs: 31_990)
        #expect(bench.layer.clientTransactionCount == 1)
        bench.advance(toMs: 32_000)
        #expect(bench.told == ["response 486", "terminated"] && bench.layer.clientTransactionCount == 0)
    }

    @Test("Every 2xx to INVITE is handed on until timer M ends")
    func acceptedState() {
        let bench = TransactionBench()
        let id = bench.send(.invite)
        bench.answer(id, 200, method: "INVITE")
        bench.advance(toMs: 20_000)
        bench.answer(id, 200, method: "INVITE")
        bench.advance(toMs: 32_000)
        bench.answer(id, 200, method: "INVITE")
        #expect(bench.told == ["response 200", "response 200", "terminated"])
        #expect(bench.sent.count == 1)
    }

    @Test("CANCEL waits for a provisional response and shares the branch; its own response is not handed on")
    func cancelWaits() throws {
        let bench = TransactionBench()
        let id = bench.send(.invite)
        let invite = try #require(bench.lastSent)
        bench.take(bench.layer.cancel(id, headers: [("Reason", "SIP;cause=200")], at: bench.now))
        #expect(bench.sent.count == 1)
        bench.answer(id, 180, method: "INVITE")
        let cancel = try #require(bench.lastSent)
        #expect(bench.sentLines.last == "CANCEL sip:bob@192.0.2.2 SIP/2.0")
        #expect(cancel.headers["Via"] == invite.headers["Via"] && cancel.headers["CSeq"] == "1 CANCEL")
        #expect(cancel.headers.to?.tag == nil && cancel.headers["Reason"] == "SIP;cause=200")
        #expect(cancel.headers["Contact"] == nil)
        bench.answer(id, 200, method: "CANCEL")
        bench.answer(id, 487, method: "INVITE")
        #expect(bench.told == ["response 180", "response 487"])
        bench.advance(toMs: 40_000)
        #expect(bench.told.last == "terminated" && bench.layer.clientTransactionCount == 0)
    }

    @Test("A cancelled INVITE without a final response is given up after 64*T1")
    func cancelWithoutFinal() {
        let bench = TransactionBench()
        let id = bench.send(.invite)
        bench.answer(id, 180, method: "INVITE")
        bench.take(bench.layer.cancel(id, at: bench.now))
        bench.answer(id, 200, method: "CANCEL")
        bench.advance(toMs: 31_990)
        #expect(bench.told == ["response 180"])
        bench.advance(toMs: 32_000)
        #expect(bench.told == ["response 180", "timeout", "terminated"] && bench.layer.clientTransactionCount == 0)
    }

    @Test(
        "A response with a branch that is not ours, or of another method, is dropped",
        arguments: [
            "z9hG4bKffffffffffffffff", "z9hG4bK", "foo",
        ])
    func strangeResponses(branch: String) {
        let bench = TransactionBench()
        let id = bench.send(.options)
        for (branch, method) in [(branch, "OPTIONS"), (id.branch, "INFO"), (id.branch, "CANCEL")] {
            bench.receive(
                """
                SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=\(branch)\r\nFrom: <sip:a@b>;tag=a\r
                To: <sip:b@b>;tag=b\r\nCall-ID: call\r\nCSeq: 1 \(method)\r\nContent-Length: 0\r\n\r\n
                """)
        }
        #expect(bench.told.isEmpty)
    }

    @Test("A broken flow fails its transactions, those on other flows go on")
    func flowFailure() {
        let bench = TransactionBench(transport: .tcp)
        _ = bench.send(.options)
        bench.take(bench.layer.flowFailed(2, at: bench.now))
        #expect(bench.told.isEmpty)
        bench.take(bench.layer.flowFailed(1, at: bench.now))
        #expect(bench.told == ["transport error", "terminated"] && bench.layer.isEmpty)
    }

    @Test("A request that could not be sent fails by itself")
    func sendFailure() {
        let bench = TransactionBench()
        let first = bench.send(.options)
        let second = bench.send(.options)
        bench.take(bench.layer.transportFailed(first, at: bench.now))
        #expect(bench.told == ["transport error", "terminated"] && bench.layer.clientTransactionCount == 1)
        bench.answer(second, 200, method: "OPTIONS")
        #expect(bench.told.last == "response 200")
    }

    @Test("The bound on client transactions holds at it and one past it")
    func limit() {
        let bench = TransactionBench(limits: TransactionLimits(clientTransactions: 2))
        _ = bench.send(.options)
        _ = bench.send(.options)
        #expect(bench.sent.count == 2 && bench.told.isEmpty)
        _ = bench.send(.options)
        #expect(bench.sent.count == 2 && bench.told == ["transport error", "terminated"])
    }
}
