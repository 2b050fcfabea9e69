import ARIModel
import CallCore
import Dialplan
import Media
import Testing

@Suite("MixMonitor() and ChanSpy()")
@CallActor
struct MonitorTests {
    private let test = TestCore(
        """
        [phones]
        exten = 1,1,MixMonitor(calls/one.wav,i(ID))
        same = n,Wait(60)
        exten = 2,1,MixMonitor(../../etc/passwd.wav)
        same = n,Set(AFTER=1)
        same = n,Wait(60)
        exten = 3,1,MixMonitor(bridged.wav,b)
        same = n,Stasis(app)
        exten = 4,1,MixMonitor(,r(says.wav)t(hears.ulaw))
        same = n,Wait(2)
        same = n,StopMixMonitor()
        same = n,Wait(60)
        exten = 5,1,Answer()
        same = n,Wait(600)
        exten = 8,1,ChanSpy(Test/1,qdx(0))
        same = n,Set(AFTER=1)
        same = n,Wait(60)
        exten = 9,1,ChanSpy(Test/1,qES)
        same = n,Set(AFTER=1)
        same = n,Wait(60)
        """)

    private func settle() async {
        for _ in 0..<4 {
            await test.settle()
            _ = await test.core.recordings.find(RecordingName("nothing")!)
        }
        await test.settle()
    }

    private func bytes(_ name: String) async throws -> Int {
        await settle()
        let name = try #require(RecordingName(name))
        guard case .success(let content) = await test.core.recordings.open(name) else { return -1 }
        var count = 0
        while true {
            let piece = await test.core.recordings.read(content)
            if piece.isEmpty { return count }
            count += piece.count
        }
    }

    @Test("A call is recorded until it ends, and applications hear nothing of it")
    func monitor() async throws {
        let events = test.listen("app", all: true)
        let (channel, leg) = await test.call("1")
        await settle()
        #expect(channel.variable("MIXMONITOR_FILENAME")?.string == "calls/one.wav")
        #expect(channel.variable("ID")?.string.hasPrefix("0x") == true)
        #expect(leg.testPort.taps.map(\.part) == [.both])
        leg.testPort.speak(1_000, ms: 1_000)
        for tap in leg.testPort.taps { leg.testPort.removeTap(tap) }
        channel.legEnded(cause: .normalClearing)
        #expect(try await bytes("calls/one") == 44 + 16_000)
        #expect(!events.types.contains { $0.hasPrefix("Recording") })
    }

    @Test("No name leads out of the folder; the dialplan goes on")
    func names() async {
        let (channel, leg) = await test.call("2")
        await settle()
        #expect(leg.testPort.taps.isEmpty)
        #expect(channel.variable("AFTER")?.string == "1")
    }

    @Test("With b only what is said in a bridge is kept")
    func onlyBridged() async throws {
        let events = test.listen("app")
        let (channel, leg) = await test.call("3")
        await settle()
        leg.testPort.speak(1_000, ms: 500)
        let kind = try #require(BridgeKind(list: "mixing"))
        let bridge = try #require(test.core.bridges.make(id: "b", name: "", kind: kind))
        bridge.add(channel)
        leg.testPort.speak(1_000, ms: 300)
        bridge.release(channel)
        leg.testPort.speak(1_000, ms: 500)
        #expect(leg.testPort.taps.first?.durationMs == 300)
        #expect(events.types.contains("ChannelLeftBridge"))
    }

    @Test("Either direction has a file of its own with r and t; StopMixMonitor() completes them")
    func directions() async throws {
        let (_, leg) = await test.call("4")
        await settle()
        #expect(leg.testPort.taps.map(\.part) == [.said, .heard])
        leg.testPort.speak(1_000, ms: 1_000)
        await test.pass(ms: 2_100)
        #expect(leg.testPort.taps.isEmpty)
        #expect(try await bytes("says") == 44 + 16_000)
        #expect(try await bytes("hears") == 8_000)
    }

    @Test("A spy hears both sides of a call, whispers and barges in by key, and leaves by key")
    func spies() async throws {
        let (_, target) = await test.call("5")
        let (spy, leg) = await test.call("8")
        let pipe = try #require(test.media.pipes.last)
        #expect(pipe.1.snooped?.target === target.testPort)
        #expect(pipe.1.snooped?.directions == SnoopDirections(spiesIn: true, spiesOut: true))
        #expect(leg.testPort.peer === pipe.0 && pipe.0.peer === leg.testPort)
        spy.legDigit("5", durationMs: 100)
        await test.settle()
        #expect(pipe.1.snooped?.directions == SnoopDirections(spiesIn: true, spiesOut: true, whispersOut: true))
        spy.legDigit("6", durationMs: 100)
        await test.settle()
        #expect(pipe.1.snooped?.directions == SnoopDirections(spiesIn: true, spiesOut: true, whispersIn: true, whispersOut: true))
        spy.legDigit("0", durationMs: 100)
        await test.settle()
        #expect(pipe.0.isClosed && pipe.1.isClosed && !leg.testPort.hasPeer)
        #expect(spy.variable("AFTER")?.string == "1")
    }

    @Test("The star goes on to the next call and round again; a spy waits where there is none")
    func cycles() async throws {
        let (spy, _) = await test.call("8")
        #expect(test.media.pipes.isEmpty)
        let (first, firstLeg) = await test.call("5"), (_, secondLeg) = await test.call("5")
        await test.pass(ms: 1_200)
        #expect(test.media.pipes.last?.1.snooped?.target === firstLeg.testPort)
        spy.legDigit("*", durationMs: 100)
        await test.settle()
        #expect(test.media.pipes.last?.1.snooped?.target === secondLeg.testPort)
        spy.legDigit("*", durationMs: 100)
        await test.settle()
        #expect(test.media.pipes.last?.1.snooped?.target === firstLeg.testPort)
        first.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(test.media.pipes.last?.1.snooped?.target === secondLeg.testPort)
    }

    @Test("With E the spy's dialplan goes on when the call ends")
    func endsWithCall() async throws {
        let (target, _) = await test.call("5")
        let (spy, _) = await test.call("9")
        #expect(spy.variable("AFTER") == nil)
        target.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(spy.variable("AFTER")?.string == "1")
    }
}
