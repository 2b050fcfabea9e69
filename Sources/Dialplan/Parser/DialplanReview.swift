/// Looks over a whole dialplan for what is allowed but hardly meant.
struct DialplanReview {
    let dialplan: Dialplan
    let warnsOfUnknownApplications: Bool

    func run(log: inout DiagnosticLog) {
        for context in dialplan.contexts.values.sorted(by: { $0.name < $1.name }) {
            for include in context.includes where dialplan.contexts[include.context] == nil {
                log.add(
                    .warning, "the included context '\(include.context)' does not exist",
                    at: SourcePlace(file: include.file, line: include.line))
            }
            for item in context.extensions { review(item, of: context, log: &log) }
        }
    }

    private func review(_ item: DialplanExtension, of context: DialplanContext, log: inout DiagnosticLog) {
        var expected = 1
        for priority in item.priorities {
            let place = SourcePlace(file: priority.file, line: priority.line)
            if priority.number != expected {
                log.add(.warning, "'\(item.fullName)' has no priority \(expected) before \(priority.number)", at: place)
            }
            expected = priority.number + 1
            if warnsOfUnknownApplications, dialplan.applications[priority.application.asciiLowercased] == nil {
                log.add(.warning, "the application \(priority.application) is not known", at: place)
            }
            for target in literalTargets(of: priority) { review(target, of: item, in: context.name, log: &log, at: place) }
        }
    }

    /// The destinations that a flow application names without substitution.
    private func literalTargets(of priority: DialplanPriority) -> [ExpandedText] {
        // A destination in parts that are substituted is only known during a call.
        guard case .text(let text) = priority.template.segments.last else { return [] }
        let isWhole = priority.template.literal != nil
        let data = ExpandedText(bytes: text)
        switch FlowApplication(rawValue: priority.application) {
        case .goto: return isWhole ? [data] : []
        case .gosub: return isWhole ? [ApplicationCall(data).name] : []
        case .gotoIf, .gotoIfTime, .gosubIf:
            guard let question = data.firstIndex(ofSyntax: ASCII.question) else { return [] }
            return data[(question + 1)..<data.count].splitRaw(at: ASCII.colon, max: 2).map { ApplicationCall($0).name }
        default: return []
        }
    }

    private func review(
        _ target: ExpandedText, of item: DialplanExtension, in context: String, log: inout DiagnosticLog, at place: SourcePlace
    ) {
        let parts = target.split(at: ASCII.comma, max: 3).map { $0.trimmed.string }
        if parts.count == 3, !parts[0].isEmpty, dialplan.contexts[parts[0]] == nil {
            log.add(.warning, "the context '\(parts[0])' does not exist", at: place)
        }
        let isLabel = parts.count == 1 && parts[0].utf8.contains { !$0.isDigit && $0 != ASCII.plus && $0 != ASCII.dash }
        // Which patterns share a dialled number is only known for a literal extension.
        guard isLabel, item.pattern == nil, item.priority(labelled: parts[0]) == nil else { return }
        let elsewhere = dialplan.priority(
            labelled: parts[0], context: context, exten: item.name, callerID: "", at: DialplanClock(epochMicros: 0))
        if elsewhere == nil {
            log.add(.warning, "the label '\(parts[0])' does not exist in '\(item.fullName)'", at: place)
        }
    }
}
