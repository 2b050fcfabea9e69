/// One thing that is wrong, or unwise, in a configuration: where, what, and what to do about it.
public struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        /// The configuration cannot be used.
        case error
        /// It can be used, but someone should look at it.
        case warning
    }

    public var severity: Severity
    /// The file's name as it was given; nil when the values do not come from a file.
    public var file: String?
    /// Where in the file; nil when the values do not come from a file or the file does not mention them.
    public var position: DocumentPosition?
    /// The key path, e.g. `extensions[2].dtmf`; empty for the document as a whole.
    public var path: String
    /// What is wrong; completes a sentence that starts with the key path.
    public var message: String
    /// What to do, as full sentences.
    public var advice: String

    public init(
        severity: Severity, file: String? = nil, position: DocumentPosition? = nil, path: String, message: String,
        advice: String
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.path = path
        self.message = message
        self.advice = advice
    }

    /// The section that the path leads into; empty for the document as a whole.
    var section: String { String(path.prefix { $0 != "." && $0 != "[" }) }

    /// Gives one line: `file:line:column: error: path message. Advice`.
    public var description: String {
        var parts: [String] = []
        if let place = [file, position?.description].compactMap({ $0 }).joined(separator: ":").nonEmpty { parts.append(place) }
        parts.append(severity.rawValue)
        let subject = path.isEmpty ? message : "\(path) \(message)"
        return parts.joined(separator: ": ") + ": \(subject). \(advice)"
    }
}

/// Every error of a configuration at once, in the order of the file.
public struct ConfigurationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    public let problems: [ConfigurationProblem]

    public init(_ problems: [ConfigurationProblem]) {
        let last = DocumentPosition(line: .max, column: .max)
        self.problems = problems.enumerated().sorted { first, second in
            let (one, other) = (first.element.position ?? last, second.element.position ?? last)
            return (one.line, one.column, first.offset) < (other.line, other.column, second.offset)
        }.map(\.element)
    }

    /// Gives one line per error.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
