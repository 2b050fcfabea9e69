import ARIModel
import CallCore
import Dialplan
import Media
import NIOCore
import Testing

@Suite("Recordings")
@CallActor
struct RecordingTests {
    private let test = TestCore(
        """
        [phones]
        exten = 1000,1,Stasis(app)
        """)

    private func request(_ name: String = "r", _ change: (inout RecordRequest) -> Void = { _ in }) throws -> RecordRequest {
        var request = try RecordRequest(name: try #require(RecordingName(name)), formatName: "wav")
        change(&request)
        return request
    }

    /// Lets the store and the control loop come to rest.
    private func settle() async {
        for _ in 0..<4 {
            await test.settle()
            _ = await test.core.recordings.find(RecordingName("nothing")!)
        }
        await test.settle()
    }

    private func answered() async throws -> (channel: CallCore.LiveChannel, port: SilentPort, events: EventList) {
        let events = test.listen("app", all: true)
        let (channel, leg) = await test.call("1000")
        channel.answer()
        await settle()
        return (channel, leg.testPort, events)
    }

    private func story(_ events: EventList) -> [String] {
        events.events.compactMap { event -> String? in
            guard let type = event["type"]?.string, type.hasPrefix("Recording") || type.hasPrefix("Playback") || type == "StasisEnd" else {
                return nil
            }
            guard let recording = event["recording"] else { return type }
            let duration = recording["duration"].map { " \($0.int ?? -1)" } ?? ""
            return "\(type) \(recording["name"]?.string ?? "") \(recording["state"]?.string ?? "")\(duration)"
        }
    }

    @Test("A recording is queued, starts, and is done with its duration when it is stopped; its file is whole then")
    func stop() async throws {
        let (channel, port, events) = try await answered()
        let recording = try #require(channel.record(try request()))
        #expect(recording.state == .queued && channel.isRecorded)
        await settle()
        #expect(recording.state == .recording)
        port.speak(3_000, ms: 2_500)
        recording.stop()
        #expect(test.core.recordings[recording.request.name] == nil)
        await settle()
        #expect(story(events) == ["RecordingStarted r recording", "RecordingFinished r done 2"])
        #expect(!channel.isRecorded && port.taps.isEmpty)
        let content = try await test.core.recordings.open(recording.request.name).get()
        #expect(content.byteCount == 44 + 2 * 20_000)
    }

    @Test("A recording waits for what plays and what plays next waits for it; a beep comes first")
    func turns() async throws {
        let (channel, port, events) = try await answered()
        _ = channel.play(PlayRequest(id: "one", media: ["sound:a"]))
        let recording = try #require(channel.record(try request("r") { $0.beeps = true }))
        _ = channel.play(PlayRequest(id: "two", media: ["sound:b"]))
        await settle()
        #expect(recording.state == .queued)
        channel.legMediaEvent(.playbackFinished(token: port.played[0], positionMs: 1))
        await settle()
        #expect(test.sounds.asked.last == "en/beep" && recording.state == .queued)
        channel.legMediaEvent(.playbackFinished(token: port.played[1], positionMs: 1))
        await settle()
        #expect(recording.state == .recording)
        recording.stop()
        await settle()
        #expect(
            story(events) == [
                "PlaybackStarted", "PlaybackFinished", "RecordingStarted r recording", "RecordingFinished r done 0", "PlaybackStarted",
            ])
    }

    @Test("A caller who hangs up ends the recording before the application loses the call; the file becomes whole nevertheless")
    func hangup() async throws {
        let (channel, port, events) = try await answered()
        let recording = try #require(channel.record(try request()))
        await settle()
        port.speak(3_000, ms: 1_200)
        channel.legEnded(cause: .normalClearing)
        #expect(story(events) == ["RecordingStarted r recording", "RecordingFinished r done 1", "StasisEnd"])
        #expect(try await test.core.recordings.find(recording.request.name).get().formatName == "wav")
        await settle()
        #expect(try await test.core.recordings.open(recording.request.name).get().byteCount == 44 + 2 * 9_600)
        #expect(story(events).count == 3)
    }

    @Test("A cancelled recording leaves no file, whether it runs or waits")
    func cancel() async throws {
        let (channel, _, events) = try await answered()
        let running = try #require(channel.record(try request("one")))
        let waiting = try #require(channel.record(try request("two")))
        await settle()
        waiting.cancel()
        running.cancel()
        await settle()
        #expect(
            story(events) == ["RecordingStarted one recording", "RecordingFinished two canceled", "RecordingFinished one done 0"])
        #expect(await test.core.recordings.stored().isEmpty && !channel.isRecorded)
    }

    @Test("Duration, silence and digits end a recording; silence at its end is not kept")
    func limits() async throws {
        let (channel, port, events) = try await answered()
        _ = channel.record(try request("long") { $0.maxDurationSeconds = 1 })
        await settle()
        port.speak(3_000, ms: 5_000)
        await settle()
        _ = channel.record(try request("quiet") { $0.maxSilenceSeconds = 2 })
        await settle()
        port.speak(3_000, ms: 1_300)
        port.speak(0, ms: 2_400)
        await settle()
        let digits = try #require(channel.record(try request("digit") { $0.terminator = .pound }))
        await settle()
        channel.legDigit("5", durationMs: 100)
        #expect(digits.state == .recording)
        channel.legDigit("#", durationMs: 100)
        await settle()
        #expect(
            story(events).filter { $0.contains("Finished") } == [
                "RecordingFinished long done 1", "RecordingFinished quiet done 3", "RecordingFinished digit done 0",
            ])
        let quiet = events.events.last { $0["recording"]?["name"] == "quiet" }
        #expect(quiet?["recording"]?["talking_duration"] == 1 && quiet?["recording"]?["silence_duration"] == 2)
        let file = try await test.core.recordings.open(try #require(RecordingName("quiet"))).get()
        #expect(file.byteCount == 44 + 2 * 8 * 1_500)
    }

    @Test("A channel in a bridge, an unanswered outbound one and an unusable folder fail with a reason")
    func failures() async throws {
        let (channel, _, events) = try await answered()
        let bridge = try #require(test.core.bridges.make(id: nil, name: "", kind: .mixing))
        bridge.add(channel)
        _ = channel.record(try request("bridged"))
        await settle()
        bridge.release(channel)
        let second = try #require(channel.record(try request("folder/is/a/file")))
        await settle()
        #expect(story(events) == ["RecordingFailed bridged failed", "RecordingStarted folder/is/a/file recording"])
        #expect(events.first("RecordingFailed")?["recording"]?["cause"] == "Cannot record channel while in bridge")
        second.stop()
        await settle()
        _ = channel.record(try request("folder/is/a/file.wav/below"))
        await settle()
        #expect(story(events).last == "RecordingFailed folder/is/a/file.wav/below failed")
    }

    @Test("Pause and mute change only a recording that runs, once or twice alike")
    func pauseAndMute() async throws {
        let (channel, port, _) = try await answered()
        let recording = try #require(channel.record(try request()))
        #expect(throws: Recording.NotInSession.self) { try recording.setPaused(true) }
        await settle()
        for paused in [true, true, false, false, true] {
            try recording.setPaused(paused)
            #expect(recording.state == (paused ? .paused : .recording))
        }
        port.speak(3_000, ms: 200)
        try recording.setMuted(true)
        try recording.setPaused(false)
        port.speak(3_000, ms: 200)
        recording.stop()
        #expect(throws: Recording.NotInSession.self) { try recording.setMuted(false) }
        await settle()
        #expect(try await test.core.recordings.open(recording.request.name).get().byteCount == 44 + 3_200)
    }

    @Test("A bridge is recorded through its mixer, several times at once, and its recordings end before it does")
    func bridge() async throws {
        let (channel, _, events) = try await answered()
        let bridge = try #require(test.core.bridges.make(id: "b", name: "", kind: .mixing))
        bridge.add(channel)
        let first = try #require(bridge.record(try request("one")))
        let second = try #require(bridge.record(try request("two") { $0.terminator = .any }))
        await settle()
        let mixer = try #require(test.media.mixers.first)
        #expect(mixer.taps.count == 2 && test.media.mixers.count == 1)
        #expect(channel.variable("BRIDGEPEER")?.string.contains("Recorder/ARI-") == true)
        mixer.speak(2_000, ms: 1_000)
        channel.legDigit("1", durationMs: 100)
        await settle()
        #expect(mixer.taps.count == 1 && first.state == .recording && second.state == .done)
        bridge.destroy()
        await settle()
        let recorded = events.types.filter { $0.hasPrefix("Recording") || $0 == "BridgeDestroyed" }
        #expect(recorded == ["RecordingStarted", "RecordingStarted", "RecordingFinished", "RecordingFinished", "BridgeDestroyed"])
        #expect(mixer.isClosed)
    }

    @Test("A bridge that is destroyed and forgotten while it is recorded and played to leaves a whole file and nothing else")
    func forgottenBridge() async throws {
        let (channel, _, _) = try await answered()
        weak var gone: CallCore.LiveBridge?
        let request = try request("one")
        func use() async throws {
            let bridge = try #require(test.core.bridges.make(id: "b", name: "", kind: .mixing))
            gone = bridge
            bridge.add(channel)
            _ = try #require(bridge.record(request))
            _ = try #require(bridge.play(PlayRequest(id: "p", media: ["tone:ring"], language: nil, skipMs: 0, offsetMs: 0)))
            await settle()
            bridge.destroy()
        }
        try await use()
        await settle()
        #expect(gone == nil && test.core.recordings[request.name] == nil && test.core.playbacks["p"] == nil)
        #expect(try await test.core.recordings.find(request.name).get().formatName == "wav")
    }

    @Test("In a recording of two channels the members of a bridge take turns with the sides, and keep them when others leave")
    func sides() async throws {
        let events = test.listen("app")
        defer { withExtendedLifetime(events) {} }
        let bridge = try #require(test.core.bridges.make(id: nil, name: "", kind: .mixing))
        var members: [(channel: CallCore.LiveChannel, leg: TestLeg)] = []
        for _ in 0..<4 {
            members.append(await test.call("1000"))
            members.last?.channel.answer()
            bridge.add(members[members.count - 1].channel)
        }
        #expect(members.map(\.leg.testPort.side) == [.left, .right, .left, .right])
        bridge.release(members[0].channel)
        #expect(members.dropFirst().map(\.leg.testPort.side) == [.right, .left, .right])
    }
}
