import ARIModel
import Dialplan
import Media

extension DialplanApplication {
    /// Applications that let the far end hear something.
    static let playing: [DialplanApplication] = [
        DialplanApplication("Playback") { channel, arguments in
            let arguments = Arguments(arguments)
            let options = arguments[1].split(separator: ",").map(String.init)
            if channel.state != .up {
                if options.contains("skip") {
                    channel.setVariable("PLAYBACKSTATUS", "SUCCESS")
                    return .next
                }
                if !options.contains("noanswer") { channel.answer() }
            }
            let outcome = await channel.hear(sounds: arguments.expanded(0), stopsOnDigit: false)
            if case .hangup = outcome { return .hangup }
            channel.setVariable("PLAYBACKSTATUS", outcome == .finished(.done) ? "SUCCESS" : "FAILED")
            return .next
        },
        DialplanApplication("SayDigits") { channel, arguments in
            await channel.say(SpokenText.digits(Arguments(arguments)[0]))
        },
        DialplanApplication("SayAlpha") { channel, arguments in
            await channel.say(SpokenText.characters(Arguments(arguments)[0]))
        },
        DialplanApplication("SayNumber") { channel, arguments in
            await channel.say(Arguments(arguments).integer(0).flatMap(SpokenText.number) ?? [])
        },
        DialplanApplication("Echo") { channel, _ in
            channel.leg?.port?.setEcho(true)
            defer { channel.leg?.port?.setEcho(false) }
            while true {
                switch await channel.nextSignal() {
                case .hangup: return .hangup
                case .digit("#"): return .next
                default: continue
                }
            }
        },
        DialplanApplication("MusicOnHold") { channel, arguments in
            let arguments = Arguments(arguments)
            channel.startMusic(class: arguments[0])
            defer { channel.stopBackground() }
            return await channel.wait(ms: arguments.milliseconds(1) ?? 86_400_000)
        },
        DialplanApplication("StartMusicOnHold") { channel, arguments in
            channel.startMusic(class: Arguments(arguments)[0])
            return .next
        },
        DialplanApplication("StopMusicOnHold") { channel, _ in
            channel.stopBackground()
            return .next
        },
    ]
}

/// How listening to a sound ended.
enum HearingOutcome: Equatable {
    case finished(PlayOutcome)
    case interrupted(Character)
    case hangup
}

extension Channel {
    /// Plays sounds whose names are joined by `&` and waits for their end.
    func hear(sounds: ExpandedText, stopsOnDigit: Bool, language: String? = nil) async -> HearingOutcome {
        let names = sounds.split(at: UInt8(ascii: "&")).map(\.trimmed.string).filter { !$0.isEmpty }
        return await hear(parts: names.map(PlayPart.sound), stopsOnDigit: stopsOnDigit, language: language)
    }

    func hear(parts: [PlayPart], stopsOnDigit: Bool, language: String? = nil) async -> HearingOutcome {
        guard !parts.isEmpty else { return .finished(.done) }
        var ended: PlayOutcome?
        let job = PlayJob(parts: parts, language: language ?? self.language) { [weak self] outcome in
            ended = outcome
            self?.inbox.put(.playFinished(outcome))
        }
        guard player.enqueue(job) else { return .finished(.failed) }
        while true {
            if let ended { return hangupRequested ? .hangup : .finished(ended) }
            switch await nextSignal() {
            case .hangup: return .hangup
            case .digit(let digit) where stopsOnDigit:
                player.stop(job)
                inbox.discardPending()
                return .interrupted(digit)
            case .digit(let digit): deferredDigits.append(digit)
            case .playFinished(let outcome):
                keepDeferredDigits()
                return .finished(outcome)
            default: continue
            }
        }
    }

    /// Digits pressed while something that must not be interrupted played are for whoever reads next.
    func keepDeferredDigits() {
        for digit in deferredDigits { inbox.keep(digit: digit) }
        deferredDigits = []
    }

    func say(_ sounds: [String]) async -> ApplicationResult {
        answer()
        let outcome = await hear(parts: sounds.map(PlayPart.sound), stopsOnDigit: false)
        return outcome == .hangup ? .hangup : .next
    }
}
