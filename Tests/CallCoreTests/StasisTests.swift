import ARIModel
import CallCore
import Dialplan
import Media
import Testing

@CallActor
struct StasisTests {
    let dialplan = """
        [phones]
        exten => 1000,1,Answer()
         same => n,Stasis(hello-world,one,two)
         same => n,Set(AFTER=${STASISSTATUS})
         same => n,Wait(1)
         same => n,Hangup()
        exten => 2000,1,Stasis(nobody)
         same => n,Hangup(34)
        """

    @Test("A call enters the application, hears a sound, and leaves when the phone hangs up")
    func helloWorld() async throws {
        let test = TestCore(dialplan)
        let events = test.listen("hello-world")
        let (channel, leg) = await test.call("1000")
        let start = try #require(events.first("StasisStart"))
        #expect(start["args"]?.array?.compactMap(\.string) == ["one", "two"])
        #expect(start["application"]?.string == "hello-world")
        #expect(start["channel"]?["state"]?.string == "Up")

        let playback = try #require(channel.play(PlayRequest(id: "p1", media: ["sound:hello-world"])))
        #expect(playback.snapshot.state == .queued, "nothing begins before the client has its answer")
        await test.settle()
        #expect(playback.snapshot.state == .playing)
        #expect(test.core.playbacks["p1"] != nil)
        channel.legMediaEvent(.playbackFinished(token: try #require(leg.testPort.played.last), positionMs: 1_000))
        #expect(test.core.playbacks["p1"] == nil)

        channel.legEnded(cause: .unknown)
        await test.settle()
        #expect(events.story == ["StasisStart", "PlaybackStarted", "PlaybackFinished", "ChannelHangupRequest", "StasisEnd"])
        #expect(test.core.channels.count == 0)
        #expect(leg.hungUpWith == .unknown)
    }

    @Test("Without a connected application the dialplan goes on with STASISSTATUS FAILED")
    func applicationMissing() async {
        let test = TestCore(dialplan)
        let (channel, leg) = await test.call("2000")
        #expect(channel.variable("STASISSTATUS")?.string == "FAILED")
        #expect(leg.hungUpWith == .congestion)
        #expect(test.core.channels.count == 0)
    }

    @Test("continue leads to the next priority, once what is queued has been played")
    func continueWaitsForPlaybacks() async throws {
        let test = TestCore(dialplan)
        let events = test.listen("hello-world")
        let (channel, leg) = await test.call("1000")
        _ = channel.play(PlayRequest(id: nil, media: ["sound:a"]))
        channel.continueInDialplan(at: nil)
        await test.settle()
        #expect(channel.stasis != nil)
        channel.legMediaEvent(.playbackFinished(token: try #require(leg.testPort.played.last), positionMs: 1_000))
        await test.settle()
        #expect(channel.stasis == nil)
        #expect(channel.variable("AFTER")?.string == "SUCCESS")
        #expect(events.story.last == "StasisEnd")
        await test.pass(ms: 1_100)
        #expect(test.core.channels.count == 0)
    }

    @Test("A second socket takes the application over, and only it gets the events that follow")
    func replaced() async {
        let test = TestCore(dialplan)
        let first = test.listen("hello-world")
        let second = test.listen("hello-world")
        _ = await test.call("1000")
        #expect(first.types == ["ApplicationReplaced"])
        #expect(second.types.contains("StasisStart"))
    }

    @Test(
        "Media that can't be played ends as failed", arguments: ["sound:missing", "nonsense:x", "recording:none", "number:abc", "sound:"])
    func unplayable(media: String) async throws {
        let test = TestCore(dialplan)
        let events = test.listen("hello-world")
        let (channel, _) = await test.call("1000")
        _ = channel.play(PlayRequest(id: nil, media: [media]))
        await test.settle()
        let finished = try #require(events.first("PlaybackFinished"))
        #expect(finished["playback"]?["state"]?.string == "failed")
        #expect(test.core.channels.count == 1)
    }

    @Test("An event filter holds back what it names and lets the rest through")
    func filter() async throws {
        let test = TestCore(dialplan)
        let events = test.listen("hello-world")
        let application = try #require(test.core.applications["hello-world"])
        application.setFilter(allowed: nil, disallowed: [try #require(EventFilterEntry(["type": "StasisStart"]))])
        let (channel, _) = await test.call("1000")
        channel.setVariable("X", "1")
        #expect(events.types == ["ChannelVarset"])
    }
}
