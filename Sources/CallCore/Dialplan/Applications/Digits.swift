import ARIModel
import Dialplan
import Media

extension DialplanApplication {
    /// Applications that read or send digits.
    static let digits: [DialplanApplication] = [
        DialplanApplication("Background") { channel, arguments in
            let arguments = Arguments(arguments)
            let options = arguments[1]
            if channel.state != .up {
                if options.contains("s") { return .next }
                if !options.contains("n") { channel.answer() }
            }
            let language = arguments[2].isEmpty ? nil : arguments[2]
            switch await channel.hear(sounds: arguments.expanded(0), stopsOnDigit: true, language: language) {
            case .hangup: return .hangup
            case .interrupted(let digit):
                let context = arguments[3].isEmpty ? channel.location.context : arguments[3]
                return await channel.dialExtension(startingWith: String(digit), context: context, firstDigitMs: channel.timeouts.digitMs)
            case .finished: return .next
            }
        },
        DialplanApplication("WaitExten") { channel, arguments in
            let waitMs = Arguments(arguments).milliseconds(0) ?? channel.timeouts.responseMs
            return await channel.dialExtension(startingWith: "", context: channel.location.context, firstDigitMs: waitMs)
        },
        DialplanApplication("Read") { channel, arguments in
            await channel.read(ReadRequest(Arguments(arguments)))
        },
        DialplanApplication("SendDTMF") { channel, arguments in
            let arguments = Arguments(arguments)
            let between = min(max(0, arguments.integer(1) ?? 250), 60_000)
            let duration = min(max(0, arguments.integer(2) ?? 250), 60_000)
            channel.sendDigits(arguments[0], betweenMs: between, durationMs: duration)
            while true {
                switch await channel.nextSignal(withinMs: (between + duration) * (arguments[0].count + 2) + 1_000) {
                case .hangup: return .hangup
                case .digitsSent, .timeout: return .next
                default: continue
                }
            }
        },
    ]
}

/// What Read() was asked for.
private struct ReadRequest {
    let variable: String
    let sounds: ExpandedText
    let maxDigits: Int
    let options: String
    let attempts: Int
    let timeoutMs: Int?

    init(_ arguments: Arguments) {
        variable = arguments[0]
        sounds = arguments.expanded(1)
        maxDigits = min(max(1, arguments.integer(2) ?? 255), 255)
        options = arguments[3]
        attempts = min(max(1, arguments.integer(4) ?? 1), 100)
        timeoutMs = arguments.milliseconds(5).flatMap { $0 > 0 ? $0 : nil }
    }
}

extension Channel {
    /// Collects digits until they name an extension that no further digit could lengthen, or time runs out.
    func dialExtension(startingWith start: String, context: String, firstDigitMs: Int) async -> ApplicationResult {
        var number = start
        while number.isEmpty || core.dialplan.couldBeLonger(number, context: context, callerNumber: caller.number) {
            guard number.count < 64 else { break }
            switch await nextSignal(withinMs: number.isEmpty ? firstDigitMs : timeouts.digitMs) {
            case .hangup: return .hangup
            case .digit(let digit): number.append(digit)
            case .timeout: return number.isEmpty ? .timedOut : .extensionDialled(number)
            default: continue
            }
        }
        if context != location.context {
            return .goTo(DialplanLocation(context: context, extension: number))
        }
        return .extensionDialled(number)
    }

    fileprivate func read(_ request: ReadRequest) async -> ApplicationResult {
        if state != .up {
            if request.options.contains("s") {
                setVariable("READSTATUS", "SKIPPED")
                return .next
            }
            if !request.options.contains("n") { answer() }
        }
        for attempt in 1...request.attempts {
            var digits = ""
            let status = await readOnce(request, into: &digits)
            setVariable(request.variable, ExpandedText(digits, tainted: true))
            if status == "TIMEOUT", digits.isEmpty, attempt < request.attempts { continue }
            setVariable("READSTATUS", status)
            return status == "HANGUP" ? .hangup : .next
        }
        return .next
    }

    private func readOnce(_ request: ReadRequest, into digits: inout String) async -> String {
        switch await hear(sounds: request.sounds, stopsOnDigit: true) {
        case .hangup: return "HANGUP"
        case .interrupted("#"): return "OK"
        case .interrupted(let digit): digits.append(digit)
        case .finished: break
        }
        while digits.count < request.maxDigits {
            let limit = request.timeoutMs ?? (digits.isEmpty ? timeouts.responseMs : timeouts.digitMs)
            switch await nextSignal(withinMs: limit) {
            case .hangup: return "HANGUP"
            case .timeout: return digits.isEmpty ? "TIMEOUT" : "OK"
            case .digit("#"): return "OK"
            case .digit(let digit): digits.append(digit)
            default: continue
            }
        }
        return "OK"
    }
}
