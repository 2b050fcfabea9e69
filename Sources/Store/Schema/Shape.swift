/// How a kind of value is written in documents: the one place for its syntax, range and error texts.
struct Shape<Value: Sendable>: Sendable {
    /// What documentation calls it, e.g. `integer`.
    let typeName: String
    /// Reads the value; reports what is wrong and gives nil when it cannot be used.
    let decode: @Sendable (DocumentNode, _ path: String, inout DocumentReader) -> Value?
    let encode: @Sendable (Value, Completeness) -> DocumentNode
    /// Keys below this one; their paths start with `.` or `[]`.
    var leaves: [SchemaLeaf] = []
    /// The value is a group of its own, so that only the keys below it are documented.
    var isRecord = false
    /// The same as a JSON Schema.
    var schema: @Sendable () -> SettingsValue = { .schema("string") }
}

extension Shape where Value == Bool {
    /// Yes or no; also true, false, on and off.
    static let flag = Shape(
        typeName: "yes or no",
        decode: { node, path, reader in
            switch node.value {
            case .flag(let flag): return flag
            case .integer(0): return false
            case .integer(1): return true
            default: break
            }
            switch node.scalarText?.lowercased() {
            case "yes", "true", "on": return true
            case "no", "false", "off": return false
            default:
                reader.report(
                    "should be yes or no but is \(node.kind)", advice: "Write yes or no.", at: path, position: node.position)
                return nil
            }
        },
        encode: { value, _ in DocumentNode(.flag(value)) }, schema: { .schema("boolean") })
}

extension Shape where Value == Int {
    /// A whole number in a range.
    static func integer(_ range: ClosedRange<Int>) -> Shape {
        Shape(
            typeName: "integer \(range.lowerBound)–\(range.upperBound)",
            decode: { node, path, reader in
                guard let number = wholeNumber(node) else {
                    reader.report(
                        "should be a whole number but is \(node.kind)",
                        advice: "Write a number from \(range.lowerBound) to \(range.upperBound).",
                        at: path, position: node.position)
                    return nil
                }
                guard range.contains(number) else {
                    reader.report(
                        "is \(number), which is out of range", advice: "Use \(range.lowerBound) to \(range.upperBound).",
                        at: path, position: node.position)
                    return nil
                }
                return number
            },
            encode: { value, _ in DocumentNode(.integer(value)) },
            schema: { .schema("integer", ("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound))) })
    }

    /// A port; 0 lets the system choose a free one.
    static let port = Shape.integer(0...65535)

    private static func wholeNumber(_ node: DocumentNode) -> Int? {
        switch node.value {
        case .integer(let number): number
        case .text(let text): Int(text)
        default: nil
        }
    }
}

extension Shape where Value: CaseIterable & RawRepresentable<String> {
    /// One of a fixed set of words.
    static var choice: Shape {
        let words = Value.allCases.map(\.rawValue)
        return Shape(
            typeName: words.joined(separator: ", "),
            decode: { node, path, reader in
                if let text = node.scalarText, let value = Value(rawValue: text) { return value }
                let advice = Spelling.advice(for: node.scalarText ?? "", among: words, noun: "values")
                reader.report("is \(node.kind), which is not allowed", advice: advice, at: path, position: node.position)
                return nil
            },
            encode: { value, _ in DocumentNode(.text(value.rawValue)) },
            schema: { .schema("string", ("enum", .list(words.map { .text($0) }))) })
    }
}

extension Shape where Value == ClosedRange<Int> {
    /// A range of ports, written `10000-20000`.
    static let portRange = Shape(
        typeName: "first-last port",
        decode: { node, path, reader in
            let parts = (node.scalarText ?? "").split(separator: "-", omittingEmptySubsequences: false)
            let ends = parts.compactMap { Int($0.trimmed) }
            guard parts.count == 2, ends.count == 2, let first = ends.first, let last = ends.last,
                1 <= first, first < last, last <= 65535
            else {
                reader.report(
                    "should be a range of ports but is \(node.kind)",
                    advice: "Write the first and the last port, within 1 to 65535, such as 10000-20000.",
                    at: path, position: node.position)
                return nil
            }
            return first...last
        },
        encode: { value, _ in DocumentNode(.text("\(value.lowerBound)-\(value.upperBound)")) })
}

extension Shape where Value == IPNetwork {
    /// A network such as `10.0.0.0/8`, or one address.
    static let network = Shape(
        typeName: "network",
        decode: { node, path, reader in
            do throws(IPNetwork.ParseError) {
                return try IPNetwork(parsing: node.scalarText ?? "")
            } catch {
                reader.report("is \(node.kind): \(error.reason)", advice: error.advice, at: path, position: node.position)
                return nil
            }
        },
        encode: { value, _ in DocumentNode(.text(value.description)) })
}
