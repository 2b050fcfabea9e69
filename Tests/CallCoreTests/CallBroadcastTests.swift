import ARIModel
import CallCore
import Dialplan
import Testing

@CallActor
struct CallBroadcastTests {
    private let dialplan = """
        [phones]
        exten => 1,1,StasisBroadcast(2000,^team-,one:two,yes)
         same => n,Set(AFTER=${STASISSTATUS})
         same => n,Wait(60)
        exten => 2,1,StasisBroadcast(,(,)
         same => n,Wait(60)
        """

    @Test func `A call is offered to all applications that match, and the first to claim it gets it`() async throws {
        let test = TestCore(dialplan)
        let (first, second, other) = (test.listen("team-a"), test.listen("team-b"), test.listen("else"))
        let (channel, _) = await test.call("1")
        #expect(first.story == ["CallBroadcast"] && second.story == ["CallBroadcast"] && other.story.isEmpty)
        #expect(first.events[0]["called"]?.string == "1" && first.events[0]["caller"]?.string == "201")
        #expect(throws: ClaimError.notOffered) { try test.core.claim(channel: channel.id, for: "else") }
        #expect(throws: ClaimError.notOffered) { try test.core.claim(channel: "nosuch", for: "team-a") }
        try test.core.claim(channel: channel.id, for: "team-b")
        #expect(throws: ClaimError.alreadyClaimed) { try test.core.claim(channel: channel.id, for: "team-a") }
        await test.settle()
        #expect(first.story == ["CallBroadcast", "CallClaimed"])
        #expect(second.story == ["CallBroadcast", "CallClaimed", "StasisStart"])
        #expect(second.first("CallClaimed")?["winner_app"]?.string == "team-b")
        #expect(second.first("StasisStart")?["args"]?.array?.compactMap(\.string) == ["one", "two"])
        channel.continueInDialplan(at: nil)
        await test.settle()
        #expect(throws: ClaimError.notOffered) { try test.core.claim(channel: channel.id, for: "team-a") }
        #expect(channel.variable("AFTER")?.string == "SUCCESS")
    }

    @Test func `A call that nobody claims in time goes on, at once when there is nobody to claim it`() async throws {
        let test = TestCore(dialplan)
        let team = test.listen("team-a")
        let (offered, _) = await test.call("1")
        await test.pass(ms: 1_900)
        #expect(offered.variable("AFTER") == nil)
        await test.pass(ms: 200)
        #expect(offered.variable("AFTER")?.string == "TIMEOUT")
        #expect(throws: ClaimError.notOffered) { try test.core.claim(channel: offered.id, for: "team-a") }
        #expect(team.story == ["CallBroadcast"])
        test.core.applications.unregister("team-a", sink: team)
        let (alone, _) = await test.call("1")
        #expect(alone.variable("AFTER")?.string == "TIMEOUT")
    }

    @Test func `A filter that can't be read is told in the log and offers the call to nobody`() async throws {
        let test = TestCore(dialplan)
        let team = test.listen("team-a")
        let (channel, _) = await test.call("2")
        #expect(team.story.isEmpty)
        #expect(channel.variable("STASISSTATUS")?.string == "FAILED")
        #expect(test.log.lines.contains { $0.contains("StasisBroadcast") })
    }

    @Test func `Who hangs up while the call is offered ends it`() async throws {
        let test = TestCore(dialplan)
        _ = test.listen("team-a")
        let (channel, leg) = await test.call("1")
        channel.legEnded(cause: .unknown)
        await test.settle()
        #expect(test.core.channels.count == 0 && leg.hungUpWith != nil)
    }
}
