import ARIModel
import CallCore
import Dialplan
import Media
import Testing

@CallActor
final class BridgeTests {
    /// Bridges and channels don't keep the core that they belong to, nor that its application.
    private var kept: [(TestCore, EventList)] = []

    nonisolated init() {}

    private let dialplan = """
        [phones]
        exten => _X.,1,Stasis(app)
        """

    /// A bridge with so many answered calls inside, in the order in which they came.
    private func bridge(
        _ count: Int, kind: BridgeKind = .mixing, options: (Int) -> BridgeMemberOptions = { _ in BridgeMemberOptions() }
    ) async throws -> (
        test: TestCore, events: EventList, bridge: CallCore.LiveBridge, calls: [(channel: CallCore.LiveChannel, leg: TestLeg)]
    ) {
        let test = TestCore(dialplan)
        let events = test.listen("app")
        kept.append((test, events))
        let bridge = try #require(test.core.bridges.make(id: "b", name: "", kind: kind))
        var calls: [(channel: CallCore.LiveChannel, leg: TestLeg)] = []
        for number in 0..<count {
            let call = await test.call("10\(number)")
            call.channel.answer()
            bridge.add(call.channel, options: options(number))
            calls.append(call)
        }
        return (test, events, bridge, calls)
    }

    private func peers(_ calls: [(channel: CallCore.LiveChannel, leg: TestLeg)]) -> [ObjectIdentifier?] {
        calls.map { $0.leg.testPort.peer.map { ObjectIdentifier($0) } }
    }

    @Test func `Two hear each other directly, three meet in a mixer, and two that are left go back`() async throws {
        let (test, _, bridge, calls) = try await bridge(2)
        #expect(peers(calls) == [ObjectIdentifier(calls[1].leg.testPort), ObjectIdentifier(calls[0].leg.testPort)])
        #expect(test.media.mixers.isEmpty)
        let third = await test.call("103")
        third.channel.answer()
        bridge.add(third.channel)
        let mixer = try #require(test.media.mixers.first)
        #expect(peers(calls + [third]) == Array(repeating: ObjectIdentifier(mixer), count: 3))
        #expect(bridge.snapshot.technology == "softmix")
        bridge.release(calls[0].channel)
        #expect(peers(calls + [third]) == [nil, ObjectIdentifier(third.leg.testPort), ObjectIdentifier(calls[1].leg.testPort)])
        #expect(mixer.isClosed)
        #expect(bridge.snapshot.technology == "simple_bridge", "ports without RTP are never passed natively")
    }

    @Test func `Each is told who else is inside, once per change`() async throws {
        let (_, events, bridge, calls) = try await bridge(3)
        let names = calls.map(\.channel.name).sorted()
        for call in calls {
            let others = names.filter { $0 != call.channel.name }.joined(separator: ",")
            #expect(call.channel.variable("BRIDGEPEER")?.string == others)
        }
        bridge.release(calls[1].channel)
        #expect(calls[1].channel.variable("BRIDGEPEER")?.string == "")
        #expect(calls[0].channel.variable("BRIDGEPEER")?.string == calls[2].channel.name)
        let told = events.events.filter { $0["variable"]?.string == "BRIDGEPEER" }.map {
            ($0["channel"]?["id"]?.string, $0["value"]?.string)
        }
        for (before, after) in zip(told, told.dropFirst()) { #expect(before != after) }
    }

    @Test func `What is played to a bridge is heard from its mixer by a pair too, and then they are alone again`() async throws {
        let (test, events, bridge, calls) = try await bridge(2)
        let playback = try #require(bridge.play(PlayRequest(id: "p", media: ["sound:one", "sound:two"])))
        await test.settle()
        let mixer = try #require(test.media.mixers.first)
        #expect(peers(calls) == [ObjectIdentifier(mixer), ObjectIdentifier(mixer)])
        #expect(playback.snapshot.targetURI == "bridge:b" && playback.snapshot.state == .playing)
        for _ in 0..<2 {
            let token = try #require(mixer.played.last)
            mixer.events(.playbackFinished(token: token, positionMs: 1_000))
            await test.settle()
        }
        #expect(mixer.played.count == 2 && mixer.isClosed)
        #expect(peers(calls) == [ObjectIdentifier(calls[1].leg.testPort), ObjectIdentifier(calls[0].leg.testPort)])
        #expect(
            events.story.filter { $0.hasPrefix("Playback") } == [
                "PlaybackStarted", "PlaybackContinuing", "PlaybackStarted", "PlaybackFinished",
            ])
    }

    @Test func `A playback to a bridge that ends fails, and so does what waits behind it`() async throws {
        let (test, events, bridge, _) = try await bridge(1)
        _ = bridge.play(PlayRequest(id: "now", media: ["sound:one"]))
        _ = bridge.play(PlayRequest(id: "later", media: ["sound:two"]))
        await test.settle()
        bridge.destroy()
        #expect(
            events.events.filter { $0["type"]?.string == "PlaybackFinished" }.map { $0["playback"]?["state"]?.string } == [
                "failed", "failed",
            ])
        #expect(test.core.playbacks["now"] == nil && test.core.playbacks["later"] == nil)
        #expect(!test.media.mixers.contains { !$0.isClosed })
    }

    @Test func `Music plays until it is stopped, in the class asked for last`() async throws {
        let (test, _, bridge, calls) = try await bridge(1)
        #expect(!bridge.stopMusic())
        bridge.startMusic(class: "jazz")
        bridge.startMusic(class: nil)
        let mixer = try #require(test.media.mixers.first)
        #expect(mixer.background != nil && peers(calls) == [ObjectIdentifier(mixer)])
        #expect(calls[0].channel.variable("BRIDGEPEER")?.string.hasPrefix("Announcer/ARI_MOH-") == true)
        #expect(bridge.stopMusic())
        #expect(mixer.isClosed && peers(calls) == [nil])
    }

    @Test func `Who holds is not heard, and an announcer is heard by all who hold and hears nobody`() async throws {
        let holding = try #require(BridgeKind(list: "holding"))
        let (test, _, bridge, calls) = try await bridge(3, kind: holding) { BridgeMemberOptions(role: $0 == 2 ? "announcer" : nil) }
        #expect(test.media.mixers.count == 1)
        #expect(calls.map { $0.leg.testPort.part.speaks } == [false, false, true])
        #expect(calls.map { $0.leg.testPort.part.hears } == [true, true, false])
        #expect(calls.allSatisfy { $0.channel.variable("BRIDGEPEER") == nil })
        bridge.release(calls[2].channel)
        #expect(peers(calls) == [nil, nil, nil] && !test.media.mixers.contains { !$0.isClosed })
        #expect(bridge.snapshot.technology == "holding_bridge")
    }

    @Test func `Digits are absorbed while the channel that asked for it is inside`() async throws {
        let (_, _, bridge, calls) = try await bridge(2) { BridgeMemberOptions(absorbsDigits: $0 == 0) }
        #expect(calls.map(\.leg.testPort.absorbsDigits) == [true, false])
        bridge.release(calls[0].channel)
        #expect(!calls[0].leg.testPort.absorbsDigits)
    }

    @Test(
        arguments: [
            (nil, "mixing"), ("", "mixing"), ("mixing", "mixing"), ("holding", "holding"), ("mixing,dtmf_events", "mixing"),
            ("proxy_media", "mixing"), ("mixing,nonsense", "mixing"), ("nonsense", nil), ("mixing,holding", nil), ("holding, mixing", nil),
        ] as [(String?, String?)])
    nonisolated func `A list of words makes a kind of bridge, or none`(list: String?, type: String?) {
        #expect(BridgeKind(list: list)?.type == type)
    }

    @Test func `Variables are kept to a number, and those reported are shown`() async throws {
        let (_, _, bridge, _) = try await bridge(0)
        bridge.setVariable("A", "1")
        bridge.setVariable("B", "2", isReported: true)
        #expect(bridge.variable("A") == "1" && bridge.snapshot.bridgeVars.map(\.name) == ["B"])
        bridge.setVariable("B", nil)
        #expect(bridge.variable("B") == nil && bridge.snapshot.bridgeVars.isEmpty)
        for number in 0..<2_000 { bridge.setVariable("V\(number)", "x") }
        #expect(bridge.variable("V1022") == "x" && bridge.variable("V1023") == nil)
    }
}
