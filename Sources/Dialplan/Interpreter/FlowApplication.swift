/// The applications that run inside the interpreter.
enum FlowApplication: String, CaseIterable {
    case goto = "Goto"
    case gotoIf = "GotoIf"
    case gotoIfTime = "GotoIfTime"
    case gosub = "Gosub"
    case gosubIf = "GosubIf"
    case `return` = "Return"
    case stackPop = "StackPop"
    case execIf = "ExecIf"
    case `while` = "While"
    case endWhile = "EndWhile"
    case continueWhile = "ContinueWhile"
    case exitWhile = "ExitWhile"
    case set = "Set"
    case mSet = "MSet"
    case noOp = "NoOp"
    case verbose = "Verbose"
    case log = "Log"
}

/// What follows an application.
enum Flow {
    /// The next priority.
    case advance
    case jump(DialplanLocation)
    /// The host has to run it.
    case execute(DialplanExecution)
    case end(DialplanEnd)
}

extension DialplanInterpreter {
    /// Announces an application and runs it, or hands it to the host.
    func perform(_ application: String, _ data: ExpandedText, _ scope: CallScope<some DialplanHost>, depth: Int) -> Flow {
        scope.host.willExecute(application: application, data: data.string, at: location)
        guard let known = FlowApplication(rawValue: application) else {
            return .execute(
                DialplanExecution(
                    application: application, arguments: data.splitArguments(), data: data, location: location))
        }
        switch known {
        case .goto: return jump(data, scope)
        case .gotoIf: return jumpIf(data, scope)
        case .gotoIfTime: return jumpIfTime(data, scope)
        case .gosub: return callRoutine(data, scope)
        case .gosubIf: return callRoutineIf(data, scope)
        case .return: return returnFromRoutine(data, scope)
        case .stackPop: return dropRoutine(scope)
        case .execIf: return executeIf(data, scope, depth: depth)
        case .while: return enterLoop(data, scope)
        case .endWhile, .continueWhile: return repeatLoop(scope)
        case .exitWhile: return exitLoop(scope)
        case .set: set(data, scope)
        case .mSet: setMany(data, scope)
        case .noOp: break
        case .verbose: logVerbose(data, scope)
        case .log: log(data, scope)
        }
        return .advance
    }

    /// Logs what is wrong with the dialplan here and ends the call.
    func fail(_ reason: String, _ scope: CallScope<some DialplanHost>) -> Flow {
        scope.host.log(.error, "\(location): \(reason)")
        return .end(.failed(reason))
    }

    /// ExecIf(condition?application(data):application(data))
    private func executeIf(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>, depth: Int) -> Flow {
        guard depth < DialplanLimits.maxExecDepth else {
            return fail("ExecIf nests deeper than \(DialplanLimits.maxExecDepth)", scope)
        }
        let parts = data.split(at: ASCII.question, max: 2)
        guard parts.count == 2 else {
            scope.warn("ExecIf needs condition?application(data)")
            return .advance
        }
        let branches = parts[1].splitRaw(at: ASCII.colon, max: 2)
        let isTrue = parts[0].isTrueCondition
        guard let branch = isTrue ? branches.first : branches.argument(1), !branch.trimmed.isEmpty else { return .advance }
        let call = ApplicationCall(branch)
        guard !call.name.isEmpty, !call.name.isTainted else {
            scope.warn("ExecIf runs no application that the caller names")
            return .advance
        }
        let name = scope.host.dialplan.registeredName(ofApplication: call.name.string)
        return perform(name, call.data ?? ExpandedText(), scope, depth: depth + 1)
    }
}
