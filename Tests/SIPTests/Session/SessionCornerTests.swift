import Testing

@testable import SIP

/// Corners of the session's states, with messages made by hand.
@Suite("Session corners")
struct SessionCornerTests {
    private func established() throws -> SessionBench {
        let bench = try SessionBench()
        #expect(
            bench.take(bench.response(200, sdp: "answer", headers: [("Allow", "INVITE, UPDATE")]))
                == ["ACK peer", "answered answer"])
        return bench
    }

    @Test("A BYE that is challenged is sent again with credentials and the next number")
    func challengedBye() throws {
        let bench = try established()
        _ = bench.command { $0.hangup(at: $1) }
        let first = bench.lastRequest, token = bench.token
        #expect(bench.take(bench.response(407, to: first), for: token) == ["challenged 407"])
        #expect(bench.command { $0.retry(token, headers: [("Proxy-Authorization", "Digest x")], at: $1) } == ["BYE peer"])
        #expect(bench.lastRequest.headers["Proxy-Authorization"] == "Digest x" && bench.token != token)
        #expect(bench.lastRequest.headers.cseq?.number == (first.headers.cseq?.number ?? 0) + 1)
        _ = bench.take(bench.response(200, to: bench.lastRequest), for: bench.token)
        #expect(bench.command { $0.transactionTerminated(bench.sent[0].token, at: $1) } == ["finished"])
    }

    @Test("What cannot be sent counts as 503, what is not answered as 408")
    func undelivered() throws {
        let first = try SessionBench()
        #expect(first.command { $0.requestNotSent(first.token, at: $1) } == ["failed 503", "finished"])
        let second = try SessionBench()
        #expect(second.command { $0.requestTimedOut(second.token, at: $1) } == ["failed 408", "finished"])
    }

    @Test("A hangup while credentials are awaited ends at once")
    func hangupWhileChallenged() throws {
        let bench = try SessionBench()
        #expect(bench.take(bench.response(401)) == ["challenged 401"])
        #expect(bench.command { $0.hangup(at: $1) } == ["ended here 16", "finished"])
        #expect(bench.command { $0.retry(bench.token, headers: [], at: $1) }.isEmpty)
    }

    @Test("UPDATE refused as unknown is tried as a re-INVITE", arguments: [405, 501])
    func updateRefused(status: Int) throws {
        let bench = try established()
        #expect(bench.command { $0.update(sdp: [7], at: $1) } == ["UPDATE peer"])
        #expect(bench.take(bench.response(status, to: bench.lastRequest), for: bench.token) == ["INVITE peer"])
        #expect(bench.lastRequest.body == [7])
    }

    @Test("A refresh by UPDATE that is refused as unknown is tried as a re-INVITE with the description last sent")
    func refreshRefused() throws {
        let bench = try SessionBench()
        _ = bench.take(
            bench.response(
                200, sdp: "answer",
                headers: [
                    ("Allow", "UPDATE"), ("Session-Expires", "100;refresher=uac"),
                ]))
        #expect(bench.advance(byMs: 49_999).isEmpty)
        #expect(bench.advance(byMs: 1) == ["UPDATE peer"])
        #expect(bench.lastRequest.body.isEmpty && bench.lastRequest.headers["Session-Expires"] == "100;refresher=uac")
        #expect(bench.take(bench.response(405, to: bench.lastRequest), for: bench.token) == ["INVITE peer"])
        #expect(bench.lastRequest.body == Array("offer".utf8))
        #expect(bench.advance(byMs: 17_999).isEmpty)
        #expect(bench.advance(byMs: 1) == ["BYE peer", "ended here 18 408"])
    }

    @Test(
        "A change refused for later is tried again after Retry-After, at most 10 s",
        arguments: [
            ("3", 3_000), ("3600", 10_000), ("soon", 10_000),
        ])
    func retryAfter(value: String, waitMs: Int) throws {
        let bench = try established()
        _ = bench.command { $0.reinvite(sdp: [7], at: $1) }
        let refusal = bench.response(500, to: bench.lastRequest, headers: [("Retry-After", value)])
        #expect(bench.take(refusal, for: bench.token).isEmpty)
        #expect(bench.advance(byMs: waitMs - 1).isEmpty)
        #expect(bench.advance(byMs: 1) == ["INVITE peer"])
    }

    @Test("Glare without end is told as 491 after the bound")
    func endlessGlare() throws {
        let bench = try established()
        _ = bench.command { $0.reinvite(sdp: [7], at: $1) }
        for _ in 0..<SessionLimits.glareRetries {
            #expect(bench.take(bench.response(491, to: bench.lastRequest), for: bench.token).isEmpty)
            #expect(bench.advance(byMs: 4_000) == ["INVITE peer"])
        }
        #expect(bench.take(bench.response(491, to: bench.lastRequest), for: bench.token) == ["offer rejected 491"])
    }

    @Test("A 2xx without the answer to our re-INVITE leaves what was agreed, and the next one goes out")
    func reinviteWithoutAnswer() throws {
        let bench = try established()
        _ = bench.command { $0.reinvite(sdp: [7], at: $1) }
        #expect(bench.take(bench.response(200, to: bench.lastRequest), for: bench.token) == ["ACK peer", "offer rejected 0"])
        #expect(bench.command { $0.reinvite(sdp: [8], at: $1) } == ["INVITE peer"])
    }

    @Test("A re-INVITE that crosses ours is refused 491, also when ours has no offer", arguments: [nil, [7]] as [[UInt8]?])
    func crossingReinvites(sdp: [UInt8]?) throws {
        let bench = try established()
        _ = bench.command { $0.reinvite(sdp: sdp, at: $1) }
        #expect(bench.take(.invite, sdp: "x") == ["491 INVITE"] && bench.take(.invite) == ["491 INVITE"])
    }

    @Test("An UPDATE of the owner takes the session interval that its answer sets")
    func ownUpdate() throws {
        let bench = try established()
        #expect(bench.command { $0.request(.update, id: 3, at: $1) } == ["UPDATE peer"])
        let answer = bench.response(200, to: bench.lastRequest, headers: [("Session-Expires", "100;refresher=uas")])
        #expect(bench.take(answer, for: bench.token) == ["completed 3 200"])
        #expect(bench.session.terms == SessionTimerTerms(intervalS: 100, weRefresh: false))
    }

    @Test(
        "The methods that are the session's own cannot be sent by the owner",
        arguments: [
            SIPMethod.invite, .ack, .bye, .cancel, .prack,
        ])
    func ownMethods(method: SIPMethod) throws {
        let bench = try established()
        #expect(bench.command { $0.request(method, id: 3, at: $1) } == ["completed 3 405"])
    }

    @Test("481 to a request of ours ends the call", arguments: [true, false])
    func forgotten(change: Bool) throws {
        let bench = try established()
        _ = bench.command { change ? $0.reinvite(sdp: [7], at: $1) : $0.sendInfo(contentType: "a/b", body: [1], id: 4, at: $1) }
        let words = bench.take(bench.response(481, to: bench.lastRequest), for: bench.token)
        #expect(words == (change ? [] : ["completed 4 481"]) + ["BYE peer", "ended here 127 481"])
    }

    @Test("Requests under way are bounded")
    func pendingBound() throws {
        let bench = try established()
        for id in 1..<UInt64(SessionLimits.pendingRequests) {
            #expect(bench.command { $0.request(.info, id: id, at: $1) } == ["INFO peer"])
        }
        #expect(bench.command { $0.request(.info, id: 99, at: $1) } == ["completed 99 500"])
    }

    @Test("An INVITE without Contact is refused 400")
    func noContact() throws {
        let bench = try SessionBench { $0.headers.remove("Contact") }
        #expect(bench.command { $0.begin(at: $1) } == ["400 INVITE", "finished"])
    }

    @Test("An INVITE before the first is answered is refused for later, one that crosses ours with 491")
    func untimelyInvites() throws {
        let called = try SessionBench { _ in }
        _ = called.command { $0.begin(at: $1) }
        #expect(called.take(.invite, sdp: "x") == ["500 INVITE"] && called.responses.last?.headers["Retry-After"] != nil)
        let calling = try SessionBench()
        _ = calling.take(calling.response(180))
        #expect(calling.take(.invite, sdp: "x") == ["491 INVITE"])
    }

    @Test("A re-INVITE stands for the ACK that was lost, unless that is to bring the answer")
    func reinviteForACK() throws {
        let bench = try SessionBench { _ in }
        _ = bench.command { $0.begin(at: $1) }
        _ = bench.command { $0.answer(sdp: [1], at: $1) }
        #expect(bench.take(.invite, sdp: "more") == ["confirmed", "offer more"])
        let late = try SessionBench { $0.body = [] }
        _ = late.command { $0.begin(at: $1) }
        _ = late.command { $0.answer(sdp: [1], at: $1) }
        #expect(late.take(.invite, sdp: "more") == ["491 INVITE"])
    }

    @Test("A call whose ACK lacks the answer is hung up")
    func ackWithoutAnswer() throws {
        let bench = try SessionBench { $0.body = [] }
        _ = bench.command { $0.begin(at: $1) }
        _ = bench.command { $0.answer(sdp: [1], at: $1) }
        #expect(bench.acknowledge() == ["confirmed", "offer rejected 0", "BYE peer", "ended here 58 488"])
    }

    @Test("A PRACK may bring a new offer, whose answer is in its 200")
    func offerInPRACK() throws {
        let bench = try SessionBench { _ in }
        _ = bench.command { $0.begin(at: $1) }
        _ = bench.command { $0.progress(sdp: [1], at: $1) }
        let rseq = try #require(bench.responses.last?.headers["RSeq"])
        #expect(bench.take(.prack, sdp: "new", headers: [("RAck", "\(rseq) 100 INVITE")]) == ["offer new"])
        #expect(bench.command { $0.acceptOffer(bench.offer!, sdp: [9], at: $1) } == ["200 PRACK"])
        #expect(bench.responses.last?.body == [9])
        #expect(bench.take(.prack, headers: [("RAck", "\(rseq) 100 INVITE")]) == ["481 PRACK"])
    }

    @Test("A PRACK that owes an answer and brings none ends the call")
    func prackWithoutAnswer() throws {
        let bench = try SessionBench { $0.body = [] }
        _ = bench.command { $0.begin(at: $1) }
        _ = bench.command { $0.progress(sdp: [1], at: $1) }
        let rseq = try #require(bench.responses.last?.headers["RSeq"])
        #expect(
            bench.take(.prack, headers: [("RAck", "\(rseq) 100 INVITE")])
                == ["200 PRACK", "488 INVITE", "ended here 58 488", "finished"])
    }

    @Test("A PRACK that a 200 overtook is answered 200, once")
    func overtakenPRACK() throws {
        let bench = try SessionBench { $0.headers.add("Require", "100rel") }
        _ = bench.command { $0.begin(at: $1) }
        _ = bench.command { $0.ring(at: $1) }
        let rseq = try #require(bench.responses.last?.headers["RSeq"])
        #expect(bench.command { $0.answer(sdp: [1], at: $1) } == ["200 INVITE"])
        #expect(bench.take(.prack, headers: [("RAck", "\(rseq) 100 INVITE")]) == ["200 PRACK"])
        #expect(bench.take(.prack, headers: [("RAck", "\(rseq) 100 INVITE")]) == ["481 PRACK"])
    }

    @Test("Provisional responses that wait for a PRACK are bounded")
    func queueBound() throws {
        let bench = try SessionBench { $0.headers.add("Require", "100rel") }
        _ = bench.command { $0.begin(at: $1) }
        for _ in 0..<50 { _ = bench.command { $0.ring(at: $1) } }
        #expect(bench.session.provisionals.queue.count == SessionLimits.queuedProvisionals)
        #expect(bench.responses.count == 1)
    }

    @Test("Commands that come too late do nothing")
    func tooLate() throws {
        let bench = try SessionBench { _ in }
        _ = bench.command { $0.begin(at: $1) }
        #expect(bench.command { $0.reject(status: 486, at: $1) } == ["486 INVITE", "ended here 17 486", "finished"])
        for command: (InviteSession, SIPInstant) -> [SessionAction] in [
            { $0.begin(at: $1) }, { $0.ring(at: $1) }, { $0.progress(sdp: [1], at: $1) }, { $0.answer(sdp: [1], at: $1) },
            { $0.reject(status: 404, at: $1) }, { $0.hangup(at: $1) }, { $0.reinvite(sdp: [1], at: $1) },
            { $0.update(sdp: [1], at: $1) }, { $0.start(at: $1) },
            { $0.receiveCancel(ServerTransactionID(number: 0), bench.invite, at: $1) },
        ] { #expect(bench.command(command).isEmpty) }
        #expect(bench.take(.bye) == ["200 BYE"] && bench.take(.info) == ["481 INFO"])
    }

    @Test("Commands before `begin` do nothing")
    func tooEarly() throws {
        let bench = try SessionBench { _ in }
        #expect(bench.command { $0.answer(sdp: [1], at: $1) }.isEmpty && bench.command { $0.ring(at: $1) }.isEmpty)
    }

    @Test("Nothing that can be set brings a line break into a message")
    func lineBreaks() throws {
        let bench = try SessionBench { _ in }
        _ = bench.command { $0.begin(at: $1) }
        _ = bench.command {
            $0.reject(
                status: 486, reason: "Busy\r\nX: y", reasons: [.sip(1, text: "a\r\nX: y")],
                headers: [("Warning", "b\r\nX: y")], at: $1)
        }
        let bytes = try #require(bench.responses.last).encoded()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("\nX: y"))
    }
}
