extension DialplanInterpreter {
    /// Goto([[context,]exten,]priority)
    func jump(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        guard let target = target(data, scope) else { return failToResolve(data, scope) }
        return .jump(target)
    }

    /// GotoIf(condition?target:target)
    func jumpIf(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        let parts = data.split(at: ASCII.question, max: 2)
        guard parts.count == 2 else {
            scope.warn("GotoIf needs condition?target:target")
            return .advance
        }
        return jump(toBranchOf: parts[1], isFirst: parts[0].isTrueCondition, scope)
    }

    /// GotoIfTime(times,weekdays,mdays,months[,timezone]?target:target)
    func jumpIfTime(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        let parts = data.split(at: ASCII.question, max: 2)
        guard parts.count == 2, let times = TimeSpecification(parts[0].string) else {
            scope.warn("GotoIfTime needs times,weekdays,mdays,months?target:target")
            return .advance
        }
        return jump(toBranchOf: parts[1], isFirst: times.contains(scope.clock(in: times)), scope)
    }

    private func jump(toBranchOf text: ExpandedText, isFirst: Bool, _ scope: CallScope<some DialplanHost>) -> Flow {
        let branches = text.split(at: ASCII.colon, max: 2)
        guard let branch = isFirst ? branches.first : branches.argument(1), !branch.trimmed.isEmpty else { return .advance }
        return jump(branch, scope)
    }

    func failToResolve(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) -> Flow {
        fail("'\(data.string)' leads to no priority or label", scope)
    }

    /// Resolves `[[context,]exten,]priority`, where the priority is a number, a label, `+n` or `-n`.
    /// - Returns: nil when it is none of these or the label does not exist.
    func target(_ text: ExpandedText, _ scope: CallScope<some DialplanHost>) -> DialplanLocation? {
        let parts = text.split(at: ASCII.comma, max: 3).map(\.trimmed)
        guard let last = parts.last, !last.isEmpty else { return nil }
        var target = location
        if parts.count > 1, !parts[parts.count - 2].isEmpty { target.exten = parts[parts.count - 2] }
        if parts.count > 2, !parts[0].isEmpty { target.context = parts[0].string }
        let number = last.bytes.allSatisfy(\.isDigit) ? Int(last.string) : relative(last) ?? label(last, target, scope)
        guard let number, (1...DialplanLimits.maxPriorityNumber).contains(number) else { return nil }
        target.priority = number
        return target
    }

    private func relative(_ text: ExpandedText) -> Int? {
        guard let sign = text.bytes.first, sign == ASCII.plus || sign == ASCII.dash, text.count > 1,
            text.bytes.dropFirst().allSatisfy(\.isDigit), let offset = Int(text.string)
        else { return nil }
        let (sum, overflow) = location.priority.addingReportingOverflow(offset)
        return overflow ? nil : sum
    }

    private func label(_ text: ExpandedText, _ place: DialplanLocation, _ scope: CallScope<some DialplanHost>) -> Int? {
        scope.host.dialplan.priority(
            labelled: text.string, context: place.context, exten: place.exten.string,
            callerID: scope.host.callerNumber, at: scope.clock)
    }
}
