/// Writes documents as YAML 1.2 block text that `YAMLReader` reads back as the same values.
struct YAMLWriter {
    private var text = ""

    /// Writes a mapping as a whole file; top-level sections are set apart by empty lines.
    static func block(_ document: DocumentNode) -> String {
        guard case .map(let entries) = document.value else { return flow(document) + "\n" }
        var writer = YAMLWriter()
        for (index, entry) in entries.enumerated() {
            // After a text that keeps its empty last lines, one more would belong to it.
            if index > 0, !writer.text.hasSuffix("\n\n") { writer.text += "\n" }
            writer.write(entry, indent: 0)
        }
        return writer.text
    }

    /// Writes a value on one line.
    static func flow(_ node: DocumentNode) -> String {
        switch node.value {
        case .null: "~"
        case .integer(let number): String(number)
        case .flag(let flag): flag ? "yes" : "no"
        case .text(let text): scalar(text)
        case .list(let items): "[\(items.map(flow).joined(separator: ", "))]"
        case .map(let entries): "{\(entries.map { "\(scalar($0.key)): \(flow($0.value))" }.joined(separator: ", "))}"
        }
    }

    private mutating func write(_ entry: DocumentNode.Entry, indent: Int) {
        text += Self.spaces(indent) + Self.scalar(entry.key) + ":"
        write(valueOf: entry.value, indent: indent)
    }

    /// Writes what follows a key's colon.
    private mutating func write(valueOf node: DocumentNode, indent: Int) {
        switch node.value {
        case .map(let entries) where !entries.isEmpty:
            text += "\n"
            for entry in entries { write(entry, indent: indent + 2) }
        case .list(let items) where items.contains(where: \.isMap):
            text += "\n"
            for item in items { write(item: item, indent: indent + 2) }
        case .text(let lines) where Self.isBlockScalar(lines):
            write(lines: lines, indent: indent + 2)
        default:
            text += " \(Self.flow(node))\n"
        }
    }

    private mutating func write(item: DocumentNode, indent: Int) {
        guard case .map(let entries) = item.value, let first = entries.first else {
            return text += Self.spaces(indent) + "- \(Self.flow(item))\n"
        }
        text += Self.spaces(indent) + "- " + Self.scalar(first.key) + ":"
        write(valueOf: first.value, indent: indent + 2)
        for entry in entries.dropFirst() { write(entry, indent: indent + 2) }
    }

    // MARK: Scalars

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// Lines can be written as they are when nothing in them would be folded, stripped or taken for indentation.
    private static func isBlockScalar(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "\n")), let first = text.utf8.first else { return false }
        let blank = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n")]
        guard !blank.contains(first), text.unicodeScalars.allSatisfy(isPlain) else { return false }
        return text.utf8.contains { !blank.contains($0) }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\t": true
        // Other line ends, and marks that readers may swallow.
        case "\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}": false
        default: scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value) && !isNonCharacter(scalar)
        }
    }

    private static func isNonCharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value & 0xFFFE == 0xFFFE
    }

    private mutating func write(lines: String, indent: Int) {
        // Keep exactly the line ends that are there: none (-), one, or more (+).
        text += lines.hasSuffix("\n\n") ? " |+\n" : lines.hasSuffix("\n") ? " |\n" : " |-\n"
        var rows = lines.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.hasSuffix("\n") { rows.removeLast() }
        for row in rows { text += row.isEmpty ? "\n" : Self.spaces(indent) + row + "\n" }
    }

    /// Writes a text plainly where no reader could take it for something else, otherwise in double quotes.
    private static func scalar(_ text: String) -> String {
        isUnquotable(text) ? text : quoted(text)
    }

    private static func isUnquotable(_ text: String) -> Bool {
        let reserved: Set = ["y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf"]
        guard let first = text.utf8.first, !reserved.contains(text.lowercased()) else { return false }
        let starts = first.isASCIILetterOrDigit && !first.isASCIIDigit || first == UInt8(ascii: "/")
        let others = Set("_/.@-".utf8)
        return starts && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || others.contains($0) } || isPortRange(text)
    }

    private static func isPortRange(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        // Four digits and two times two would be a date.
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where isPlain(scalar): result.unicodeScalars.append(scalar)
            default: result += escaped(scalar.value)
            }
        }
        return result + "\""
    }

    private static func escaped(_ value: UInt32) -> String {
        let hex = String(value, radix: 16, uppercase: true)
        return value <= 0xFFFF
            ? "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            : "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
    }
}

extension DocumentNode {
    fileprivate var isMap: Bool {
        if case .map = value { return true }
        return false
    }
}
