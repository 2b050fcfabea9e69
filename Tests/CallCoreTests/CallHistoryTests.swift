import CallCore
import Testing
import VirtualTime

@CallActor
struct CallHistoryTests {
    private let dialplan = """
        [phones]
        exten => 202,1,Dial(Test/202,10)
         same => n,Hangup()
        exten => both,1,Dial(Test/1&Test/2,10)
        exten => app,1,Answer()
         same => n,Stasis(bot)
        exten => quiet,1,Wait(5)
        exten => loop,1,Set(I=0)
         same => n(again),Set(I=$[${I} + 1])
         same => n,GotoIf($[${I} < 700]?again)
        exten => loc,1,Dial(Local/202@phones)
        """

    /// A core that keeps its calls in a list.
    private func kept(_ dialplan: String) -> (test: TestCore, calls: Calls) {
        let test = TestCore(dialplan)
        let calls = Calls()
        test.core.history.keeper = { calls.all.append($0) }
        return (test, calls)
    }

    @CallActor
    private final class Calls {
        var all: [CallRecord] = []
    }

    @Test("A call between two phones is one record, kept when the last channel is gone")
    func twoPhones() async throws {
        let (test, calls) = kept(dialplan)
        let (caller, _) = await test.call("202")
        let begun = test.scheduler.nowMs
        let peer = try #require(test.phones.legs.first?.channel)
        peer.legRinging()
        await test.pass(ms: 2_000)
        peer.legAnswered()
        await test.pass(ms: 3_000)
        #expect(calls.all.isEmpty)
        peer.legEnded(cause: .normalClearing)
        await test.settle()
        let record = try #require(calls.all.first)
        #expect(calls.all.count == 1)
        #expect(record.id == caller.id)
        #expect((record.startedMs, record.answeredMs, record.endedMs) == (begun, begun + 2_000, begun + 5_000))
        #expect((record.caller.number, record.dialled, record.disposition, record.cause) == ("201", "202", .answered, .normalClearing))
        #expect(record.channels.count == 2)
        let story = record.moments.map { "\($0.atMs) \($0.channel) \($0.kind)" }
        #expect(story.first == "0 0 created")
        #expect(story.contains("2000 1 answered") && story.contains("2000 0 answered"))
        #expect(story.filter { $0.hasSuffix("entersBridge") }.count == 2)
        #expect(record.moments.contains { $0.kind == .runs && $0.detail.text == "Dial(Test/202,10)" })
        #expect(record.moments.last?.kind == .ended)
    }

    @Test(
        "How a call came out",
        arguments: [
            (HangupCause.userBusy, CallRecord.Disposition.busy), (.congestion, .congestion), (.noAnswer, .unanswered),
            (.callRejected, .unanswered), (3, .failed),
        ])
    func dispositions(cause: HangupCause, expected: CallRecord.Disposition) async throws {
        let (test, calls) = kept(dialplan)
        _ = await test.call("202")
        test.phones.legs.first?.channel?.legEnded(cause: cause)
        await test.settle()
        #expect(calls.all.first?.disposition == expected)
        #expect(calls.all.first?.answeredMs == nil)
    }

    @Test("A call that its caller gives up is not answered; all phones that rang belong to it")
    func givenUp() async throws {
        let (test, calls) = kept(dialplan)
        let (_, leg) = await test.call("both")
        leg.channel?.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(calls.all.count == 1)
        #expect(calls.all.first?.disposition == .unanswered)
        #expect(calls.all.first?.channels.count == 3)
    }

    @Test("A call in an application names it, and both halves of a Local channel belong to their call")
    func applications() async throws {
        let (test, calls) = kept(dialplan)
        let bot = test.listen("bot")
        let (channel, _) = await test.call("app")
        await test.pass(ms: 1_000)
        channel.requestHangup(cause: .normalClearing)
        await test.settle()
        #expect(bot.types.contains("StasisEnd"))
        #expect(calls.all.first?.application == "bot")
        #expect(calls.all.first?.moments.filter { $0.kind == .entersApplication || $0.kind == .leavesApplication }.count == 2)
        let (other, _) = await test.call("loc")
        other.requestHangup(cause: .normalClearing)
        await test.settle()
        #expect(calls.all.count == 2)
        #expect(calls.all.last?.channels.count == 4)
    }

    @Test("No call keeps more moments than the limit; what is left out is counted")
    func bounded() async throws {
        let (test, calls) = kept(dialplan)
        _ = await test.call("loop")
        for _ in 0..<20 { await test.pass(ms: 10) }
        let record = try #require(calls.all.first)
        #expect(record.moments.count == 1_000)
        #expect(record.lostMoments > 0)
    }

    @Test("Without a keeper nothing is gathered; calls that began with one are still kept")
    func switchedOff() async throws {
        let (test, calls) = kept(dialplan)
        let (first, _) = await test.call("quiet")
        let keeper = test.core.history.keeper
        test.core.history.keeper = nil
        let (second, _) = await test.call("quiet")
        test.core.history.keeper = keeper
        first.requestHangup(cause: .normalClearing)
        second.requestHangup(cause: .normalClearing)
        await test.settle()
        #expect(calls.all.map(\.id) == [first.id])
    }
}
