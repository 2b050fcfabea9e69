/// Runs one call through the dialplan, a step at a time and without I/O.
///
/// ``next(host:)`` gives the next application for the host to run; the host runs it, however long that takes, tells
/// ``completed(_:)`` and asks again. Goto, Gosub, While, Set and the other applications of ``internalApplications``
/// run inside. Not Sendable: it belongs to whoever runs the call.
public final class DialplanInterpreter {
    /// Where the call stands; during an application its own priority.
    public internal(set) var location: DialplanLocation
    /// Whether the hangup extension runs.
    public private(set) var isInHangup = false
    var frames = CallFrames()
    var internalSteps = 0
    private var outcome: DialplanOutcome?
    private var end: DialplanEnd?
    private var isAtStart = true

    public init(location: DialplanLocation) { self.location = location }

    /// The names of the applications that run inside the interpreter.
    public static var internalApplications: [String] { FlowApplication.allCases.map(\.rawValue) }

    /// Tells how the application of the last step ended; not told means ``DialplanOutcome/proceed``.
    public func completed(_ outcome: DialplanOutcome) {
        self.outcome = outcome
    }

    /// Runs on to the next application for the host, or to the end.
    public func next(host: some DialplanHost) -> DialplanStep {
        let scope = CallScope(interpreter: self, host: host)
        if let outcome, end == nil { take(outcome, scope) }
        outcome = nil
        var stepsOfTurn = 0
        while end == nil {
            stepsOfTurn += 1
            guard stepsOfTurn <= DialplanLimits.maxStepsOfTurn else { return .pause }
            guard count(steps: 1) else {
                let reason = "\(DialplanLimits.maxInternalSteps) steps without an application: an endless loop"
                host.log(.error, "\(location): \(reason)")
                end = .failed(reason)
                break
            }
            guard let match = scope.find(location) else {
                leaveMissingPlace(scope)
                continue
            }
            isAtStart = false
            let data = Expansion(scope: scope).expand(match.priority.template)
            switch perform(match.priority.application, data, scope, depth: 0) {
            case .advance: location = location.next
            case .jump(let target): location = target
            case .end(let reason): end = reason
            case .execute(let execution):
                internalSteps = 0
                outcome = .proceed
                return .execute(execution)
            }
        }
        return .finished(end ?? .fellThrough)
    }

    /// Turns to the hangup extension `h` of the present context; its steps come from ``next(host:)``.
    /// - Returns: false when there is none or it was run already.
    public func startHangup(host: some DialplanHost) -> Bool {
        let scope = CallScope(interpreter: self, host: host)
        guard !isInHangup, scope.exists(location.context, "h", 1) else { return false }
        isInHangup = true
        outcome = nil
        end = nil
        internalSteps = 0
        frames.startHangup()
        location = DialplanLocation(context: location.context, exten: "h", priority: 1)
        return true
    }

    /// Counts steps against the limit.
    /// - Returns: false when the limit is passed.
    func count(steps: Int) -> Bool {
        internalSteps += steps
        return internalSteps <= DialplanLimits.maxInternalSteps
    }

    private func take(_ outcome: DialplanOutcome, _ scope: CallScope<some DialplanHost>) {
        switch outcome {
        case .proceed: location = location.next
        case .hangUp: end = .hungUp
        case .goTo(let target): location = target
        case .digits(let digits): goTo(dialed: digits, scope)
        case .timedOut: goTo(special: "t", scope, otherwise: .timedOut)
        case .absoluteTimeout: goTo(special: "T", scope, otherwise: .timedOut)
        }
    }

    private func goTo(dialed digits: String, _ scope: CallScope<some DialplanHost>) {
        location = DialplanLocation(context: location.context, dialed: digits)
        if scope.find(location) == nil { goToInvalid(scope) }
    }

    private func goTo(special exten: String, _ scope: CallScope<some DialplanHost>, otherwise reason: DialplanEnd) {
        if scope.exists(location.context, exten, 1) {
            location = DialplanLocation(context: location.context, exten: ExpandedText(exten))
        } else {
            end = reason
        }
    }

    private func goToInvalid(_ scope: CallScope<some DialplanHost>) {
        let wrong = location.exten
        goTo(special: "i", scope, otherwise: .invalidExtension)
        if end == nil { scope.setVariable("INVALID_EXTEN", wrong) }
    }

    /// Decides what follows when there is nothing at the present place.
    private func leaveMissingPlace(_ scope: CallScope<some DialplanHost>) {
        if isInHangup {
            end = .fellThrough
        } else if isAtStart, scope.exists(location.context, "s", 1), location.exten.string != "s" {
            location = DialplanLocation(context: location.context, exten: "s")
        } else if scope.exists(location.context, location.exten.string, 1) {
            end = .fellThrough
        } else if location.exten.string == "i" {
            end = .invalidExtension
        } else {
            goToInvalid(scope)
        }
    }
}

extension DialplanInterpreter {
    /// Substitutes variables, functions and expressions of a text, as a priority's data is.
    public func expand(_ text: String, host: some DialplanHost) -> ExpandedText {
        let scope = CallScope(interpreter: self, host: host)
        return Expansion(scope: scope).expand(Template(text.utf8, report: scope.warn))
    }

    /// Reads `NAME` or `FUNCTION(arguments)`; nil when the variable is not set or the function can't be read. Nothing in the name is substituted.
    public func read(_ name: String, host: some DialplanHost) -> ExpandedText? {
        let scope = CallScope(interpreter: self, host: host)
        guard name.utf8.last == ASCII.rightParen else { return scope.variable(name) }
        return Expansion(scope: scope).readKnownFunction(ExpandedText(name))
    }

    /// Sets `NAME` or writes `FUNCTION(arguments)`.
    public func assign(_ name: String, _ value: ExpandedText, host: some DialplanHost) {
        Expansion(scope: CallScope(interpreter: self, host: host)).assign(ExpandedText(name), value)
    }
}
