/// One line of an extension: the application that runs at a priority.
public struct DialplanPriority: Sendable {
    public let number: Int
    public let label: String?
    /// The application's name, spelt as it is registered when it is known.
    public let application: String
    /// The application's data before anything is substituted.
    public let argumentText: String
    /// Where the line stands.
    public let file: String
    public let line: Int
    let template: Template
}

/// The devices that an extension's state is made of: `exten => 100,hint,PJSIP/100`.
public struct DialplanHint: Sendable, Hashable {
    public let context: String
    /// The extension as written; a pattern starts with `_`.
    public let exten: String
    /// The devices before anything is substituted, joined by `&`.
    public let devices: String
    public let file: String
    public let line: Int

    /// The devices, one by one; behind a comma there may be presence, which is left out.
    public static func deviceNames(_ devices: String) -> [String] {
        let part = devices.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return part.split(separator: "&").map { name in
            String(name.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        }
    }
}

/// One extension of a context with its priorities in order.
struct DialplanExtension: Sendable {
    /// The name as written; a pattern starts with `_`.
    let name: String
    /// Nil for a literal extension.
    let pattern: ExtensionPattern?
    /// The callers this is for; nil means all.
    let callerID: CallerIDMatch?
    /// The caller match as written.
    let callerIDText: String?
    /// Ascending by number.
    let priorities: [DialplanPriority]
    let hint: DialplanHint?

    /// The name with the caller match after a slash.
    var fullName: String { callerIDText.map { name + "/" + $0 } ?? name }

    func priority(_ number: Int) -> DialplanPriority? {
        if number >= 1, number <= priorities.count, priorities[number - 1].number == number {
            return priorities[number - 1]
        }
        return priorities.first { $0.number == number }
    }

    func priority(labelled label: String) -> DialplanPriority? {
        priorities.first { $0.label == label }
    }
}
