/// What a text may look like.
struct TextRule: Sendable {
    /// What it is, e.g. `context name`; completes "is not a valid …".
    let name: String
    /// What is allowed, as a sentence that tells what to do.
    let requirement: String
    let maxBytes: Int
    var allowsLines = false
    let accepts: @Sendable (String) -> Bool

    /// Printable text of any kind on one line.
    static func printable(_ name: String, maxBytes: Int) -> TextRule {
        TextRule(
            name: name, requirement: "Use at most \(maxBytes) bytes of printable characters on one line.", maxBytes: maxBytes,
            accepts: { _ in true })
    }

    /// A word made of ASCII letters, digits and the given other characters.
    static func word(_ name: String, maxBytes: Int, also others: String = "") -> TextRule {
        let allowed = Set(others.utf8)
        let list = others.isEmpty ? "" : " and \(others.map(String.init).joined(separator: " "))"
        return TextRule(
            name: name, requirement: "Use 1 to \(maxBytes) letters (a–z), digits\(list).", maxBytes: maxBytes,
            accepts: { $0.utf8.allSatisfy { $0.isASCIILetterOrDigit || allowed.contains($0) } })
    }
}

extension Shape where Value == String {
    /// Text that follows a rule; the empty text always means "not set".
    static func text(_ rule: TextRule) -> Shape {
        Shape(
            typeName: "text",
            decode: { node, path, reader in
                guard let text = node.scalarText else {
                    reader.report(
                        "should be a text but is \(node.kind)", advice: "Write a value after the colon.", at: path,
                        position: node.position)
                    return nil
                }
                guard text.isEmpty || rule.isMet(by: text) else {
                    reader.report(
                        "is \(node.kind), which is not a valid \(rule.name)", advice: rule.requirement, at: path,
                        position: node.position)
                    return nil
                }
                return text
            },
            encode: { value, _ in DocumentNode(.text(value)) })
    }
}

extension TextRule {
    func isMet(by text: String) -> Bool {
        guard text.utf8.count <= maxBytes else { return false }
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return (isPlain || text.unicodeScalars.allSatisfy { isPrintable($0) }) && accepts(text)
    }

    private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.generalCategory != .control { return scalar != "\u{FEFF}" }
        return allowsLines && (scalar == "\n" || scalar == "\t")
    }
}

extension UInt8 {
    var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isASCIILetterOrDigit: Bool {
        isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    var isASCIIHexDigit: Bool {
        isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }
}

extension StringProtocol {
    /// The text without blanks at both ends.
    var trimmed: String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
        guard let start = firstIndex(where: { !blank($0) }), let end = lastIndex(where: { !blank($0) }) else { return "" }
        return String(self[start...end])
    }
}
