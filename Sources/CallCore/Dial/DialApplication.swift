import ARIModel
import Dialplan
import Media

extension DialplanApplication {
    /// Calls one or more endpoints and joins the channel with the first that answers.
    static let dial = DialplanApplication("Dial") { channel, arguments in
        await DialGroup(caller: channel, arguments: Arguments(arguments)).run()
    }
}

/// The options of Dial() that this server knows.
private struct DialOptions {
    var goesOn = false
    var indicatesRinging = false
    var musicClass: String?
    var hangupAfterMs: Int?
    let unknown: [Character]

    /// Letters that ask for features of the reference which are off unless a feature code is pressed: accepted as they are.
    private static let featureLetters: Set<Character> = ["t", "T", "h", "H", "k", "K", "w", "W", "x", "X", "I", "i", "c", "C", "j"]

    init(_ text: String) {
        var rest = Substring(text)
        var unknown: [Character] = []
        while let letter = rest.popFirst() {
            var value: String?
            if rest.first == "(", let close = rest.firstIndex(of: ")") {
                value = String(rest[rest.index(after: rest.startIndex)..<close])
                rest = rest[rest.index(after: close)...]
            }
            switch letter {
            case "g": goesOn = true
            case "r": indicatesRinging = true
            case "m": musicClass = value ?? ""
            case "S": hangupAfterMs = value.flatMap(Double.init).map { Int(min(max(0, $0), 86_400) * 1_000) }
            case _ where Self.featureLetters.contains(letter): break
            default: unknown.append(letter)
            }
        }
        self.unknown = unknown
    }
}

/// The calls that one Dial() makes.
@CallActor
private final class DialGroup {
    private let caller: Channel
    private let destinations: [String]
    private let timeoutMs: Int?
    private let options: DialOptions
    private var attempts: [DialAttempt] = []
    private var failures: [HangupCause] = []
    private var winner: DialAttempt?
    private var timedOut = false
    private let startedMs: Int64
    private var answeredMs: Int64?

    init(caller: Channel, arguments: Arguments) {
        self.caller = caller
        destinations = arguments.expanded(0).split(at: UInt8(ascii: "&")).map(\.trimmed).filter { destination in
            if destination.isEmpty { return false }
            let isSafe = destination.isSafeDestination
            if !isSafe {
                caller.core.log.warning("Dial: a number from the caller can't name a place", channel: caller, detail: destination.string)
            }
            return isSafe
        }.map(\.string)
        timeoutMs = arguments.milliseconds(1).flatMap { $0 > 0 ? $0 : nil }
        options = DialOptions(arguments[2])
        startedMs = caller.core.scheduler.nowMs
        if !options.unknown.isEmpty {
            caller.core.log.warning("Dial: unknown options are ignored", channel: caller, detail: String(options.unknown))
        }
    }

    private static let variables = [
        "DIALSTATUS", "DIALEDPEERNUMBER", "DIALEDPEERNAME", "ANSWEREDTIME", "ANSWEREDTIME_MS", "DIALEDTIME", "DIALEDTIME_MS",
        "RINGTIME", "RINGTIME_MS", "PROGRESSTIME", "PROGRESSTIME_MS",
    ]

    func run() async -> ApplicationResult {
        for name in Self.variables { caller.setVariable(name, "") }
        for destination in destinations.prefix(64) { start(destination) }
        guard !attempts.isEmpty || winner != nil else { return end(status: status()) }
        if options.indicatesRinging { caller.leg?.indicate(.ringing) }
        if let musicClass = options.musicClass { caller.startMusic(class: musicClass) }
        while winner == nil, !attempts.isEmpty {
            if await caller.nextSignal() == .hangup { return giveUp() }
        }
        if options.musicClass != nil { caller.stopBackground() }
        guard let winner else { return end(status: timedOut ? "NOANSWER" : status()) }
        return await talk(to: winner.peer)
    }

    // MARK: - Calling

    private func start(_ destination: String) {
        let core = caller.core
        let outbound = OutboundRequest(requesterID: caller.id)
        let peer: Channel
        do {
            peer = try core.makeChannel(endpoint: destination, outbound: outbound)
        } catch {
            core.log.notice("can't dial \(destination)", channel: caller, detail: "\(error)")
            failures.append(error.cause)
            return
        }
        let number = core.dialString(of: destination)
        peer.setVariable("DIALEDPEERNUMBER", number)
        prepare(peer)
        let attempt = DialAttempt(peer: peer, caller: caller, dialString: number, style: .dialplan)
        attempt.onRinging = { [weak self] in self?.ringing() }
        attempt.onProgress = { [weak self] in self?.progress() }
        attempt.onAnswerTold = { [weak self, weak attempt] in
            if let attempt { self?.answered(by: attempt, number: number) }
        }
        attempt.onResult = { [weak self, weak attempt] result in
            if let attempt { self?.ended(attempt, result) }
        }
        attempts.append(attempt)
        attempt.start(timeoutMs: timeoutMs)
        if caller.connected != peer.caller, destinations.count == 1, !peer.caller.isEmpty {
            caller.connected = peer.caller
            caller.publish()
            caller.leg?.indicate(.connectedLine)
        }
    }

    private func prepare(_ peer: Channel) {
        peer.adoptQuietly(from: caller)
        peer.applicationName = "AppDial"
        peer.applicationData = "(Outgoing Line)"
        peer.applicationAfterStasis = ("AppDial", "(Outgoing Line)")
        peer.location.extension = caller.location.extension
        peer.connected = caller.caller
        peer.publish()
    }

    private func ringing() {
        setTime("RINGTIME")
        if options.musicClass == nil, !options.indicatesRinging { caller.leg?.indicate(.ringing) }
    }

    private func progress() {
        setTime("PROGRESSTIME")
        caller.leg?.indicate(.progress)
        guard attempts.count == 1, let peer = attempts.first?.peer, let port = peer.leg?.port else { return }
        caller.leg?.port?.connect(to: port)
    }

    private func setTime(_ name: String) {
        guard caller.variable(name)?.isEmpty ?? true else { return }
        set(name, elapsedMs: caller.core.scheduler.nowMs - startedMs)
    }

    private func set(_ name: String, elapsedMs: Int64) {
        caller.setVariable(name, String(elapsedMs / 1_000))
        caller.setVariable("\(name)_MS", String(elapsedMs))
    }

    private func answered(by attempt: DialAttempt, number: String) {
        guard winner == nil else { return }
        caller.setVariable("DIALSTATUS", "ANSWER")
        caller.setVariable("DIALEDPEERNAME", attempt.peer.name)
        caller.setVariable("DIALEDPEERNUMBER", number)
        attempt.peer.location.extension = ""
        attempt.peer.hangupCause = .normalClearing
    }

    private func ended(_ attempt: DialAttempt, _ result: DialAttempt.Result) {
        attempts.removeAll { $0 === attempt }
        switch result {
        case .answered where winner == nil:
            winner = attempt
            answeredMs = caller.core.scheduler.nowMs
            cancelRest(cause: .answeredElsewhere)
            caller.answer()
        case .answered: attempt.peer.requestHangup(cause: .answeredElsewhere)
        case .failed(let cause):
            failures.append(cause)
            // What the caller is told in the end, unless the dialplan finds somebody else.
            caller.hangupCause = cause
        case .timedOut: timedOut = true
        }
        caller.inbox.put(.dialProgress)
    }

    private func cancelRest(cause: HangupCause) {
        let rest = attempts
        attempts = []
        for attempt in rest { attempt.cancel(cause: cause) }
    }

    private func giveUp() -> ApplicationResult {
        cancelRest(cause: caller.hangupCause == .unknown ? .normalClearing : caller.hangupCause)
        if winner == nil { _ = end(status: "CANCEL") }
        winner?.peer.requestHangup(cause: .normalClearing)
        return .hangup
    }

    /// The word for a dial that nobody answered: busy wins over congestion, that over unreachable.
    private func status() -> String {
        let words = Set(failures.map(DialAttempt.status))
        for word in ["BUSY", "NOANSWER", "CONGESTION"] where words.contains(word) { return word }
        return "CHANUNAVAIL"
    }

    private func end(status: String) -> ApplicationResult {
        set("DIALEDTIME", elapsedMs: caller.core.scheduler.nowMs - startedMs)
        caller.setVariable("DIALSTATUS", status)
        return .next
    }

    // MARK: - Talking

    private func talk(to peer: Channel) async -> ApplicationResult {
        guard
            let bridge = caller.core.bridges.make(
                id: nil, name: "", kind: .mixing, bridgeClass: Bridge.dialledClass, creator: "")
        else { return .next }
        var isOpen = true
        bridge.onLeave = { [weak caller] _ in
            guard isOpen, let caller else { return }
            isOpen = false
            caller.inbox.put(.leftBridge)
        }
        bridge.add(peer)
        bridge.add(caller)
        let limit = options.hangupAfterMs.map { ms in
            caller.core.scheduler.schedule(afterMs: ms) { peer.requestHangup(cause: .normalClearing) }
        }
        var elsewhere: DialplanLocation?
        while isOpen, caller.bridge != nil, elsewhere == nil {
            switch await caller.nextSignal() {
            case .hangup: isOpen = false
            case .goAway(let place): elsewhere = place
            default: continue
            }
        }
        limit?.cancel()
        isOpen = false
        // A transfer may have joined the caller with somebody else, as part of the same Dial().
        if bridge.isHandedOn { caller.bridge?.release(caller) } else { bridge.destroy() }
        let now = caller.core.scheduler.nowMs
        set("ANSWEREDTIME", elapsedMs: now - (answeredMs ?? now))
        set("DIALEDTIME", elapsedMs: now - startedMs)
        // One that was transferred has its own way.
        if !peer.isGone, peer.pbx == nil, peer.bridge == nil { peer.requestHangup(cause: .normalClearing, by: .local) }
        caller.setVariable("DIALSTATUS", "ANSWER")
        guard !caller.hangupRequested else { return .hangup }
        if let elsewhere { return .goTo(elsewhere) }
        return options.goesOn ? .next : .hangup
    }
}

extension Channel {
    /// Takes over what a callee inherits, without telling anybody.
    func adoptQuietly(from caller: Channel) {
        variables.merge(caller.variables.inherited())
        language = caller.language
        if accountCode.isEmpty { accountCode = caller.accountCode }
        musicClass = caller.musicClass
        redirectingNumber = caller.redirectingNumber
    }
}

extension ExpandedText {
    /// Whether what came from the caller leaves the destination where the dialplan put it: a slash, an at sign or an ampersand from
    /// outside would name another technology, context or endpoint.
    var isSafeDestination: Bool {
        for separator in [UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "&")] {
            let all = bytes.count { $0 == separator }
            if all != split(at: separator).count - 1 { return false }
        }
        return true
    }
}
