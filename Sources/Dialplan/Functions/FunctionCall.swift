/// One call of a function: what it is given and where it finds values.
struct FunctionCall<Scope: ValueScope> {
    let name: String
    let arguments: ExpandedText
    let scope: Scope

    /// The arguments, split at commas; at least one, which may be empty.
    func list(max: Int = DialplanLimits.maxArguments) -> [ExpandedText] {
        let list = arguments.splitArguments(max: max)
        return list.isEmpty ? [ExpandedText()] : list
    }

    /// The value of the variable that an argument names.
    func variable(_ name: ExpandedText) -> ExpandedText {
        scope.variable(name.trimmed.string) ?? ExpandedText()
    }

    func warn(_ text: String) { scope.warn("\(name): \(text)") }
}

extension Array where Element == ExpandedText {
    /// The argument at a position, or nil when it is not there.
    func argument(_ index: Int) -> ExpandedText? { index < count ? self[index] : nil }
}

extension ExpandedText {
    /// Whether the text counts as true for GotoIf, IF and While: neither empty nor the number 0; other text is true.
    var isTrueCondition: Bool {
        let text = trimmed
        guard let first = text.bytes.first else { return false }
        let hasDigit = first.isDigit || ((first == ASCII.dash || first == ASCII.plus) && text.count > 1 && text.bytes[1].isDigit)
        guard hasDigit else { return true }
        if let number = DecimalNumber(text.bytes) { return !number.isZero }
        return Int64(leadingDigitsOf: text.bytes) != 0
    }

    init(_ flag: Bool) { self.init(flag ? "1" : "0") }
}
