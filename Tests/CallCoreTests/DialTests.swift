import ARIModel
import CallCore
import Dialplan
import Media
import Testing

@CallActor
struct DialTests {
    let dialplan = """
        [phones]
        exten => _2XX,1,Dial(Test/${EXTEN},10)
         same => n,Hangup()
        exten => both,1,Dial(Test/1&Test/2,10)
        exten => _9.,1,Dial(Test/${EXTEN:1},10)
        exten => loc,1,Dial(Local/echo@phones)
        exten => echo,1,Answer()
         same => n,Echo()
        """

    @Test("Dial joins the two phones, and the end of one ends the other")
    func joins() async throws {
        let test = TestCore(dialplan)
        let events = test.listen("all", all: true)
        let (caller, callerLeg) = await test.call("202")
        let peerLeg = try #require(test.phones.legs.first)
        let peer = try #require(peerLeg.channel)
        #expect(peerLeg.isCalled)
        peer.legRinging()
        #expect(callerLeg.indications == [.connectedLine, .ringing])
        peer.legAnswered()
        await test.settle()
        #expect(caller.state == .up)
        #expect(callerLeg.testPort.hasPeer && peerLeg.testPort.hasPeer)
        #expect(caller.bridge != nil && caller.bridge === peer.bridge)
        peer.legEnded(cause: .unknown)
        await test.settle()
        #expect(test.core.channels.count == 0)
        #expect(test.core.bridges.all.isEmpty)
        #expect(callerLeg.hungUpWith == .normalClearing)
        let dials = events.events.filter { $0["type"]?.string == "Dial" }.compactMap { $0["dialstatus"]?.string }
        #expect(dials == ["", "RINGING", "ANSWER"])
    }

    @Test("The first phone to answer gets the call, the others are told it was answered elsewhere")
    func firstAnswerWins() async throws {
        let test = TestCore(dialplan)
        let (caller, _) = await test.call("both")
        let legs = test.phones.legs
        try #require(legs.count == 2)
        legs[1].channel?.legAnswered()
        await test.settle()
        #expect(legs[0].hungUpWith == .answeredElsewhere)
        #expect(caller.bridge != nil)
    }

    @Test(
        "A dial that nobody answers ends with its reason",
        arguments: [
            (HangupCause.userBusy, "BUSY"), (.congestion, "CONGESTION"), (.noAnswer, "NOANSWER"), (.callRejected, "NOANSWER"),
        ])
    func fails(cause: HangupCause, status: String) async throws {
        let test = TestCore(dialplan)
        let (caller, _) = await test.call("202")
        test.phones.legs.first?.channel?.legEnded(cause: cause, techCause: 486)
        await test.settle()
        #expect(caller.variable("DIALSTATUS")?.string == status)
    }

    @Test("A phone that does not answer in time is given up")
    func timesOut() async throws {
        let test = TestCore(dialplan)
        let (caller, _) = await test.call("202")
        await test.pass(ms: 10_100)
        #expect(caller.variable("DIALSTATUS")?.string == "NOANSWER")
        #expect(test.phones.legs.first?.hungUpWith == .noAnswer)
        #expect(test.core.channels.count == 0)
    }

    @Test("A caller that gives up ends the ringing phone")
    func callerGone() async throws {
        let test = TestCore(dialplan)
        let (caller, _) = await test.call("202")
        caller.legEnded(cause: .unknown)
        await test.settle()
        #expect(test.core.channels.count == 0)
        #expect(test.phones.legs.first?.hungUpWith != nil)
    }

    @Test("What a caller dials never names another technology, context or second phone", arguments: ["92&Test/3", "9x@phones", "9a/b"])
    func dialledNumberIsData(number: String) async {
        let test = TestCore(dialplan)
        _ = await test.call(number)
        #expect(test.phones.legs.isEmpty)
    }

    @Test("A Local channel runs the dialplan on its second half, and both halves end together")
    func local() async throws {
        let test = TestCore(dialplan)
        let (caller, _) = await test.call("loc")
        #expect(test.core.channels.all.map(\.technology) == ["Test", "Local", "Local"])
        #expect(caller.state == .up)
        caller.legEnded(cause: .unknown)
        await test.settle()
        #expect(test.core.channels.count == 0)
    }

    @Test("Originate calls the phone and gives it to the application when it answers")
    func originate() async throws {
        let test = TestCore(dialplan)
        let events = test.listen("app")
        var request = OriginateRequest(endpoint: "Test/5", target: .application(name: "app", arguments: ["x"], data: "app,x"))
        request.callerID = "Boss <555>"
        let channel = try test.core.originate(request)
        #expect(channel.connected == PartyID(name: "Boss", number: "555"))
        channel.legRinging()
        channel.legAnswered()
        #expect(events.story == ["Dial", "ChannelStateChange", "Dial", "ChannelStateChange", "Dial", "StasisStart"])
        #expect(throws: DialRefusal.unknownDestination("nobody")) {
            try test.core.originate(OriginateRequest(endpoint: "Test/nobody", target: request.target))
        }
    }
}
