import CallCore
import Foundation
import Logging
import Media
import NIOCore
import SIP
import Testing

import struct ARIModel.EncodedEvent
import enum ARIModel.EventType

@testable import SIPServer

/// A server with a call core around it, on real sockets of this machine's loopback.
@CallActor
final class Rig {
    let core: CallCore
    let server: SIPServer
    let media = FakeMedia()
    let events = EventRecorder()
    private let sounds = NoSounds()
    private let store = MemoryStore()
    private let log = SilentLog()

    init(_ settings: SIPSettings) async throws {
        core = CallCore(
            settings: CallSettings(), scheduler: LoopScheduler(), media: media, sounds: sounds,
            recordings: RecordingStore(folder: "/nonexistent/recordings") { CallActor.loop.execute($0) }, store: store, log: log)
        core.replaceDialplan(try TestDialplan.parse(), globals: [])
        var logger = Logger(label: "sip")
        logger.logLevel = ProcessInfo.processInfo.environment["SIP_TEST_LOG"] == nil ? .critical : .debug
        server = SIPServer(core: core, settings: settings, logger: logger)
        _ = core.applications.register("test", subscribeAll: true, sink: events)
        try await server.start()
    }

    func port(_ kind: RawSocket.Kind, host: String = "127.0.0.1") throws -> Int {
        let transport: SIPTransportKind = kind == .udp ? .udp : .tcp
        return try #require(server.addresses.first { $0.transport == transport && $0.host == host }).port
    }

    var channels: [CallCore.LiveChannel] { core.channels.all }

    /// Lets nobody hear events any more.
    func stopListening() { core.applications.unregister("test", sink: events) }

    func stop() {
        server.stop()
    }
}

/// Settings of two phones on both transports and both kinds of address.
func testSettings(_ change: (inout SIPEndpointSettings) -> Void = { _ in }) -> SIPSettings {
    let endpoints = ["6001", "6002"].map { number in
        var endpoint = SIPEndpointSettings(
            name: number, secret: "secret\(number)", context: "phones",
            callerID: PartyID(name: "Phone \(number.last ?? "?")", number: number),
            qualifyMs: 0)
        change(&endpoint)
        return endpoint
    }
    return SIPSettings(
        listeners: [
            SIPListenerAddress(.udp, host: "127.0.0.1", port: 0), SIPListenerAddress(.tcp, host: "127.0.0.1", port: 0),
            SIPListenerAddress(.udp, host: "::1", port: 0), SIPListenerAddress(.tcp, host: "::1", port: 0),
        ],
        userAgent: "Arioso/test", endpoints: endpoints)
}

/// Runs a test against a server and stops it, whatever becomes of the test.
func withRig(_ settings: SIPSettings = testSettings(), _ body: (Rig) async throws -> Void) async throws {
    let rig = try await Rig(settings)
    do {
        try await body(rig)
    } catch {
        await rig.stop()
        throw error
    }
    await rig.stop()
}

/// Waits until something is true, looking every few milliseconds; false when the time is over.
func eventually(withinMs limitMs: Int = 3_000, _ condition: @CallActor () throws -> Bool) async throws -> Bool {
    let end = Date().addingTimeInterval(Double(limitMs) / 1_000)
    repeat {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    } while end.timeIntervalSinceNow > 0
    return try await condition()
}

/// Remembers the events that an application gets.
@CallActor
final class EventRecorder: EventSink {
    private(set) var all: [(type: String, text: String)] = []

    func deliver(_ event: EncodedEvent, application: String, sequence: Int?) {
        all.append((event.type.rawValue, String(decoding: event.bytes(application: application), as: UTF8.self)))
    }

    func count(_ type: String, containing text: String = "") -> Int {
        all.count { $0.type == type && (text.isEmpty || $0.text.contains(text)) }
    }
}

@CallActor
private final class MemoryStore: KeyValueStore {
    private var values: [String: [String: String]] = [:]

    func value(family: String, key: String) -> String? { values[family]?[key] }
    func set(family: String, key: String, to value: String?) { values[family, default: [:]][key] = value }
    func keys(family: String) -> [String] { Array(values[family, default: [:]].keys) }
}

@CallActor
private final class NoSounds: SoundSource {
    func load(
        _ name: String, language: String, sampleRate: Int,
        completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void
    ) {}
    func loadMusic(
        class name: String, turn: Int, sampleRate: Int, completion: @escaping @CallActor @Sendable (Result<PCMBuffer, SoundError>) -> Void
    ) {}
    func list(completion: @escaping @CallActor @Sendable ([SoundEntry]) -> Void) { completion([]) }
}

@CallActor
private final class SilentLog: CallLog {
    func record(_ level: CallLogLevel, _ message: String, channelID: String?, detail: String) {}
}
