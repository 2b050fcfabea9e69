extension Shape {
    /// A list whose items all have the same shape.
    static func list<Item: Sendable>(_ item: Shape<Item>, _ count: ClosedRange<Int>) -> Shape where Value == [Item] {
        Shape(
            typeName: item.isRecord ? "list of mappings" : "list of \(item.typeName)",
            decode: { node, path, reader in
                guard let nodes = items(of: node, count: count, at: path, reader: &reader) else { return nil }
                return nodes.enumerated().compactMap { index, node in
                    reader.visit(node, at: "\(path)[\(index)]")
                    return item.decode(node, "\(path)[\(index)]", &reader)
                }
            },
            encode: { values, completeness in DocumentNode(.list(values.map { item.encode($0, completeness) })) },
            leaves: item.leaves.map { SchemaLeaf(path: "[]" + $0.path, type: $0.type, standard: $0.standard) },
            schema: { .schema("array", ("maxItems", .integer(count.upperBound)), ("items", item.schema())) })
    }

    private static func items(
        of node: DocumentNode, count: ClosedRange<Int>, at path: String, reader: inout DocumentReader
    ) -> [DocumentNode]? {
        guard case .list(let nodes) = node.value else {
            let empty = count.lowerBound == 0 ? " Write [] for none." : ""
            reader.report(
                "should be a list but is \(node.kind)",
                advice: "Write one item per line, each after `- `, or [a, b].\(empty)", at: path, position: node.position)
            return nil
        }
        guard count.contains(nodes.count) else {
            reader.report(
                "has \(nodes.count) items", advice: "Give \(count.lowerBound) to \(count.upperBound).", at: path,
                position: node.position)
            return nil
        }
        return nodes
    }

    /// A group of settings below a key.
    static func record(_ type: Value.Type = Value.self) -> Shape where Value: Record {
        Shape(
            typeName: "mapping",
            decode: { node, path, reader in
                var value = Value()
                return value.read(node, path: path, reader: &reader) == nil ? nil : value
            },
            encode: { value, completeness in value.document(completeness) },
            leaves: Value.fields.flatMap { field in
                field.leaves.map { SchemaLeaf(path: "." + $0.path, type: $0.type, standard: $0.standard) }
            },
            isRecord: true, schema: { Value.schema() })
    }

    /// A mapping from free names to texts, written in the order of the names.
    static func names(_ name: TextRule, to item: Shape<String>, max: Int) -> Shape where Value == [String: String] {
        Shape(
            typeName: "mapping of \(name.name) to \(item.typeName)",
            decode: { node, path, reader in
                guard case .map(let entries) = node.value, entries.count <= max else {
                    reader.report(
                        "should be a mapping of at most \(max) keys but is \(node.kind)",
                        advice: "Write `name: value` lines, or {} for none.", at: path, position: node.position)
                    return nil
                }
                var result: [String: String] = [:]
                for entry in entries {
                    let keyPath = DocumentReader.join(path, entry.key)
                    reader.visit(entry.value, at: keyPath)
                    if entry.key.isEmpty || !name.isMet(by: entry.key) {
                        reader.report(
                            "is not a valid \(name.name)", advice: name.requirement, at: keyPath,
                            position: entry.keyPosition)
                    } else if result[entry.key] != nil {
                        reader.report("is there twice", advice: "Keep one of them.", at: keyPath, position: entry.keyPosition)
                    } else if let value = item.decode(entry.value, keyPath, &reader) {
                        result[entry.key] = value
                    }
                }
                return result
            },
            encode: { values, _ in
                DocumentNode(
                    .map(
                        values.sorted { $0.key < $1.key }.map { DocumentNode.Entry($0.key, DocumentNode(.text($0.value))) }))
            }, schema: { .schema("object", ("additionalProperties", item.schema())) })
    }
}
