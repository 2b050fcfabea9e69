/// Where a value stands in its file; lines and columns count from 1.
public struct DocumentPosition: Sendable, Hashable, CustomStringConvertible {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Gives `line:column`.
    public var description: String { "\(line):\(column)" }
}

/// A value of a configuration document before its meaning is known.
///
/// It is the form between all three representations: YAML text, database tables and `Configuration`.
struct DocumentNode: Sendable {
    enum Value: Sendable {
        /// Nothing: an empty YAML value, `~` or `null`.
        case null
        case text(String)
        case integer(Int)
        case flag(Bool)
        case list([DocumentNode])
        case map([Entry])
    }

    /// One `key: value` line of a mapping.
    struct Entry: Sendable {
        var key: String
        var keyPosition: DocumentPosition?
        var value: DocumentNode

        init(_ key: String, _ value: DocumentNode, keyPosition: DocumentPosition? = nil) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    var value: Value
    var position: DocumentPosition?

    init(_ value: Value, position: DocumentPosition? = nil) {
        self.value = value
        self.position = position
    }

    /// Finds the value of a key; nil when this is no mapping or has no such key.
    subscript(_ key: String) -> DocumentNode? {
        guard case .map(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// Finds the value at a dotted path such as `callerID.name`.
    func at(path: String) -> DocumentNode? {
        path.split(separator: ".").reduce(self as DocumentNode?) { node, key in node?[String(key)] }
    }

    /// Says what kind of value this is, for error messages.
    var kind: String {
        switch value {
        case .null: "nothing"
        case .text(let text): text.contains("\n") ? "a text of several lines" : "\"\(text.prefix(60))\""
        case .integer(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .list: "a list"
        case .map: "a mapping"
        }
    }

    /// The same text that a person would write for a scalar; nil for lists and mappings.
    var scalarText: String? {
        switch value {
        case .text(let text): text
        case .integer(let number): String(number)
        case .flag(let flag): flag ? "yes" : "no"
        case .null, .list, .map: nil
        }
    }
}
