import ARIModel
import CallCore
import Dialplan
import Media
import Testing

@Suite("Snoop channels")
@CallActor
struct SnoopTests {
    private let test = TestCore(
        """
        [phones]
        exten = 1000,1,Stasis(app)
        [default]
        exten = s,1,NoOp(after)
        same = n,Wait(60)
        """)

    private func request(_ id: String = "snoop", app: String = "app") -> SnoopRequest {
        SnoopRequest(id: id, spy: .in, whisper: .out, application: app, arguments: ["a"], data: "\(app),a")
    }

    @Test("A snoop channel is up, enters its application, and ends when the target does")
    func life() async throws {
        let events = test.listen("app")
        let (target, leg) = await test.call("1000")
        let snoop = try test.core.snoop(on: target, request())
        #expect(snoop.name.hasPrefix("Snoop/\(target.id)-") && snoop.state == .up && snoop.snapshot.dialplan.context == "default")
        await test.settle()
        #expect(events.story == ["StasisStart", "StasisStart"])
        #expect(snoop.snapshot.dialplan.appData == "app,a")
        let snooped = try #require(test.media.pipes.last?.1.snooped)
        #expect(snooped.target === leg.testPort && snooped.directions == SnoopDirections(spiesIn: true, whispersOut: true))
        target.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(events.story.suffix(3) == ["ChannelHangupRequest", "StasisEnd", "StasisEnd"])
        #expect(test.core.channels["snoop"] == nil)
        #expect(test.media.pipes.last.map { $0.0.isClosed && $0.1.isClosed } == true)
    }

    @Test("A snoop follows its target to another port, and ends alone")
    func otherPort() async throws {
        let events = test.listen("app")
        let (target, leg) = await test.call("1000")
        let snoop = try test.core.snoop(on: target, request())
        await test.settle()
        let other = SilentPort()
        leg.port = other
        target.legMediaChanged()
        #expect(test.media.pipes.last?.1.snooped?.target === other)
        snoop.requestHangup(cause: .normalClearing)
        await test.settle()
        #expect(events.story.suffix(2) == ["ChannelHangupRequest", "StasisEnd"])
        #expect(!target.isGone && test.core.channels["snoop"] == nil)
    }

    @Test("A snoop for an application that is not there ends; one that is let go runs the dialplan")
    func applications() async throws {
        let events = test.listen("app")
        let (target, _) = await test.call("1000")
        let lost = try test.core.snoop(on: target, request("lost", app: "nobody"))
        let kept = try test.core.snoop(on: target, request("kept"))
        await test.settle()
        #expect(lost.isGone && !kept.isGone)
        kept.continueInDialplan(at: .init(context: "default", extension: "s"))
        await test.settle()
        #expect(kept.location.priority == 2 && !kept.isGone && events.types.contains("StasisEnd"))
    }
}
