import ARIModel
import Audio
import Dialplan
import Testing

@testable import CallCore
@testable import Media

@Suite("Media WebSockets")
@CallActor
struct MediaSocketTests {
    private let test = TestCore(
        """
        [phones]
        exten = 1000,1,Stasis(app)
        """)

    private final class Wire: MediaSocketTransport {
        var texts: [String] = []
        var frames: [[UInt8]] = []
        var isReady = true
        var isClosed = false
        func send(text: String) { texts.append(text) }
        func send(binary: [UInt8]) { frames.append(binary) }
        func close() { isClosed = true }
    }

    /// A channel that a program is connected to, with the far end's port.
    private func connected(_ options: String = "c(ulaw)") async throws -> (
        channel: CallCore.LiveChannel, leg: MediaSocketLeg, wire: Wire, far: SilentPort
    ) {
        let channel = try test.core.originate(
            OriginateRequest(endpoint: "WebSocket/INCOMING/\(options)", target: .application(name: "app", arguments: [], data: "app")))
        let id = try #require(channel.variable("MEDIA_WEBSOCKET_CONNECTION_ID")).string
        let wire = Wire()
        #expect(test.core.mediaSockets.accept(connectionID: "wrong", wire) == nil)
        let leg = try #require(test.core.mediaSockets.accept(connectionID: id, wire))
        #expect(test.core.mediaSockets.accept(connectionID: id, Wire()) == nil)
        await test.settle()
        return (channel, leg, wire, try #require(test.media.pipes.last?.1))
    }

    private func feed(_ port: SilentPort) throws -> AudioFeed {
        guard case .feed(let feed) = port.lastItem else { throw MediaError.shutDown }
        return feed
    }

    private func hear(_ feed: AudioFeed, frames: Int) {
        var arena = FrameArena()
        for _ in 0..<frames {
            arena.reset()
            _ = feed.next(&arena)
        }
    }

    @Test("A program that connects is told of the channel, and the channel is answered and enters its application")
    func connecting() async throws {
        let events = test.listen("app")
        let (channel, _, wire, _) = try await connected()
        #expect(channel.name.hasPrefix("WebSocket/INCOMING/0x") && channel.state == .up)
        let id = channel.variable("MEDIA_WEBSOCKET_CONNECTION_ID")?.string ?? ""
        #expect(
            wire.texts == [
                "MEDIA_START connection_id:\(id) channel:\(channel.name) channel_id:\(channel.id) format:ulaw optimal_frame_size:160 ptime:20"
            ])
        #expect(channel.variable("MEDIA_WEBSOCKET_OPTIMAL_FRAME_SIZE")?.string == "160")
        #expect(events.types.contains("StasisStart"))
        channel.requestHangup(cause: .normalClearing)
        #expect(wire.isClosed)
    }

    @Test("What the call says goes out in frames while the program reads; what it does not read is left out")
    func outgoing() async throws {
        let events = test.listen("app")
        let (_, leg, wire, far) = try await connected()
        #expect(far.taps.count == 1)
        far.speak(4_000, ms: 60)
        far.events(.audioTapped)
        #expect(wire.frames.map(\.count) == [160, 160, 160])
        wire.isReady = false
        far.speak(4_000, ms: 60)
        far.events(.audioTapped)
        wire.isReady = true
        leg.receive(text: #"SET_MEDIA_DIRECTION in"#)
        far.speak(4_000, ms: 20)
        far.events(.audioTapped)
        #expect(wire.frames.count == 4)
        far.events(.digit("7", durationMs: 100))
        #expect(wire.texts.last == "DTMF_END digit:7")
        withExtendedLifetime(events) {}
    }

    @Test("The program is told to stop at 900 frames, to go on below 800, and that audio was lost when it does not stop")
    func flowControl() async throws {
        let events = test.listen("app")
        let (_, leg, wire, far) = try await connected()
        let feed = try feed(far)
        for _ in 0..<899 { leg.receive(binary: [UInt8](repeating: 0x55, count: 160)) }
        #expect(wire.texts.count == 1)
        leg.receive(binary: [UInt8](repeating: 0x55, count: 160))
        #expect(wire.texts.last == "MEDIA_XOFF")
        leg.receive(binary: [UInt8](repeating: 0x55, count: 160 * 101))
        #expect(wire.texts.last == "ERROR the queue is full: audio was lost")
        hear(feed, frames: 150)
        await test.pass(ms: 40)
        leg.receive(text: "GET_STATUS")
        #expect(
            wire.texts.last == "STATUS queue_length:850 xon_level:800 xoff_level:900 queue_full:true bulk_media:false media_paused:false")
        hear(feed, frames: 60)
        await test.pass(ms: 40)
        #expect(wire.texts.last == "MEDIA_XON")
        withExtendedLifetime(events) {}
    }

    @Test("Marks, buffering and draining are told when what came before has been heard; a flush forgets them")
    func marks() async throws {
        let events = test.listen("app")
        let (_, leg, wire, far) = try await connected("c(slin)f(json)")
        let feed = try feed(far)
        func send(_ command: String) { leg.receive(text: command) }
        func told() -> [String] {
            defer { wire.texts = [] }
            return wire.texts.compactMap { text in
                guard let notice = try? JSONParser.parse(Array(text.utf8)), let name = notice["event"]?.string else { return nil }
                return notice["correlation_id"]?.string.map { "\(name) \($0)" } ?? name
            }
        }
        #expect(told() == ["MEDIA_START"])
        send(#"{"command":"START_MEDIA_BUFFERING"}"#)
        // Half a sample at the end of one message belongs to the first of the next.
        leg.receive(binary: [UInt8](repeating: 1, count: 321))
        leg.receive(binary: [UInt8](repeating: 1, count: 319))
        send(#"{"command":"MARK_MEDIA","correlation_id":"half"}"#)
        leg.receive(binary: [UInt8](repeating: 1, count: 640))
        send(#"{"command":"STOP_MEDIA_BUFFERING","correlation_id":"all"}"#)
        send(#"{"command":"REPORT_QUEUE_DRAINED"}"#)
        #expect(feed.waitingMs == 80)
        await test.pass(ms: 40)
        #expect(told().isEmpty)
        hear(feed, frames: 2)
        await test.pass(ms: 40)
        #expect(told() == ["MEDIA_MARK_PROCESSED half"])
        hear(feed, frames: 2)
        await test.pass(ms: 40)
        #expect(told() == ["MEDIA_BUFFERING_COMPLETED all", "QUEUE_DRAINED"])
        leg.receive(binary: [UInt8](repeating: 1, count: 640))
        send(#"{"command":"MARK_MEDIA"}"#)
        send(#"{"command":"PAUSE_MEDIA"}"#)
        send(#"{"command":"FLUSH_MEDIA"}"#)
        await test.pass(ms: 100)
        #expect(told().isEmpty && feed.waitingMs == 0)
        withExtendedLifetime(events) {}
    }

    @Test("Commands are read in either form; what is none is answered with the reason")
    func commands() async throws {
        let events = test.listen("app")
        #expect(try MediaSocketCommand("STOP_MEDIA_BUFFERING  a b ", isJSON: false) == .stopBuffering(id: "a b"))
        #expect(try MediaSocketCommand(#"{"command":"SET_MEDIA_DIRECTION","direction":"out"}"#, isJSON: true) == .setDirection(.out))
        for (text, isJSON) in [
            ("", false), ("answer", false), (String(repeating: "A", count: 129), false), ("SET_MEDIA_DIRECTION", false), ("{", true),
            ("[]", true), (#"{"command":1}"#, true), (#"{"command":"SET_MEDIA_DIRECTION","direction":"up"}"#, true),
        ] {
            #expect(throws: MediaSocketCommand.Problem.self) { try MediaSocketCommand(text, isJSON: isJSON) }
        }
        let (channel, leg, wire, _) = try await connected("c(ulaw)n")
        #expect(channel.state == .down)
        leg.receive(text: "NONSENSE")
        #expect(wire.texts.last == "ERROR 'NONSENSE' is no command")
        leg.receive(text: "ANSWER")
        await test.settle()
        #expect(channel.state == .up)
        leg.receive(text: "HANGUP")
        await test.settle()
        #expect(channel.isGone && events.types.contains("StasisEnd"))
    }

    @Test("A connection that is lost ends the channel with the status that says so")
    func disconnecting() async throws {
        let events = test.listen("app")
        let (channel, leg, _, _) = try await connected()
        leg.disconnected()
        await test.settle()
        #expect(channel.isGone && events.first("ChannelHangupRequest")?["tech_cause"] == 1_001)
    }
}
