import ARIModel
import Dialplan

extension DialplanApplication {
    /// Applications that change the state of the call.
    static let callControl: [DialplanApplication] = [
        DialplanApplication("Answer") { channel, arguments in
            guard channel.state != .up else { return .next }
            channel.answer()
            if let delayMs = Arguments(arguments).integer(0), delayMs > 0 { return await channel.wait(ms: min(delayMs, 60_000)) }
            return await channel.waitForAudio()
        },
        DialplanApplication("Hangup") { channel, arguments in
            if let cause = hangupCause(named: Arguments(arguments)[0]) { channel.hangupCause = cause }
            return .hangup
        },
        DialplanApplication("Ringing") { channel, _ in
            channel.leg?.indicate(.ringing)
            return .next
        },
        DialplanApplication("Progress") { channel, _ in
            channel.leg?.indicate(.progress)
            return .next
        },
        DialplanApplication("Proceeding") { channel, _ in
            channel.leg?.indicate(.proceeding)
            return .next
        },
        DialplanApplication("Busy") { channel, arguments in
            await channel.refuse(.busy, tone: "busy", cause: .userBusy, waitMs: Arguments(arguments).milliseconds(0))
        },
        DialplanApplication("Congestion") { channel, arguments in
            await channel.refuse(.congestion, tone: "congestion", cause: .congestion, waitMs: Arguments(arguments).milliseconds(0))
        },
        DialplanApplication("Wait") { channel, arguments in
            await channel.wait(ms: Arguments(arguments).milliseconds(0) ?? 0)
        },
        DialplanApplication("Transfer") { channel, arguments in
            let done = channel.leg?.transfer(to: Arguments(arguments)[0]) ?? false
            channel.setVariable("TRANSFERSTATUS", done ? "SUCCESS" : "UNSUPPORTED")
            return .next
        },
    ]

    private static func hangupCause(named text: String) -> HangupCause? {
        if let number = Int(text), number > 0 { return HangupCause(number) }
        return causeNames[text.uppercased()]
    }

    private static let causeNames: [String: HangupCause] = [
        "NORMAL": .normalClearing, "NORMAL_CLEARING": .normalClearing, "BUSY": .userBusy, "USER_BUSY": .userBusy,
        "CONGESTION": .congestion, "NO_ANSWER": .noAnswer, "NOANSWER": .noAnswer, "CALL_REJECTED": .callRejected,
        "UNALLOCATED": .unallocated, "ANSWERED_ELSEWHERE": .answeredElsewhere, "INTERWORKING": .interworking,
    ]
}

extension Channel {
    /// Answers the call if it has not been answered yet.
    public func answer() {
        guard state != .up, !hangupRequested else { return }
        leg?.answer()
    }

    /// Milliseconds that Answer() waits for the far end's first audio, so that the start of what is played next is not lost.
    static let firstAudioLimitMs = 500

    func waitForAudio() async -> ApplicationResult {
        let end = core.scheduler.nowMs + Int64(Self.firstAudioLimitMs)
        while !hasHeardAudio {
            let left = Int(end - core.scheduler.nowMs)
            guard left > 0 else { break }
            switch await nextSignal(withinMs: left) {
            case .hangup: return .hangup
            case .digit(let digit): deferredDigits.append(digit)
            default: continue
            }
        }
        keepDeferredDigits()
        return hangupRequested ? .hangup : .next
    }

    /// Lets time pass; keys pressed meanwhile are kept for who reads them later.
    func wait(ms: Int) async -> ApplicationResult {
        let end = core.scheduler.nowMs + Int64(ms)
        var pressed: [Character] = []
        defer { for digit in pressed { inbox.keep(digit: digit) } }
        while true {
            let left = Int(end - core.scheduler.nowMs)
            guard left > 0 else { return hangupRequested ? .hangup : .next }
            switch await nextSignal(withinMs: left) {
            case .hangup: return .hangup
            case .digit(let digit): pressed.append(digit)
            default: continue
            }
        }
    }

    /// Tells the far end why nothing comes of the call, lets it hear the tone, and ends it.
    func refuse(_ indication: ChannelIndication, tone: String, cause: HangupCause, waitMs: Int?) async -> ApplicationResult {
        hangupCause = cause
        leg?.indicate(indication)
        guard state == .up else { return .hangup }
        _ = startTone(tone)
        _ = await wait(ms: waitMs ?? 86_400_000)
        stopBackground()
        return .hangup
    }
}
