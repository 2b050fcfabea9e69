/// What can be wrong with an expression; each with the sentence that is told.
enum ExpressionProblem: Error, Equatable {
    case unclosedQuote
    case unclosedParenthesis
    case unexpectedEnd
    case unexpected(String)
    case tooDeep

    var sentence: String {
        switch self {
        case .unclosedQuote: "a quote is not closed"
        case .unclosedParenthesis: "a parenthesis is not closed"
        case .unexpectedEnd: "an operand is missing at the end"
        case .unexpected(let what): "\(what) stands where it makes no sense (are empty values quoted?)"
        case .tooDeep: "it nests deeper than \(DialplanLimits.maxExpressionDepth)"
        }
    }
}

/// A value within an expression.
struct ExpressionValue {
    /// The value as text.
    let text: ExpandedText
    /// The value as a number, when it is one and was not quoted.
    let number: DecimalNumber?

    init(number: DecimalNumber) {
        self.number = number
        text = ExpandedText(number.text)
    }

    init(_ flag: Bool) { self.init(number: .integer(flag ? 1 : 0)) }

    init(word: ExpandedText) {
        text = word
        number = DecimalNumber(word.bytes)
    }

    init(string: ExpandedText) {
        text = string
        number = nil
    }

    /// Neither empty nor zero.
    var isTrue: Bool {
        if let number { return !number.isZero }
        guard !text.isEmpty else { return false }
        return DecimalNumber(text.bytes).map { !$0.isZero } ?? true
    }

    /// The number that the value stands for even when quoted.
    var anyNumber: DecimalNumber? { number ?? DecimalNumber(text.bytes) }
}
