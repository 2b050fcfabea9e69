import ARIModel
import Audio
import Dispatch
import Foundation
import Store
import TestPhone

/// One run of the demonstration: what happens, in order, and what must be true at the end.
struct DemoRun {
    /// After so long the server is stopped; what waits then gives up within `eventLimitS`, so that a minute is never exceeded.
    static let limitS = 50
    private static let application = "hello-world"
    private static let number = "1000"
    private static let eventLimitS = 10

    let sound: String
    let output: String

    /// - Throws: what is not as it should be; the server is stopped in any case.
    func run() async throws {
        let server = try DemoServer()
        // Stopping the server ends all that waits, whatever the reason for the stop is.
        let interrupts = [SIGINT, SIGTERM].map { signal(on: $0) { server.remove() } }
        defer {
            for interrupt in interrupts { interrupt.cancel() }
            server.remove()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.show(server) }
            group.addTask {
                try await Task.sleep(for: .seconds(Self.limitS))
                server.stop()
                throw DemoError("it took longer than \(Self.limitS) seconds")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func signal(on number: CInt, _ action: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        Foundation.signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            complain("arioso: interrupted")
            action()
            exit(130)
        }
        source.resume()
        return source
    }

    // MARK: - The story

    private func show(_ server: DemoServer) async throws {
        let ari = try await server.start()
        say("server", "ready: SIP udp:127.0.0.1:\(server.ports.sip), ARI \(ari.base)/ari")
        let events = try await ari.openEvents(application: Self.application)
        say("event", "WebSocket open for the application \(Self.application)")
        let phone = try await startPhone(server)
        do {
            let heard = try await call(phone, ari, events)
            try await phone.close()
            await events.close()
            try check(heard, server)
        } catch {
            try? await phone.close()
            await events.close()
            throw error
        }
    }

    private func startPhone(_ server: DemoServer) async throws -> TestPhone {
        guard let account = server.configuration.extensions.first else { throw DemoError("the configuration has no extension") }
        let address = PhoneSettings.Server(host: "127.0.0.1", port: server.ports.sip)
        var settings = PhoneSettings(user: account.number, password: account.secret, server: address)
        settings.observer = { say("phone", "\($0)") }
        return try await TestPhone.start(settings)
    }

    private func call(_ phone: TestPhone, _ ari: ARIClient, _ events: ARIEvents) async throws -> PCMAudio {
        let call = try await phone.call(Self.number)
        let start = try await events.next("StasisStart", withinS: Self.eventLimitS)
        guard let channel = start["channel"]?["id"]?.string else { throw DemoError("StasisStart has no channel id") }
        try await call.answered(withinMs: Self.eventLimitS * 1_000)
        let playback = try await ari.request("POST", "/channels/\(channel)/play?media=sound:\(sound)", expecting: 201)
        let finished = try await events.next("PlaybackFinished", withinS: Self.eventLimitS)
        guard let id = playback?["id"]?.string, finished["playback"]?["id"]?.string == id else {
            throw DemoError("PlaybackFinished is about another playback than the one asked for")
        }
        guard finished["playback"]?["state"]?.string == "done" else {
            throw DemoError("the playback ended as \(finished["playback"]?["state"]?.string ?? "nothing"), not as done")
        }
        _ = try await ari.request("DELETE", "/channels/\(channel)", expecting: 204)
        _ = try await events.next("StasisEnd", withinS: Self.eventLimitS)
        guard try await call.ended(withinMs: Self.eventLimitS * 1_000).byRemote else {
            throw DemoError("the server did not hang up")
        }
        return try await call.heard
    }

    // MARK: - The check

    private func check(_ heard: PCMAudio, _ server: DemoServer) throws {
        try Data(SoundFile.encodeWAV(heard)).write(to: URL(filePath: output))
        say("check", "heard \(heard.durationMs) ms, written to \(output)")
        let (path, played) = try server.soundFile(sound)
        let match = SoundMatch(heard: heard, played: played.resampled(to: heard.sampleRate))
        say("check", "\(path): \(match)")
        guard match.isGood else { throw DemoError("what was heard is not \(path): \(match)") }
        say("check", "the phone heard what was played")
    }
}

/// Prints one line of the story.
func say(_ who: String, _ what: String) {
    // In one piece, for phone, events and requests talk from threads of their own.
    FileHandle.standardOutput.write(Data("\(who.padding(toLength: 8, withPad: " ", startingAt: 0)) \(what)\n".utf8))
}
