/// Variables and functions as seen from the place where a call stands: its routine's locals, then the host's.
struct CallScope<Host: DialplanHost>: ValueScope {
    let interpreter: DialplanInterpreter
    let host: Host

    func variable(_ name: String) -> ExpandedText? {
        switch name {
        case "EXTEN": interpreter.location.exten
        case "CONTEXT": ExpandedText(interpreter.location.context)
        case "PRIORITY": ExpandedText(String(interpreter.location.priority))
        case "EPOCH": ExpandedText(String(host.clock.epochSeconds))
        default: interpreter.frames.local(name) ?? host.variable(name)
        }
    }

    func setVariable(_ name: String, _ value: ExpandedText) {
        if !interpreter.frames.setLocal(name, value) { host.setVariable(name, value) }
    }

    func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText? {
        switch name {
        case "LOCAL": variable(arguments.trimmed.string) ?? ExpandedText()
        case "DIALPLAN_EXISTS", "VALID_EXTEN": ExpandedText(exists(arguments))
        default: host.readFunction(name, arguments)
        }
    }

    func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool {
        guard name == "LOCAL" else { return host.writeFunction(name, arguments, value) }
        if !interpreter.frames.addLocal(arguments.trimmed.string, value) {
            warn("LOCAL has a meaning only within Gosub, for at most \(DialplanLimits.maxLocals) variables")
        }
        return true
    }

    /// DIALPLAN_EXISTS(context[,exten[,priority or label]])
    private func exists(_ arguments: ExpandedText) -> Bool {
        let parts = arguments.splitArguments(max: 3).map(\.trimmed.string)
        guard let first = parts.first else { return false }
        let context = first.isEmpty ? interpreter.location.context : first
        guard parts.count > 1 else { return host.dialplan.hasContext(context) }
        guard parts.count > 2, Int(parts[2]) == nil else {
            return exists(context, parts[1], parts.count > 2 ? Int(parts[2]) ?? 1 : 1)
        }
        return host.dialplan.priority(
            labelled: parts[2], context: context, exten: parts[1], callerID: host.callerNumber, at: clock) != nil
    }

    func exists(_ context: String, _ exten: String, _ priority: Int) -> Bool {
        find(DialplanLocation(context: context, exten: ExpandedText(exten), priority: priority)) != nil
    }

    func find(_ location: DialplanLocation) -> DialplanMatch? {
        host.dialplan.find(
            context: location.context, exten: location.exten.string, priority: location.priority,
            callerID: host.callerNumber, at: clock)
    }

    var clock: DialplanClock { host.clock }

    func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int? {
        host.utcOffsetSeconds(zone: zone, atEpochSeconds: atEpochSeconds)
    }

    func random() -> UInt64 { host.random() }

    func warn(_ text: String) { host.log(.warning, "\(interpreter.location): \(text)") }
}
