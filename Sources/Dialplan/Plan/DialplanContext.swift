/// `include => context[,times]`.
struct DialplanInclude: Sendable {
    let context: String
    let times: TimeSpecification?
    let line: Int
    let file: String
}

/// One context, compiled for lookups.
struct DialplanContext: Sendable {
    let name: String
    let extensions: [DialplanExtension]
    let includes: [DialplanInclude]
    let ignorePatterns: [CallerIDMatch]
    /// Literal extensions by name; those for certain callers come first.
    private let literals: [String: [Int]]
    /// The names of the literals in byte order, to find what could still follow.
    private let sortedLiterals: [[UInt8]]
    /// The patterns, most specific first.
    private let patterns: [Int]

    init(
        name: String, extensions: [DialplanExtension], includes: [DialplanInclude], ignorePatterns: [CallerIDMatch]
    ) {
        self.name = name
        self.extensions = extensions
        self.includes = includes
        self.ignorePatterns = ignorePatterns
        var literals: [String: [Int]] = [:]
        var patterns: [Int] = []
        for (index, item) in extensions.enumerated() {
            if item.pattern == nil {
                literals[dialedKey(item.name), default: []].append(index)
            } else {
                patterns.append(index)
            }
        }
        self.literals = literals.mapValues { indexes in
            indexes.filter { extensions[$0].callerID != nil } + indexes.filter { extensions[$0].callerID == nil }
        }
        sortedLiterals = literals.keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        self.patterns = patterns.sorted { Self.precedes(extensions[$0], extensions[$1]) }
    }

    private static func precedes(_ left: DialplanExtension, _ right: DialplanExtension) -> Bool {
        guard let first = left.pattern, let second = right.pattern else { return false }
        if first.rank == second.rank { return left.callerID != nil && right.callerID == nil }
        return ExtensionPattern.precedes(first, second)
    }

    /// Asks `body` for each extension that matches, most specific first, until it gives something.
    func firstMatch<T>(_ dialed: String, callerID: String, _ body: (DialplanExtension) -> T?) -> T? {
        let key = dialedKey(dialed)
        for index in literals[key] ?? [] {
            if extensions[index].callerID?.matches(callerID) ?? true, let found = body(extensions[index]) { return found }
        }
        for index in patterns {
            guard let pattern = extensions[index].pattern, extensions[index].callerID?.matches(callerID) ?? true
            else { continue }
            switch pattern.match(key.utf8) {
            case .none, .partial: continue
            case .exact, .open, .early:
                if let found = body(extensions[index]) { return found }
            }
        }
        return nil
    }

    /// Whether what was dialled matches or could with more digits; nil when nothing here says yes.
    func couldMatch(_ dialed: String, callerID: String) -> Bool? {
        let key = Array(dialedKey(dialed).utf8)
        if hasLiteral(startingWith: key, longer: false, callerID: callerID) { return true }
        return patterns.contains {
            outcome(of: extensions[$0], key, callerID) != .none
        } ? true : nil
    }

    /// Whether a longer number could match; false is final (`!` matched), nil when nothing here says yes.
    func couldMatchMore(_ dialed: String, callerID: String) -> Bool? {
        let key = Array(dialedKey(dialed).utf8)
        if hasLiteral(startingWith: key, longer: true, callerID: callerID) { return true }
        for index in patterns {
            switch outcome(of: extensions[index], key, callerID) {
            case .partial, .open: return true
            case .early: return false
            case .none, .exact: continue
            }
        }
        return nil
    }

    private func outcome(of item: DialplanExtension, _ key: [UInt8], _ callerID: String) -> ExtensionPattern.Outcome {
        guard let pattern = item.pattern, item.callerID?.matches(callerID) ?? true else { return .none }
        return pattern.match(key)
    }

    private func hasLiteral(startingWith key: [UInt8], longer: Bool, callerID: String) -> Bool {
        var low = 0
        var high = sortedLiterals.count
        while low < high {
            let middle = (low + high) / 2
            if sortedLiterals[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        while low < sortedLiterals.count, sortedLiterals[low].starts(with: key) {
            let isLonger = sortedLiterals[low].count > key.count
            if isLonger || !longer, isOpen(sortedLiterals[low].text, to: callerID) { return true }
            low += 1
        }
        return false
    }

    private func isOpen(_ literal: String, to callerID: String) -> Bool {
        (literals[literal] ?? []).contains { extensions[$0].callerID?.matches(callerID) ?? true }
    }
}
