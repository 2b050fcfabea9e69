import ARIModel
import Dialplan
import Media

extension DialplanApplication {
    /// Listens to calls that go on, one after another: `ChanSpy(prefix,options)`.
    ///
    /// `*` goes on to the next one. Options: `q` quiet, `w` whisper, `B` barge in, `o` only what the channel says, `b` only bridged ones,
    /// `d` lets 4, 5 and 6 switch between listening, whispering and barging in, `E` ends with the call, `S` ends when there is none,
    /// `x(digit)` ends, `c(digit)` goes on, `g(group)` only channels whose SPYGROUP has the group.
    static let chanSpy = DialplanApplication("ChanSpy") { channel, arguments in
        let arguments = Arguments(arguments)
        let options = LetterOptions(arguments[1])
        let unknown = options.unknown(besides: "qwBobdESxcg")
        if !unknown.isEmpty { channel.core.log.warning("ChanSpy: unknown options are ignored", channel: channel, detail: unknown) }
        channel.answer()
        do {
            return try await Spy(channel, prefix: arguments[0], options).run()
        } catch {
            channel.core.log.notice("ChanSpy: no audio", channel: channel, detail: "\(error)")
            return .next
        }
    }
}

/// A channel that listens to others.
@CallActor
private final class Spy {
    private let channel: Channel
    private let prefix: String
    private let options: LetterOptions
    /// Serial of the channel that was listened to last.
    private var lastSerial: UInt64 = 0
    private var directions: SnoopDirections

    /// How often a spy who waits looks for somebody to listen to.
    private static let lookMs = 500

    private enum Outcome { case nextTarget, over(ApplicationResult) }

    init(_ channel: Channel, prefix: String, _ options: LetterOptions) {
        self.channel = channel
        self.prefix = prefix.lowercased()
        self.options = options
        directions = SnoopDirections(
            spiesIn: true, spiesOut: !options.has("o"), whispersIn: options.has("B"), whispersOut: options.has("w") || options.has("B"))
    }

    func run() async throws -> ApplicationResult {
        while true {
            guard let target = nextTarget() else {
                lastSerial = 0
                if options.has("S") { return .next }
                if let result = await wait() { return result }
                continue
            }
            lastSerial = target.serial
            if !options.has("q"), case .hangup = await channel.hear(parts: [.sound("beep")], stopsOnDigit: false) { return .hangup }
            if case .over(let result) = try await listen(to: target) { return result }
        }
    }

    /// The next channel in the order of their age; from the youngest on to the oldest again.
    private func nextTarget() -> Channel? {
        let fitting = channel.core.channels.all.filter(fits)
        return fitting.first { $0.serial > lastSerial } ?? fitting.first
    }

    private func fits(_ other: Channel) -> Bool {
        guard other !== channel, other.state == .up, !other.isGone, other.technology != "Snoop" else { return false }
        guard prefix.isEmpty || other.name.lowercased().hasPrefix(prefix) else { return false }
        if options.has("b"), other.bridge == nil { return false }
        guard let group = options["g"] else { return true }
        return (other.variable("SPYGROUP")?.string ?? "").split(separator: ":").contains { $0 == group }
    }

    /// - Returns: how the application ends, nil to look again.
    private func wait() async -> ApplicationResult? {
        switch await channel.nextSignal(withinMs: Self.lookMs) {
        case .hangup: .hangup
        case .digit(let digit) where isExit(digit): .next
        default: nil
        }
    }

    private func isExit(_ digit: Character) -> Bool { options["x"] == String(digit) }
    private func isCycle(_ digit: Character) -> Bool { String(digit) == (options["c"] ?? "*") }

    private func listen(to target: Channel) async throws -> Outcome {
        // It may have ended during the beep.
        guard !target.isGone else { return options.has("E") ? .over(.next) : .nextTarget }
        let pipe = try channel.core.media.openPipe(first: { _ in }, second: { _ in })
        let ear = Eavesdropper(on: target, through: pipe.second, directions) { [weak channel] in channel?.inbox.put(.spiedIsGone) }
        channel.leg?.port?.connect(to: pipe.first)
        pipe.first.connect(to: channel.leg?.port)
        channel.core.events.note(.spyStarted(spy: channel, target: target))
        defer {
            channel.core.events.note(.spyStopped(spy: channel, target: target))
            channel.leg?.port?.connect(to: nil)
            pipe.first.close()
            ear.end()
        }
        while true {
            switch await channel.nextSignal() {
            case .hangup: return .over(.hangup)
            case .spiedIsGone: return options.has("E") ? .over(.next) : .nextTarget
            case .digit(let digit) where isExit(digit): return .over(.next)
            case .digit(let digit) where isCycle(digit): return .nextTarget
            case .digit(let digit) where options.has("d"): if turn(digit) { ear.turn(to: directions) }
            default: continue
            }
        }
    }

    /// Changes between listening, whispering and barging in; false for other digits.
    private func turn(_ digit: Character) -> Bool {
        guard let mode = ["4", "5", "6"].firstIndex(of: digit) else { return false }
        directions.whispersOut = mode > 0
        directions.whispersIn = mode > 1
        return true
    }
}
