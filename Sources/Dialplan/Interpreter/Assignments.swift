extension DialplanInterpreter {
    /// Set(name=value): all that follows the first `=` is the value.
    func set(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) {
        let parts = data.split(at: ASCII.equals, max: 2)
        guard parts.count == 2 else { return scope.warn("Set needs name=value") }
        Expansion(scope: scope).assign(parts[0].trimmed, parts[1])
    }

    /// MSet(name=value,name=value,…)
    func setMany(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) {
        for part in data.splitArguments() { set(part, scope) }
    }

    /// Verbose([level,]text)
    func logVerbose(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) {
        let parts = data.split(at: ASCII.comma, max: 2)
        if parts.count == 2, let level = Int(parts[0].trimmed.string), level >= 0 {
            scope.host.log(.verbose(level), parts[1].string)
        } else {
            scope.host.log(.verbose(0), data.string)
        }
    }

    /// Log(level,text)
    func log(_ data: ExpandedText, _ scope: CallScope<some DialplanHost>) {
        let parts = data.split(at: ASCII.comma, max: 2)
        guard parts.count == 2, let level = Self.level(parts[0].trimmed.string) else {
            return scope.warn("Log needs ERROR, WARNING, NOTICE, DEBUG or VERBOSE and a text")
        }
        scope.host.log(level, parts[1].string)
    }

    private static func level(_ name: String) -> DialplanLogLevel? {
        switch name.asciiLowercased {
        case "error": .error
        case "warning": .warning
        case "notice": .notice
        case "debug": .debug
        case "verbose": .verbose(0)
        default: nil
        }
    }
}
