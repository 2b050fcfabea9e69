import ARIModel
public import Dialplan

/// Runs the dialplan of one channel from a place to its end.
@CallActor
final class PBX {
    private let channel: Channel
    private let interpreter: DialplanInterpreter
    /// Where an application that let the channel go wants it to continue; nil for the next priority.
    var stasisContinuation: DialplanLocation?

    /// The only application to run, in place of a dialplan.
    private var single: (application: DialplanApplication, data: String)?

    init(channel: Channel, running application: DialplanApplication, data: String) {
        self.channel = channel
        interpreter = DialplanInterpreter(location: channel.location)
        single = (application, data)
    }

    init(channel: Channel, location: DialplanLocation) {
        self.channel = channel
        interpreter = DialplanInterpreter(location: location)
    }

    func takeStasisContinuation() -> DialplanLocation? {
        defer { stasisContinuation = nil }
        return stasisContinuation
    }

    func run() async {
        let end = await runUntilFinished()
        let cause = channel.hangupCause == .unknown ? HangupCause.normalClearing : channel.hangupCause
        channel.emit(.channelHangupRequest(channel: channel.snapshot, cause: cause.number, soft: true))
        if !channel.hangupRequested {
            // A place that does not exist is no reason that Q.850 has a number for.
            if end != .invalidExtension { channel.hangupCause = cause }
            channel.finishDialplan()
        }
        if interpreter.startHangup(host: channel) { _ = await runUntilFinished() }
        channel.location = interpreter.location
        channel.pbx = nil
        channel.dialplanEnded()
    }

    /// Runs the one application; what it says should come next is the end, but for a place that somebody sent the channel to.
    private func runSingle(_ application: DialplanApplication, _ data: String) async -> DialplanEnd {
        (channel.applicationName, channel.applicationData) = (application.name, data)
        channel.publish()
        _ = await application.run(channel, ExpandedText(data).splitArguments())
        guard case .goTo(let place) = await afterDetours(.hangUp) else { return .hungUp }
        interpreter.completed(.goTo(place))
        return await runUntilFinished()
    }

    private func runUntilFinished() async -> DialplanEnd {
        if let (application, data) = single {
            single = nil
            return await runSingle(application, data)
        }
        var steps = 0
        while true {
            switch interpreter.next(host: channel) {
            case .execute(let execution):
                interpreter.completed(await afterDetours(await perform(execution)))
                steps += 1
                // A dialplan that goes round without ever waiting must not hold up everybody else.
                if steps % DialplanLimits.maxStepsOfTurn == 0 { await letOthersTurn() }
            case .pause: await letOthersTurn()
            case .finished(let end):
                if case .fellThrough = end, !interpreter.isInHangup { showDialResult() }
                return end
            }
            if channel.hangupRequested, !interpreter.isInHangup { return .hungUp }
        }
    }

    /// What the dialplan does next, unless somebody sent the channel elsewhere meanwhile.
    private func afterDetours(_ outcome: DialplanOutcome) async -> DialplanOutcome {
        switch channel.takeDetour() {
        case nil: return outcome
        case .goTo(let place): return .goTo(place)
        case .bridge(let bridge):
            await channel.talk(in: bridge)
            return await afterDetours(.hangUp)
        }
    }

    /// Comes back a moment later: the loop looks after its sockets only when no task is left to run.
    private func letOthersTurn() async {
        await withCheckedContinuation { continuation in _ = channel.core.scheduler.schedule(afterMs: 1) { continuation.resume() } }
    }

    private func perform(_ execution: DialplanExecution) async -> DialplanOutcome {
        guard let application = DialplanApplication.named(execution.application) else {
            channel.core.log.warning("no application '\(execution.application)'", channel: channel, detail: "\(execution.location)")
            return .hangUp
        }
        switch await application.run(channel, execution.arguments) {
        case .next: return .proceed
        case .hangup: return .hangUp
        case .goTo(let location): return .goTo(location)
        case .extensionDialled(let number): return .digits(number)
        case .timedOut: return .timedOut
        }
    }

    /// A dialplan that ends behind a Dial() nobody answered tells the caller why.
    private func showDialResult() {
        guard channel.hangupCause == .unknown, channel.state != .up else { return }
        switch channel.variable("DIALSTATUS")?.string {
        case "BUSY": channel.hangupCause = .userBusy
        case "CONGESTION", "CHANUNAVAIL": channel.hangupCause = .congestion
        case "NOANSWER": channel.hangupCause = .noAnswer
        default: break
        }
    }

    /// Reads a variable or a function, as a client of ARI names it.
    func read(_ name: String) -> ExpandedText? { interpreter.read(name, host: channel) }
}

extension Channel {
    /// Runs one application of the dialplan on the channel, and ends the call with it.
    func startPBX(running application: DialplanApplication, data: String) {
        guard pbx == nil, !hangupRequested else { return }
        let started = PBX(channel: self, running: application, data: data)
        pbx = started
        CallActor.run { await started.run() }
    }

    /// Starts the dialplan on the channel; it runs until the call ends.
    public func startPBX(at place: DialplanLocation) {
        guard pbx == nil, !hangupRequested else { return }
        location = place
        let started = PBX(channel: self, location: place)
        pbx = started
        CallActor.run { await started.run() }
    }

    /// The dialplan came to its end while the far end is still there: nothing that was left behind goes on.
    fileprivate func finishDialplan() {
        setStatisticsVariables()
        hangupRequested = true
        if hasPlayer { player.failAll() }
        bridge?.remove(self, because: .hangup)
        endStasis()
    }

    /// The dialplan has run to its end, the `h` extension included: the channel goes.
    fileprivate func dialplanEnded() {
        if !applicationAfterStasis.name.isEmpty {
            (applicationName, applicationData) = applicationAfterStasis
            publish()
        }
        destroy()
    }
}

extension Channel: @CallActor DialplanHost {
    public var dialplan: Dialplan { core.dialplan.current }
    public var callerNumber: String { caller.number }
    public var clock: DialplanClock { core.dialplan.clock }

    public func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int? {
        zone.isEmpty ? core.scheduler.utcOffsetSeconds : (["UTC", "GMT", "Etc/UTC"].contains(zone) ? 0 : nil)
    }

    public func random() -> UInt64 { core.randomBits() }

    public func setVariable(_ name: String, _ value: ExpandedText) {
        setVariable(name, Optional(value))
    }

    public func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText? {
        guard let read = DialplanFunction.named(name)?.read else { return nil }
        return read(FunctionCall(core: core, channel: self, arguments: arguments.splitArguments()))
    }

    public func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool {
        guard let write = DialplanFunction.named(name)?.write else { return false }
        return write(FunctionCall(core: core, channel: self, arguments: arguments.splitArguments()), value)
    }

    public func willExecute(application: String, data: String, at place: DialplanLocation) {
        location = place
        applicationName = application
        applicationData = data
        publish()
    }

    public func log(_ level: DialplanLogLevel, _ text: String) {
        switch level {
        case .error: core.log.record(.error, text, channelID: id, detail: "")
        case .warning: core.log.record(.warning, text, channelID: id, detail: "")
        case .notice: core.log.record(.notice, text, channelID: id, detail: "")
        case .debug, .verbose: core.log.record(.debug, text, channelID: id, detail: "")
        }
    }
}

extension Channel {
    /// Why a function can't be read.
    public enum VariableError: Error, Equatable { case unreadableFunction }

    /// The value that a client of ARI asks for: a variable, or a function such as `CALLERID(num)`. Nil when it is not set.
    public func readForClient(_ name: String) throws(VariableError) -> String? {
        // Reading must not change anything: who may only look may read.
        guard !name.uppercased().hasPrefix("DB_DELETE(") else { throw .unreadableFunction }
        let reader = pbx.map { $0.read(name) } ?? DialplanInterpreter(location: location).read(name, host: self)
        if name.hasSuffix(")") {
            guard let reader else { throw .unreadableFunction }
            return reader.string
        }
        return reader?.string
    }

    /// Sets variables that a client of ARI names, and shows those that it wants to see.
    public func assign(_ variables: [VariableAssignment]) {
        for variable in variables {
            if variable.reportsEvents { report(variable: variable.name) }
            assign(variable.name, variable.value)
        }
    }

    /// Sets what a client of ARI names: a variable, or a function such as `CHANNEL(language)`; nil unsets.
    public func assign(_ name: String, _ value: String?) {
        if name.hasSuffix(")") {
            DialplanInterpreter(location: location).assign(name, ExpandedText(value ?? ""), host: self)
        } else {
            setVariable(name, value.map { ExpandedText($0) })
        }
    }
}
