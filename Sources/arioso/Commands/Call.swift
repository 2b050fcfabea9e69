import ArgumentParser
import Audio
import Foundation
import TestPhone
import UnixSignals

/// Dials a number as a phone would, and tells what happens.
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Call a number, as a phone does.",
        discussion: "Ends with 0 when the call was answered and did what was asked, else with 69 and the reason.")

    enum Transport: String, ExpressibleByArgument, CaseIterable {
        case udp, tcp
    }

    @Argument(help: ArgumentHelp("The number, or a SIP URI.", valueName: "NUMBER"))
    var number: String

    @Option(help: ArgumentHelp("The server's SIP address.", valueName: "HOST[:PORT]"))
    var server = "127.0.0.1:5060"

    @Option(help: ArgumentHelp("The extension to call as.", valueName: "NUMBER"))
    var user = "anonymous"

    @Option(help: ArgumentHelp("Its password.", valueName: "TEXT"))
    var password = ""

    @Option(help: "How SIP travels.")
    var transport = Transport.udp

    @Flag(help: "Register before the call, and take that back after it.")
    var register = false

    @Option(help: ArgumentHelp("How long the call lasts, unless the other side or Ctrl-C ends it.", valueName: "SECONDS"))
    var seconds = 60.0

    @Option(help: ArgumentHelp("How long to wait for the answer.", valueName: "SECONDS"))
    var wait = 30.0

    @Option(help: ArgumentHelp("Write what is heard to a WAV file.", valueName: "FILE"))
    var record: String?

    @Option(help: ArgumentHelp("Say a WAV file.", valueName: "FILE"))
    var play: String?

    @Option(help: ArgumentHelp("Say a tone of this frequency.", valueName: "HZ"))
    var tone: Double?

    @Option(help: ArgumentHelp("Press these keys after the answer.", valueName: "DIGITS"))
    var dtmf: String?

    func validate() throws {
        if PhoneSettings.Server(server) == nil { throw ValidationError("--server \"\(server)\" is not HOST or HOST:PORT.") }
        if play != nil, tone != nil { throw ValidationError("Give --play or --tone, not both.") }
        // A day is more than any call that somebody watches.
        for (name, value) in [("--seconds", seconds), ("--wait", wait)] where !(0...86_400).contains(value) {
            throw ValidationError("\(name) is 0 to 86400.")
        }
    }

    func run() async throws {
        do {
            try await makeCall()
        } catch {
            complain("arioso: \(error)")
            throw ExitCode.unavailable
        }
    }

    private func makeCall() async throws {
        var settings = PhoneSettings(user: user, password: password, server: PhoneSettings.Server(server))
        settings.transport = transport == .tcp ? .tcp : .udp
        settings.source = try source()
        settings.codecs = [.pcmu, .pcma, .g722, .opus]
        let began = ContinuousClock.now
        settings.observer = { Self.tell("\($0)", since: began) }
        let phone = try await TestPhone.start(settings)
        do {
            if register { try await phone.register() }
            try await converse(try await phone.call(number))
        } catch {
            try? await phone.close()
            throw error
        }
        try await phone.close()
    }

    private func converse(_ call: PhoneCall) async throws {
        let interrupts = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let interruption = Task {
            for await _ in interrupts { try await call.hangUp() }
        }
        defer { interruption.cancel() }
        do {
            try await call.answered(withinMs: Int(wait * 1_000))
        } catch let error as PhoneError {
            try? await call.hangUp()
            throw error
        }
        if let dtmf { try await call.sendDigits(dtmf) }
        do {
            _ = try await call.ended(withinMs: Int(seconds * 1_000))
        } catch PhoneError.timedOut {
            try await call.hangUp()
        }
        let heard = try await call.heard
        let counters = try await call.counters
        print("heard \(heard.durationMs) ms in \(counters.packetsReceived) packets, sent \(counters.packetsSent) packets")
        guard let record else { return }
        try Data(SoundFile.encodeWAV(heard)).write(to: URL(filePath: record))
        print("wrote \(record)")
    }

    private func source() throws -> AudioSource {
        if let tone { return .tone(tone) }
        guard let play else { return .silence }
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: play)))
        return .audio(try SoundFile.decode(bytes: bytes, format: .wav), repeats: false)
    }

    private static func tell(_ text: String, since began: ContinuousClock.Instant) {
        let elapsed = (ContinuousClock.now - began) / .milliseconds(1)
        print(String(format: "%8.3f s  ", elapsed / 1_000) + text)
    }
}
