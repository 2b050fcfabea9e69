/// A context while its lines are read.
struct ContextDraft {
    let name: String
    private(set) var extensions: [ExtensionDraft] = []
    private var positions: [String: Int] = [:]
    var includes: [DialplanInclude] = []
    var ignorePatterns: [CallerIDMatch] = []

    init(name: String) { self.name = name }

    /// Changes the extension of a name, made when it is new.
    mutating func change(_ extensionName: ExtensionName, _ body: (inout ExtensionDraft) -> Void) {
        let key = extensionName.full
        if let position = positions[key] {
            body(&extensions[position])
        } else {
            positions[key] = extensions.count
            var draft = ExtensionDraft(name: extensionName)
            body(&draft)
            extensions.append(draft)
        }
    }

    var built: DialplanContext {
        DialplanContext(
            name: name, extensions: extensions.map(\.built), includes: includes, ignorePatterns: ignorePatterns)
    }
}

/// `exten` or `exten/caller` taken apart.
struct ExtensionName {
    let full: String
    let plain: String
    let pattern: ExtensionPattern?
    let callerID: CallerIDMatch?
    let callerIDText: String?

    enum Failure: Error {
        case empty
        case tooLong
        case pattern(ExtensionPattern.Failure)

        var sentence: String {
            switch self {
            case .empty: "the extension has no name"
            case .tooLong: "the extension's name is too long"
            case .pattern(.unclosedSet): "'[' in the pattern has no ']' (a comma ends the extension)"
            case .pattern(.emptySet): "'[]' in the pattern matches nothing"
            case .pattern(.empty): "the pattern is empty"
            }
        }
    }

    init(_ text: String, limits: DialplanLimits) throws(Failure) {
        full = text
        guard text.utf8.count <= limits.maxExtensionBytes else { throw .tooLong }
        let parts = text.utf8.split(separator: ASCII.slash, maxSplits: 1, omittingEmptySubsequences: false)
        let name = (parts.first ?? text.utf8[...]).trimmed
        guard let first = name.first else { throw .empty }
        plain = name.text
        do throws(ExtensionPattern.Failure) {
            pattern = first == ASCII.underscore ? try ExtensionPattern(name.dropFirst()) : nil
            callerIDText = parts.count > 1 ? parts[1].trimmed.text : nil
            if let callerIDText { callerID = try CallerIDMatch(callerIDText) } else { callerID = nil }
        } catch {
            throw .pattern(error)
        }
    }
}

/// An extension while its lines are read.
struct ExtensionDraft {
    let name: ExtensionName
    var priorities: [Int: DialplanPriority] = [:]
    var labels: [String: Int] = [:]
    var hint: DialplanHint?

    init(name: ExtensionName) { self.name = name }

    var built: DialplanExtension {
        DialplanExtension(
            name: name.plain, pattern: name.pattern, callerID: name.callerID, callerIDText: name.callerIDText,
            priorities: priorities.values.sorted { $0.number < $1.number }, hint: hint)
    }
}
