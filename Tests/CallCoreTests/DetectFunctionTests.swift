import ARIModel
import CallCore
import Media
import Testing

@CallActor
struct DetectFunctionTests {
    private let test = TestCore("[phones]\nexten => 1,1,Answer()\n same => n,Wait(60)")

    @Test(
        "TALK_DETECT(set) takes the silence and the threshold, and remove ends it",
        arguments: [
            ("400,128", TalkDetection(silenceMs: 400, threshold: 128)), ("", TalkDetection()), (",99", TalkDetection(threshold: 99)),
            ("2147483647", TalkDetection(silenceMs: 2_147_483_647)),
        ])
    func talk(value: String, expected: TalkDetection) async {
        let (channel, leg) = await test.call("1")
        channel.assign("TALK_DETECT(set)", value)
        channel.assign("TALK_DETECT(remove)", "")
        #expect(leg.testPort.talkDetections == [expected, nil])
    }

    @Test(
        "TALK_DETECT takes no numbers out of range and nothing but set and remove",
        arguments: [
            ("set", "0"), ("set", "-1"), ("set", "2147483648"), ("set", "400,x"), ("other", "400,128"),
        ])
    func wrongTalk(what: String, value: String) async {
        let (channel, leg) = await test.call("1")
        channel.assign("TALK_DETECT(\(what))", value)
        #expect(leg.testPort.talkDetections.isEmpty)
    }

    @Test("Talk on the leg is told to applications")
    func talkEvents() async {
        let events = test.listen("app", all: true)
        let (channel, _) = await test.call("1")
        channel.legMediaEvent(.talkingStarted)
        channel.legMediaEvent(.talkingFinished(durationMs: 640))
        #expect(events.types.suffix(2) == ["ChannelTalkingStarted", "ChannelTalkingFinished"])
        #expect(events.first("ChannelTalkingFinished")?["duration"] == .int(640))
    }

    @Test(
        "TONE_DETECT reads frequency, duration and options",
        arguments: [
            ("1130,300,r", ToneDetection(frequency: 1_130, durationMs: 300, outgoing: false)),
            ("425", ToneDetection(frequency: 425)), ("425,,t", ToneDetection(frequency: 425, incoming: false)),
            ("425,1,rtd(6)", ToneDetection(frequency: 425, durationMs: 1, thresholdDB: 6)),
        ])
    func tone(arguments: String, expected: ToneDetection) async {
        let (channel, leg) = await test.call("1")
        channel.assign("TONE_DETECT(\(arguments))", "")
        channel.assign("TONE_DETECT(0,,x)", "")
        #expect(leg.testPort.toneDetections == [expected, nil])
    }

    @Test(
        "TONE_DETECT without a tone, with wrong numbers or options it does not know does nothing",
        arguments: [
            "0", "-5", "abc", "2147483648", "425,0", "425,x", "425,300,q", "425,300,s", "425,300,d", "425,300,d(97)", "425,300,n(0)",
            "425,300,d(6",
        ])
    func wrongTone(arguments: String) async {
        let (channel, leg) = await test.call("1")
        channel.assign("TONE_DETECT(\(arguments))", "")
        #expect(leg.testPort.toneDetections.isEmpty)
    }

    @Test("Tones heard are told and counted by direction, until the detector is removed")
    func counts() async throws {
        let events = test.listen("app", all: true)
        let (channel, _) = await test.call("1")
        #expect(throws: CallCore.LiveChannel.VariableError.unreadableFunction) { try channel.readForClient("TONE_DETECT(rx)") }
        channel.assign("TONE_DETECT(1130,300)", "")
        for outgoing in [false, true, false] { channel.legMediaEvent(.toneDetected(outgoing: outgoing)) }
        #expect(try channel.readForClient("TONE_DETECT(rx)") == "2")
        #expect(try channel.readForClient("TONE_DETECT(tx)") == "1")
        channel.assign("TONE_DETECT(0,,x)", "")
        channel.legMediaEvent(.toneDetected(outgoing: false))
        #expect(events.types.filter { $0 == "ChannelToneDetected" }.count == 3)
        #expect(throws: CallCore.LiveChannel.VariableError.unreadableFunction) { try channel.readForClient("TONE_DETECT(rx)") }
    }

    @Test("With e, listening ends after n tones, and the count stays")
    func ends() async throws {
        let (channel, leg) = await test.call("1")
        channel.assign("TONE_DETECT(1130,300,ren(2))", "")
        for _ in 0..<3 { channel.legMediaEvent(.toneDetected(outgoing: false)) }
        #expect(leg.testPort.toneDetections == [ToneDetection(frequency: 1_130, durationMs: 300, outgoing: false), nil])
        #expect(try channel.readForClient("TONE_DETECT(rx)") == "2")
    }

    @Test("What was asked for before the leg had audio is told to its port, and to a new one, once")
    func laterPort() async {
        let (channel, leg) = await test.call("1")
        leg.port = nil
        channel.assign("TALK_DETECT(set)", "400,128")
        channel.assign("TONE_DETECT(1130,300,r)", "")
        for port in [leg.testPort, SilentPort()] {
            leg.port = port
            channel.legMediaChanged()
            channel.legMediaChanged()
            #expect(port.talkDetections == [TalkDetection(silenceMs: 400, threshold: 128)])
            #expect(port.toneDetections == [ToneDetection(frequency: 1_130, durationMs: 300, outgoing: false)])
        }
    }
}
