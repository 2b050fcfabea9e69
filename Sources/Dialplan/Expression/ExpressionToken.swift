/// The operators of `$[…]`.
enum ExpressionOperator: Sendable {
    case or, and, equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case plus, minus, times, divide, remainder
    case not, regex, anchoredRegex, concatenate
    case question, doubleColon

    /// How tightly a binary operator binds; nil for what is not binary.
    var precedence: Int? {
        switch self {
        case .or: 1
        case .and: 2
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 3
        case .plus, .minus: 4
        case .times, .divide, .remainder: 5
        case .regex, .anchoredRegex, .concatenate: Self.tightest
        case .not, .question, .doubleColon: nil
        }
    }

    /// Binds tighter than the unary operators.
    static let tightest = 7
}

/// A piece of an expression.
enum ExpressionToken: Sendable {
    case symbol(ExpressionOperator)
    case leftParen
    case rightParen
    case word(ExpandedText)
    case quoted(ExpandedText)
}

/// Takes an expression apart. Tainted bytes never are operators, blanks or quotes.
struct ExpressionLexer {
    private let text: ExpandedText
    private var index = 0

    init(_ text: ExpandedText) { self.text = text }

    mutating func next() throws(ExpressionProblem) -> ExpressionToken? {
        while let byte = syntax(at: index), byte.isBlank { index += 1 }
        guard index < text.count else { return nil }
        if let token = symbol() { return token }
        if text.isSyntax(ASCII.quote, at: index) { return try quoted() }
        return word()
    }

    /// The byte at a position when it may act as syntax.
    private func syntax(at position: Int) -> UInt8? {
        guard position < text.count, !text.taint[position] else { return nil }
        return text.bytes[position]
    }

    private mutating func symbol() -> ExpressionToken? {
        guard let first = syntax(at: index) else { return nil }
        if let second = syntax(at: index + 1), let found = Self.pair(first, second) {
            index += 2
            return .symbol(found)
        }
        guard let token = Self.single(first) else { return nil }
        index += 1
        return token
    }

    private static func pair(_ first: UInt8, _ second: UInt8) -> ExpressionOperator? {
        switch (first, second) {
        case (ASCII.equals, ASCII.equals): .equal
        case (ASCII.bang, ASCII.equals): .notEqual
        case (ASCII.less, ASCII.equals): .lessOrEqual
        case (ASCII.greater, ASCII.equals): .greaterOrEqual
        case (ASCII.equals, ASCII.tilde): .regex
        case (ASCII.tilde, ASCII.tilde): .concatenate
        case (ASCII.colon, ASCII.colon): .doubleColon
        case (ASCII.pipe, ASCII.pipe): .or
        case (ASCII.ampersand, ASCII.ampersand): .and
        default: nil
        }
    }

    private static func single(_ byte: UInt8) -> ExpressionToken? {
        switch byte {
        case ASCII.pipe: .symbol(.or)
        case ASCII.ampersand: .symbol(.and)
        case ASCII.equals: .symbol(.equal)
        case ASCII.less: .symbol(.less)
        case ASCII.greater: .symbol(.greater)
        case ASCII.plus: .symbol(.plus)
        case ASCII.dash: .symbol(.minus)
        case ASCII.star: .symbol(.times)
        case ASCII.slash: .symbol(.divide)
        case ASCII.percent: .symbol(.remainder)
        case ASCII.bang: .symbol(.not)
        case ASCII.colon: .symbol(.anchoredRegex)
        case ASCII.question: .symbol(.question)
        case ASCII.leftParen: .leftParen
        case ASCII.rightParen: .rightParen
        default: nil
        }
    }

    private mutating func quoted() throws(ExpressionProblem) -> ExpressionToken {
        var value = ExpandedText()
        var position = index + 1
        while position < text.count {
            if text.isSyntax(ASCII.quote, at: position) {
                index = position + 1
                return .quoted(value)
            }
            if text.isSyntax(ASCII.backslash, at: position), position + 1 < text.count, text.bytes[position + 1] == ASCII.quote {
                position += 1
            }
            value.append(from: text, at: position)
            position += 1
        }
        throw .unclosedQuote
    }

    private mutating func word() -> ExpressionToken {
        let start = index
        while index < text.count {
            if let byte = syntax(at: index) {
                let isConcatenation = byte == ASCII.tilde && syntax(at: index + 1) == ASCII.tilde
                if byte.isBlank || byte == ASCII.quote || Self.single(byte) != nil || isConcatenation { break }
            }
            index += 1
        }
        return .word(text[start..<index])
    }
}
