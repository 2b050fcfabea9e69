/// A group of settings: it has a default for everything and declares each of its keys once.
protocol Record: Sendable, Equatable {
    /// Makes the group with the default of every key.
    init()
    /// The keys, in the order in which they are written.
    static var fields: [Field<Self>] { get }
}

/// One key of a group: how it is read, written, compared and copied.
struct Field<Root: Record>: Sendable {
    let key: String
    let presence: Presence
    let leaves: [SchemaLeaf]
    /// The value as a JSON Schema, with its default.
    let schema: @Sendable () -> SettingsValue
    let decode: @Sendable (DocumentNode, _ path: String, inout Root, inout DocumentReader) -> Void
    /// Tells whether the value need not be written.
    let isDefault: @Sendable (Root) -> Bool
    /// Nil for keys that are only read (`file`, which becomes `text`).
    let encode: @Sendable (Root, Completeness) -> DocumentNode?
    let isEqual: @Sendable (Root, Root) -> Bool
    let copy: @Sendable (_ from: Root, _ into: inout Root) -> Void

    /// Binds a key to a property.
    init<Value: Sendable & Equatable>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, _ shape: Shape<Value>,
        _ presence: Presence = .optional
    ) {
        let standard = Root()[keyPath: property]
        self.key = key
        self.presence = presence
        leaves = SchemaLeaf.of(key, shape, standard: presence == .required ? nil : shape.encode(standard, .everything))
        schema = {
            let plain = shape.schema()
            return presence == .required || shape.isRecord
                ? plain : plain.with("default", SettingsValue(shape.encode(standard, .everything)))
        }
        decode = { node, path, root, reader in
            if presence != .optional, node.scalarText == "" {
                return reader.report("is empty", advice: "Give it a value.", at: path, position: node.position)
            }
            if let value = shape.decode(node, path, &reader) { root[keyPath: property] = value }
        }
        isDefault = { presence != .required && $0[keyPath: property] == standard }
        encode = { shape.encode($0[keyPath: property], $1) }
        isEqual = { $0[keyPath: property] == $1[keyPath: property] }
        copy = { from, into in into[keyPath: property] = from[keyPath: property] }
    }

    /// Declares a key that is another way to write a property: it is read, never written.
    init<Value: Sendable>(
        alternative key: String, _ shape: Shape<Value>,
        apply: @escaping @Sendable (Value, DocumentNode, _ path: String, inout Root, inout DocumentReader) -> Void
    ) {
        self.key = key
        presence = .optional
        leaves = [SchemaLeaf(path: key, type: shape.typeName, standard: nil)]
        schema = shape.schema
        decode = { node, path, root, reader in
            if let value = shape.decode(node, path, &reader) { apply(value, node, path, &root, &reader) }
        }
        isDefault = { _ in true }
        encode = { _, _ in nil }
        isEqual = { _, _ in true }
        copy = { _, _ in }
    }
}

/// Whether a key has to be given.
enum Presence: Sendable {
    /// May be absent, and may be empty.
    case optional
    /// May be absent, but not empty.
    case notEmpty
    /// Has to be there, and not be empty.
    case required
}

/// How much of a group is written.
enum Completeness: Sendable {
    /// Only keys whose value differs from the default.
    case changesOnly
    /// Every key.
    case everything
}

/// A key as documentation shows it.
struct SchemaLeaf: Sendable, Equatable {
    /// The key path with `[]` for list items, e.g. `sip.listeners[].port`.
    var path: String
    /// What may be written, e.g. `integer`.
    var type: String
    /// The default as YAML writes it on one line; nil when the key has to be given or has none of its own.
    var standard: String?

    static func of<Value>(_ key: String, _ shape: Shape<Value>, standard: DocumentNode?) -> [SchemaLeaf] {
        let inner = shape.leaves.map { SchemaLeaf(path: key + $0.path, type: $0.type, standard: $0.standard) }
        if shape.isRecord { return inner }
        return [SchemaLeaf(path: key, type: shape.typeName, standard: standard.map(YAMLWriter.flow))] + inner
    }
}

extension Record {
    /// Reads a group over `self`: keys that are absent keep the value they have.
    /// - Returns: the keys that were present and known.
    @discardableResult
    mutating func read(_ node: DocumentNode, path: String, reader: inout DocumentReader) -> Set<String>? {
        guard case .map(let entries) = node.value else {
            reader.report(
                "should be a mapping but is \(node.kind)", advice: "Write `key: value` lines, or {} for the defaults.",
                at: path, position: node.position)
            return nil
        }
        reader.visit(node, at: path)
        var seen: Set<String> = []
        for entry in entries { read(entry, path: path, seen: &seen, reader: &reader) }
        for field in Self.fields where field.presence == .required && !seen.contains(field.key) {
            reader.report(
                "is missing", advice: "Add `\(field.key):` with a value.", at: DocumentReader.join(path, field.key),
                position: node.position)
        }
        return seen
    }

    private mutating func read(
        _ entry: DocumentNode.Entry, path: String, seen: inout Set<String>, reader: inout DocumentReader
    ) {
        let keyPath = DocumentReader.join(path, entry.key)
        let position = entry.keyPosition ?? entry.value.position
        guard let field = Self.fields.first(where: { $0.key == entry.key }) else {
            return reader.report(
                "is not a known key", advice: Spelling.advice(for: entry.key, among: Self.fields.map(\.key)),
                at: keyPath, position: position)
        }
        guard seen.insert(entry.key).inserted else {
            return reader.report("is there twice", advice: "Keep one of them.", at: keyPath, position: position)
        }
        reader.visit(entry.value, at: keyPath)
        field.decode(entry.value, keyPath, &self, &reader)
    }

    /// Writes the group as a mapping.
    func document(_ completeness: Completeness) -> DocumentNode {
        DocumentNode(
            .map(
                Self.fields.compactMap { field in
                    if completeness == .changesOnly, field.isDefault(self) { return nil }
                    return field.encode(self, completeness).map { DocumentNode.Entry(field.key, $0) }
                }))
    }
}
