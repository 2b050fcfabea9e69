/// Where a lookup ended.
public struct DialplanMatch: Sendable {
    /// The context that holds the extension: the one asked for or one that it includes.
    public let context: String
    /// The extension as written.
    public let exten: String
    public let priority: DialplanPriority
}

extension Dialplan {
    /// Finds what runs at a priority: own extensions first, literals before patterns, then includes in order.
    ///
    /// When the best match lacks the priority, the next one that has it is taken.
    public func find(
        context: String, exten: String, priority: Int, callerID: String, at clock: DialplanClock
    ) -> DialplanMatch? {
        firstExtension(context, exten, callerID, clock) { context, item in
            item.priority(priority).map { DialplanMatch(context: context, exten: item.name, priority: $0) }
        }
    }

    /// Whether a priority of an extension exists.
    public func exists(
        context: String, exten: String, priority: Int = 1, callerID: String, at clock: DialplanClock
    ) -> Bool {
        find(context: context, exten: exten, priority: priority, callerID: callerID, at: clock) != nil
    }

    /// The number of the priority that carries a label.
    public func priority(
        labelled label: String, context: String, exten: String, callerID: String, at clock: DialplanClock
    ) -> Int? {
        firstExtension(context, exten, callerID, clock) { _, item in item.priority(labelled: label)?.number }
    }

    /// The hint of an extension.
    public func hint(context: String, exten: String, at clock: DialplanClock) -> DialplanHint? {
        firstExtension(context, exten, "", clock) { _, item in item.hint }
    }

    /// Whether the digits match an extension or could with more digits.
    public func canMatch(context: String, exten: String, callerID: String, at clock: DialplanClock) -> Bool {
        firstContext(context, clock) { $0.couldMatch(exten, callerID: callerID) } ?? false
    }

    /// Whether more digits could match an extension, so that waiting for them makes sense.
    public func matchMore(context: String, exten: String, callerID: String, at clock: DialplanClock) -> Bool {
        firstContext(context, clock) { $0.couldMatchMore(exten, callerID: callerID) } ?? false
    }

    /// Whether dial tone goes on after these digits (`ignorepat`).
    public func ignoresDigits(context: String, exten: String, at clock: DialplanClock) -> Bool {
        firstContext(context, clock) { $0.ignorePatterns.contains { $0.matches(exten) } ? true : nil } ?? false
    }

    private func firstExtension<T>(
        _ context: String, _ exten: String, _ callerID: String, _ clock: DialplanClock,
        _ body: (String, DialplanExtension) -> T?
    ) -> T? {
        firstContext(context, clock) { candidate in
            candidate.firstMatch(exten, callerID: callerID) { body(candidate.name, $0) }
        }
    }

    /// Asks `body` for the context and for those it includes, depth first, each once, until it gives something.
    private func firstContext<T>(_ name: String, _ clock: DialplanClock, _ body: (DialplanContext) -> T?) -> T? {
        guard let context = contexts[name] else { return nil }
        if let found = body(context) { return found }
        guard !context.includes.isEmpty else { return nil }
        var visited: Set<String> = [name]
        return firstIncluded(by: context, clock, &visited, depth: 1, body)
    }

    private func firstIncluded<T>(
        by context: DialplanContext, _ clock: DialplanClock, _ visited: inout Set<String>, depth: Int,
        _ body: (DialplanContext) -> T?
    ) -> T? {
        guard depth < DialplanLimits.maxContextDepth else { return nil }
        for include in context.includes {
            if let times = include.times, !times.contains(clock) { continue }
            guard visited.insert(include.context).inserted, let next = contexts[include.context] else { continue }
            if let found = body(next) { return found }
            if let found = firstIncluded(by: next, clock, &visited, depth: depth + 1, body) { return found }
        }
        return nil
    }
}
