/// Evaluates the inside of `$[…]` after substitution.
///
/// From loose to tight: `? ::`, `|`, `&`, comparisons, `+ -`, `* / %`, unary `- !`, and `: =~ ~~`.
public enum DialplanExpression {
    /// Gives the value without quotes; a malformed expression gives empty text and a sentence to `report`.
    public static func evaluate(_ text: ExpandedText, report: (String) -> Void) -> ExpandedText {
        withoutActuallyEscaping(report) { report in
            var evaluator = ExpressionEvaluator(text, report: report)
            do throws(ExpressionProblem) {
                return try evaluator.evaluate()
            } catch {
                report("expression '\(text.string)' is malformed: \(error.sentence)")
                return ExpandedText()
            }
        }
    }
}

/// Evaluates while it reads: precedence climbing over the tokens.
struct ExpressionEvaluator {
    private var lexer: ExpressionLexer
    private var token: ExpressionToken?
    private var depth = 0
    private let report: (String) -> Void

    init(_ text: ExpandedText, report: @escaping (String) -> Void) {
        lexer = ExpressionLexer(text)
        self.report = report
    }

    mutating func evaluate() throws(ExpressionProblem) -> ExpandedText {
        try advance()
        if token == nil { return ExpandedText() }
        let value = try conditional()
        if let token { throw .unexpected(Self.describe(token)) }
        return value.text
    }

    private mutating func advance() throws(ExpressionProblem) { token = try lexer.next() }

    private mutating func enter() throws(ExpressionProblem) {
        depth += 1
        if depth > DialplanLimits.maxExpressionDepth { throw .tooDeep }
    }

    private mutating func conditional() throws(ExpressionProblem) -> ExpressionValue {
        try enter()
        let condition = try binary(minimum: 1)
        var result = condition
        if case .symbol(.question) = token {
            try advance()
            let whenTrue = try conditional()
            guard case .symbol(.doubleColon) = token else { throw missing("'::' after '?'") }
            try advance()
            let whenFalse = try conditional()
            result = condition.isTrue ? whenTrue : whenFalse
        }
        depth -= 1
        return result
    }

    private mutating func binary(minimum: Int) throws(ExpressionProblem) -> ExpressionValue {
        var left = try unary()
        while case .symbol(let symbol) = token, let precedence = symbol.precedence, precedence >= minimum {
            try advance()
            let right = try binary(minimum: precedence + 1)
            left = ExpressionArithmetic.apply(symbol, left, right, report)
        }
        return left
    }

    private mutating func unary() throws(ExpressionProblem) -> ExpressionValue {
        guard case .symbol(let symbol) = token else { return try primary() }
        guard symbol == .minus || symbol == .not else { throw .unexpected(Self.describe(.symbol(symbol))) }
        try enter()
        try advance()
        let operand = try binary(minimum: ExpressionOperator.tightest)
        depth -= 1
        if symbol == .not { return ExpressionValue(!operand.isTrue) }
        return ExpressionArithmetic.apply(.minus, ExpressionValue(number: .integer(0)), operand, report)
    }

    private mutating func primary() throws(ExpressionProblem) -> ExpressionValue {
        guard let current = token else { throw .unexpectedEnd }
        switch current {
        case .word(let text):
            try advance()
            return ExpressionValue(word: text)
        case .quoted(let text):
            try advance()
            return ExpressionValue(string: text)
        case .leftParen:
            try advance()
            let value = try conditional()
            guard case .rightParen = token else { throw .unclosedParenthesis }
            try advance()
            return value
        case .rightParen, .symbol: throw .unexpected(Self.describe(current))
        }
    }

    private func missing(_ what: String) -> ExpressionProblem {
        token.map { .unexpected("\(Self.describe($0)) instead of \(what)") } ?? .unexpectedEnd
    }

    private static func describe(_ token: ExpressionToken) -> String {
        switch token {
        case .word(let text): "'\(text.string)'"
        case .quoted(let text): "\"\(text.string)\""
        case .leftParen: "'('"
        case .rightParen: "')'"
        case .symbol(let symbol): "the operator '\(symbol)'"
        }
    }
}
