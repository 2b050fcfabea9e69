extension Configuration {
    /// A number that runs a few dialplan lines, such as `Answer`, `Stasis(hello-world)`, `Hangup`.
    public struct DialplanApplication: Sendable, Equatable {
        /// The number that is dialled, or a pattern: `X` stands for any digit, and after a leading `_` the whole
        /// pattern language of the dialplan.
        public var `extension` = ""
        public var name = ""
        /// One application per line; a priority before it (`1,Answer()`, `n(again),Playback(beep)`) is optional.
        public var steps: [String] = []

        public init() {}

        public init(extension: String, name: String, steps: [String]) {
            self.extension = `extension`
            self.name = name
            self.steps = steps
        }
    }
}

extension Configuration.DialplanApplication: Record {
    static let fields: [Field<Self>] = [
        Field("extension", \.extension, .text(.dialplanExtension), .required),
        Field("name", \.name, .text(.printable("name", maxBytes: 50))),
        Field("steps", \.steps, .list(.text(.dialplanStep), 0...ConfigurationLimits.dialplanApplicationSteps)),
        Field(alternative: "text", .lines(maxBytes: ConfigurationLimits.dialplanFileBytes)) { text, node, path, application, reader in
            application.readSteps(from: text, node: node, path: path, reader: &reader)
        },
    ]

    /// Takes one step from each line; empty lines and comments are left out.
    private mutating func readSteps(from text: String, node: DocumentNode, path: String, reader: inout DocumentReader) {
        guard steps.isEmpty else {
            return reader.report("stands beside `steps`", advice: "Keep one of them.", at: path, position: node.position)
        }
        let lines = text.split(separator: "\n").map(\.trimmed).filter { !$0.isEmpty && !$0.hasPrefix(";") }
        let list = Shape.list(.text(.dialplanStep), 0...ConfigurationLimits.dialplanApplicationSteps)
        let nodes = lines.map { DocumentNode(.text($0), position: node.position) }
        steps = list.decode(DocumentNode(.list(nodes), position: node.position), path, &reader) ?? []
    }
}

extension TextRule {
    static let dialplanExtension = TextRule(
        name: "extension", requirement: "Use 1 to 64 digits, letters, * # + and X, or a pattern that starts with _.",
        maxBytes: 64,
        accepts: { text in
            let pattern = text.hasPrefix("_")
            let others = Set((pattern ? "*#+.-_![]" : "*#+.-_").utf8)
            return text != "_" && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || others.contains($0) }
        })
    static let dialplanStep = TextRule(
        name: "dialplan line", requirement: "Write an application and its arguments, such as Stasis(hello-world).",
        maxBytes: 1024,
        accepts: { text in
            let step = DialplanStep(text)
            return step.isApplication
        })
}

/// A line of a dialplan application, taken apart.
struct DialplanStep {
    /// `1`, `n` or `n(label)`; empty when the line has none.
    let priority: Substring
    /// The application with its arguments.
    let call: String

    init(_ line: String) {
        let comma = line.firstIndex(of: ",")
        let head = comma.map { line[..<$0] } ?? ""
        let isPriority = Self.isPriority(head)
        priority = isPriority ? head : ""
        call = (comma.map { isPriority ? String(line[line.index(after: $0)...]) : line } ?? line).trimmed
    }

    /// Tells whether the line calls an application: a name, and arguments in brackets that are closed.
    var isApplication: Bool {
        let name = call.prefix { $0 != "(" }
        let arguments = call.dropFirst(name.count)
        guard let first = name.utf8.first, !first.isASCIIDigit else { return false }
        guard name.utf8.allSatisfy({ $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }) else { return false }
        return arguments.isEmpty || arguments.hasSuffix(")")
    }

    private static func isPriority(_ head: Substring) -> Bool {
        let name = head.prefix { $0 != "(" }
        let label = head.dropFirst(name.count)
        guard name == "n" || (!name.isEmpty && name.utf8.allSatisfy(\.isASCIIDigit)) else { return false }
        return label.isEmpty || label.hasSuffix(")")
    }
}
