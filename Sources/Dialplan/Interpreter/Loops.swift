extension DialplanInterpreter {
    /// While(condition)
    func enterLoop(_ condition: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        // Loops left by a Goto from within end when one around them comes round again.
        let running = frames.loops.lastIndex { $0.isSamePlace(as: location) }
        if let running { frames.loops.removeSubrange((running + 1)...) }
        guard condition.isTrueCondition else {
            if running != nil { frames.loops.removeLast() }
            return leaveLoop(scope)
        }
        if running == nil {
            guard frames.loops.count < DialplanLimits.maxWhileDepth else {
                return fail("While nests deeper than \(DialplanLimits.maxWhileDepth)", scope)
            }
            frames.loops.append(location)
        }
        return .advance
    }

    /// EndWhile() and ContinueWhile(): back to the condition.
    func repeatLoop(_ scope: CallScope<some DialplanHost>) -> Flow {
        guard let start = frames.loops.last else {
            scope.warn("there is no While that runs")
            return .advance
        }
        return .jump(start)
    }

    /// ExitWhile()
    func exitLoop(_ scope: CallScope<some DialplanHost>) -> Flow {
        guard frames.loops.popLast() != nil else {
            scope.warn("there is no While that runs")
            return .advance
        }
        return leaveLoop(scope)
    }

    /// Goes behind the EndWhile that belongs to the present loop.
    private func leaveLoop(_ scope: CallScope<some DialplanHost>) -> Flow {
        var place = location.next
        var depth = 0
        while count(steps: 1), let match = scope.find(place) {
            switch FlowApplication(rawValue: match.priority.application) {
            case .while: depth += 1
            case .endWhile where depth == 0: return .jump(place.next)
            case .endWhile: depth -= 1
            default: break
            }
            place = place.next
        }
        return fail("While has no EndWhile", scope)
    }
}
