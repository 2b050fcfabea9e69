extension DialplanInterpreter {
    /// Gosub([[context,]exten,]priority[(argument,…)])
    func callRoutine(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        let call = ApplicationCall(data)
        guard let target = target(call.name, scope), scope.find(target) != nil else {
            return failToResolve(call.name, scope)
        }
        guard frames.depth < DialplanLimits.maxGosubDepth else {
            return fail("Gosub nests deeper than \(DialplanLimits.maxGosubDepth)", scope)
        }
        frames.push(returnTo: location.next, arguments: call.data?.splitArguments() ?? [])
        return .jump(target)
    }

    /// GosubIf(condition?target(arguments):target(arguments))
    func callRoutineIf(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        let parts = data.split(at: ASCII.question, max: 2)
        guard parts.count == 2 else {
            scope.warn("GosubIf needs condition?target:target")
            return .advance
        }
        let branches = parts[1].splitRaw(at: ASCII.colon, max: 2)
        let isTrue = parts[0].isTrueCondition
        guard let branch = isTrue ? branches.first : branches.argument(1), !branch.trimmed.isEmpty else { return .advance }
        return callRoutine(branch, scope)
    }

    /// Return([value]): the value goes to GOSUB_RETVAL.
    func returnFromRoutine(_ value: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        guard let target = frames.pop() else {
            // The hangup extension may end this way when it stands in a routine.
            return isInHangup ? .end(.fellThrough) : fail("Return without Gosub", scope)
        }
        scope.setVariable("GOSUB_RETVAL", value)
        return .jump(target)
    }

    /// StackPop(): forgets the last Gosub without going back.
    func dropRoutine(_ scope: CallScope<some DialplanHost>) -> Flow {
        if frames.pop() == nil { scope.warn("StackPop without Gosub") }
        return .advance
    }
}
