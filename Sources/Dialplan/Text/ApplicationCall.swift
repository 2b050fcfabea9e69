/// Takes `Name(data)` apart, as it stands in a priority, in ExecIf and in a function call.
struct ApplicationCall {
    let name: ExpandedText
    /// What stands between the first opening and the last closing parenthesis; nil without parentheses.
    let data: ExpandedText?
    /// Whether an opening parenthesis has no closing one.
    let isUnclosed: Bool

    init(_ text: ExpandedText) {
        let text = text.trimmed
        guard let open = text.firstIndex(ofSyntax: ASCII.leftParen) else {
            name = text
            data = nil
            isUnclosed = false
            return
        }
        name = text[0..<open].trimmed
        guard let close = text.lastIndex(ofSyntax: ASCII.rightParen), close > open else {
            data = text[(open + 1)..<text.count]
            isUnclosed = true
            return
        }
        data = text[(open + 1)..<close]
        isUnclosed = false
    }
}
