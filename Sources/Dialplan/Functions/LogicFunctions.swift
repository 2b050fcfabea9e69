extension BuiltinFunctions {
    /// IF(condition?whenTrue:whenFalse)
    static func choose(_ call: Call) -> ExpandedText {
        let (condition, whenTrue, whenFalse) = splitChoice(call.arguments)
        return condition.isTrueCondition ? whenTrue : whenFalse
    }

    /// IFTIME(times,weekdays,mdays,months[,timezone]?whenTrue:whenFalse)
    static func chooseByTime(_ call: Call) -> ExpandedText {
        let (times, whenTrue, whenFalse) = splitChoice(call.arguments)
        guard let specification = TimeSpecification(times.string) else {
            call.warn("'\(times.string)' is not a time specification")
            return whenFalse
        }
        return specification.contains(call.scope.clock(in: specification)) ? whenTrue : whenFalse
    }

    /// SET(name=value): sets the variable and gives the value.
    static func set(_ call: Call) -> ExpandedText {
        let parts = call.arguments.split(at: ASCII.equals, max: 2)
        guard parts.count == 2 else {
            call.warn("'\(call.arguments.string)' is not name=value")
            return ExpandedText()
        }
        Expansion(scope: call.scope).assign(parts[0].trimmed, parts[1])
        return parts[1]
    }

    /// ARRAY(a,b,…)=x,y,…: sets each variable to the value at its place.
    static func setMany(_ call: Call, _ value: ExpandedText) {
        let values = value.splitArguments()
        for (index, name) in call.list().enumerated() where !name.trimmed.isEmpty {
            call.scope.setVariable(name.trimmed.string, values.argument(index) ?? ExpandedText())
        }
    }

    /// Cuts `condition?a:b`; the blanks around a and b are no part of them.
    private static func splitChoice(_ text: ExpandedText) -> (ExpandedText, ExpandedText, ExpandedText) {
        let parts = text.split(at: ASCII.question, max: 2)
        guard parts.count == 2 else { return (text, ExpandedText(), ExpandedText()) }
        let branches = splitBranches(parts[1])
        return (parts[0], unquoted(branches.0), unquoted(branches.1))
    }

    /// Cuts `a:b` at the first untainted colon that stands in no quotes.
    private static func splitBranches(_ text: ExpandedText) -> (ExpandedText, ExpandedText) {
        var isQuoted = false
        for index in 0..<text.count {
            if text.isSyntax(ASCII.quote, at: index) { isQuoted.toggle() }
            if !isQuoted, text.isSyntax(ASCII.colon, at: index) {
                return (text[0..<index].trimmed, text[(index + 1)..<text.count].trimmed)
            }
        }
        return (text.trimmed, ExpandedText())
    }

    private static func unquoted(_ text: ExpandedText) -> ExpandedText {
        guard text.count >= 2, text.isSyntax(ASCII.quote, at: 0), text.isSyntax(ASCII.quote, at: text.count - 1)
        else { return text }
        return text[1..<(text.count - 1)]
    }
}

extension ValueScope {
    /// The clock in the zone that a time specification names.
    func clock(in specification: TimeSpecification) -> DialplanClock {
        var clock = clock
        if let zone = specification.zone {
            if let offset = utcOffsetSeconds(zone: zone, atEpochSeconds: clock.epochSeconds) {
                clock.utcOffsetSeconds = offset
            } else {
                warn("time zone \(zone) is not known; local time is used")
            }
        }
        return clock
    }
}
