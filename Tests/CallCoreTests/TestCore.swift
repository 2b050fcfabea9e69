import ARIModel
import Audio
import CallCore
import Dialplan
import NIOCore
import Synchronization
import VirtualTime

@testable import Media

/// A call core with virtual time, silent media and an application that remembers its events.
@CallActor
final class TestCore {
    let scheduler = VirtualScheduler()
    let media = SilentMedia()
    let sounds = TestSounds()
    let log = QuietLog()
    let folder = TemporaryFolder()
    let core: CallCore
    let phones: TestTechnology

    init(_ dialplan: String) {
        core = CallCore(
            settings: CallSettings(), scheduler: scheduler, media: media, sounds: sounds,
            recordings: RecordingStore(folder: folder.path) { CallActor.loop.execute($0) }, store: MemoryValues(), log: log)
        phones = TestTechnology(core: core)
        core.add(phones)
        let parsed = DialplanParser(knownApplications: CallCore.applicationNames).parse(dialplan)
        if let plan = parsed.dialplan { core.replaceDialplan(plan, globals: plan.globals) }
    }

    /// Connects an application and returns where its events go.
    func listen(_ application: String, all: Bool = false) -> EventList {
        let list = EventList()
        _ = core.applications.register(application, subscribeAll: all, sink: list)
        return list
    }

    /// Lets a phone call `number` in context `phones`; what the dialplan does at once has been done.
    func call(_ number: String) async -> (channel: CallCore.LiveChannel, leg: TestLeg) {
        let place = DialplanLocation(context: "phones", extension: number)
        let channel = core.makeChannel(
            name: "Test/1-\(core.nextNameSerial())", technology: "Test",
            setup: ChannelSetup(state: .ring, isOutbound: false, caller: PartyID(name: "Alice", number: "201"), location: place))
        let leg = TestLeg(channel: channel)
        core.attach(leg, to: channel)
        channel.publish()
        channel.startPBX(at: place)
        await settle()
        return (channel, leg)
    }

    /// Lets every task that can go on do so.
    func settle() async {
        for _ in 0..<40 { await Task.yield() }
        scheduler.runDue()
        for _ in 0..<40 { await Task.yield() }
    }

    /// Lets time pass, timer by timer.
    func pass(ms: Int) async {
        let end = scheduler.nowMs + Int64(ms)
        while let next = scheduler.nextDueMs, next <= end {
            scheduler.nowMs = max(scheduler.nowMs, next)
            await settle()
        }
        scheduler.nowMs = end
        await settle()
    }
}

/// Remembers the events of an application.
@CallActor
final class EventList: EventSink {
    private(set) var events: [JSONValue] = []
    private(set) var sequences: [Int?] = []

    func deliver(_ event: EncodedEvent, application: String, sequence: Int?) {
        if let value = try? JSONParser.parse(event.bytes(application: application)) { events.append(value) }
        sequences.append(sequence)
    }

    var types: [String] { events.compactMap { $0["type"]?.string } }

    func first(_ type: String) -> JSONValue? { events.first { $0["type"]?.string == type } }

    /// The events without what a variable's value was set to internally.
    var story: [String] { types.filter { $0 != "ChannelVarset" && $0 != "ChannelDialplan" } }
}

/// A leg that does what it is told and remembers it.
@CallActor
final class TestLeg: ChannelLeg {
    weak var channel: CallCore.LiveChannel?
    let testPort = SilentPort()
    /// `testPort` unless the test puts another one in its place.
    var port: (any MediaPort)?
    let sampleRate = 8_000
    private(set) var indications: [ChannelIndication] = []
    private(set) var hungUpWith: HangupCause?
    private(set) var isCalled = false

    init(channel: CallCore.LiveChannel) {
        self.channel = channel
        port = testPort
    }

    func call() -> Bool {
        isCalled = true
        return true
    }
    func answer() {
        channel?.legAnswered()
        channel?.legMediaEvent(.firstPacket)
    }
    func indicate(_ indication: ChannelIndication) { indications.append(indication) }
    func hangUp(cause: HangupCause) { hungUpWith = cause }
}

/// Makes channels whose far ends are driven by the test.
@CallActor
final class TestTechnology: ChannelTechnology {
    let name = "Test"
    private unowned let core: CallCore
    private(set) var legs: [TestLeg] = []

    init(core: CallCore) {
        self.core = core
    }

    func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> CallCore.LiveChannel {
        if destination == "nobody" { throw .unknownDestination(destination) }
        let channel = core.makeChannel(
            id: request.channelID, name: "Test/\(destination)-\(core.nextNameSerial())", technology: name,
            setup: ChannelSetup(
                state: .down, isOutbound: true, caller: PartyID(name: "Bob", number: destination),
                location: DialplanLocation(context: "phones", extension: "s"), requesterID: request.requesterID))
        let leg = TestLeg(channel: channel)
        core.attach(leg, to: channel)
        channel.dialName = "Test/\(destination)"
        channel.publish()
        legs.append(leg)
        return channel
    }
}

/// A port that plays nothing but remembers what it was given. `@unchecked Sendable`: used on the control loop only.
final class SilentPort: MediaPort, @unchecked Sendable {
    private(set) var played: [UInt64] = []
    private(set) var lastItem: PlayItem?
    private(set) var isPlaying = false
    private(set) var isEchoing = false
    private(set) var absorbsDigits = false
    private(set) var part = (speaks: true, hears: true)
    private(set) var peer: (any MediaPort)?
    var hasPeer: Bool { peer != nil }
    private(set) var background: PlayItem?
    private(set) var muted = (incoming: false, outgoing: false)
    private(set) var digits: [DigitToSend] = []
    private(set) var talkDetections: [TalkDetection?] = []
    private(set) var toneDetections: [ToneDetection?] = []
    private(set) var isClosed = false
    private(set) var side = MixerSide.left
    private(set) var taps: [AudioTap] = []
    private(set) var snooped: (target: any MediaPort, directions: SnoopDirections)?
    let events: @Sendable (MediaEvent) -> Void

    init(events: @escaping @Sendable (MediaEvent) -> Void = { _ in }) {
        self.events = events
    }

    func play(_ item: PlayItem, token: UInt64) {
        played.append(token)
        lastItem = item
        isPlaying = true
    }
    func pausePlay() {}
    func resumePlay() {}
    func seekPlay(byMs: Int) {}
    func restartPlay() {}
    func stopPlay() { isPlaying = false }
    var playPositionMs: Int { 0 }
    func setBackground(_ item: PlayItem?) { background = item }
    func connect(to peer: (any MediaPort)?) { self.peer = peer }
    func setEcho(_ on: Bool) { isEchoing = on }
    func setMuted(incoming: Bool, outgoing: Bool) { muted = (incoming, outgoing) }
    func setReceivesDigits(_ on: Bool) {}
    func setAbsorbsDigits(_ on: Bool) { absorbsDigits = on }
    func setPart(speaks: Bool, hears: Bool) { part = (speaks, hears) }
    func setTalkDetection(_ detection: TalkDetection?) { talkDetections.append(detection) }
    func setToneDetection(_ detection: ToneDetection?) { toneDetections.append(detection) }
    func setSide(_ side: MixerSide) { self.side = side }
    func snoop(on target: (any MediaPort)?, _ directions: SnoopDirections) { snooped = target.map { ($0, directions) } }
    func addTap(_ tap: AudioTap) { taps.append(tap) }
    func removeTap(_ tap: AudioTap) {
        guard taps.contains(where: { $0 === tap }) else { return }
        taps.removeAll { $0 === tap }
        CallActor.loop.execute { tap.onEnd(.removed) }
    }
    func sendDigits(_ digits: [DigitToSend], token: UInt64) { self.digits += digits }
    var statistics: MediaStatistics { MediaStatistics() }
    func close() { isClosed = true }

    /// Lets the taps hear one level for a time, in steps of 20 ms.
    func speak(_ level: Int16, ms: Int) {
        var arena = FrameArena()
        let samples = [Int16](repeating: level, count: 160)
        for _ in 0..<ms / 20 {
            arena.reset()
            for tap in taps {
                let end = samples.withUnsafeBufferPointer {
                    tap.take(Frame(samples: $0.baseAddress!, count: 160, rate: 8_000), nil, &arena)
                }
                guard let end else { continue }
                taps.removeAll { $0 === tap }
                CallActor.loop.execute { tap.onEnd(end) }
            }
        }
    }
}

final class SilentMedia: MediaPlane {
    func openRTP(
        localHost: String, forPeer: MediaAddress?, events: @escaping @Sendable (MediaEvent) -> Void
    ) throws -> any RTPPort {
        throw MediaError.shutDown
    }

    func openPipe(
        first: @escaping @Sendable (MediaEvent) -> Void, second: @escaping @Sendable (MediaEvent) -> Void
    ) throws -> (first: any MediaPort, second: any MediaPort) {
        let pipe = (SilentPort(events: first), SilentPort(events: second))
        pipesOpened.withLock { $0.append(pipe) }
        return pipe
    }

    private let pipesOpened = Mutex<[(SilentPort, SilentPort)]>([])
    /// The pipes opened so far.
    var pipes: [(SilentPort, SilentPort)] { pipesOpened.withLock { $0 } }

    private let mixersOpened = Mutex<[SilentPort]>([])
    /// The mixers opened so far.
    var mixers: [SilentPort] { mixersOpened.withLock { $0 } }

    func openMixer(events: @escaping @Sendable (MediaEvent) -> Void) throws -> any MediaPort {
        let mixer = SilentPort(events: events)
        mixersOpened.withLock { $0.append(mixer) }
        return mixer
    }
}

/// Has a second of silence for every name but those that start with `missing`.
@CallActor
final class TestSounds: SoundSource {
    private(set) var asked: [String] = []

    func load(
        _ name: String, language: String, sampleRate: Int,
        completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void
    ) {
        asked.append("\(language)/\(name)")
        if name.hasPrefix("missing") { return completion(.failure(.notFound(name: name, language: language))) }
        completion(.success(PCMBuffer(samples: [Int16](repeating: 0, count: sampleRate), sampleRate: sampleRate)))
    }

    func loadMusic(
        class name: String, turn: Int, sampleRate: Int, completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void
    ) {
        load(name, language: "", sampleRate: sampleRate, completion: completion)
    }

    func list(completion: @escaping @CallActor @Sendable ([SoundEntry]) -> Void) { completion([]) }
}

@CallActor
final class MemoryValues: KeyValueStore {
    private var values: [String: [String: String]] = [:]

    func value(family: String, key: String) -> String? { values[family]?[key] }
    func set(family: String, key: String, to value: String?) { values[family, default: [:]][key] = value }
    func keys(family: String) -> [String] { values[family].map { Array($0.keys) } ?? [] }
}

@CallActor
final class QuietLog: CallLog {
    private(set) var lines: [String] = []
    func record(_ level: CallLogLevel, _ message: String, channelID: String?, detail: String) { lines.append("\(message) \(detail)") }
}
