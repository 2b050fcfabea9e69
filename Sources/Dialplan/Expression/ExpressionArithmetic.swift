/// The binary operators of expressions.
enum ExpressionArithmetic {
    static func apply(
        _ symbol: ExpressionOperator, _ left: ExpressionValue, _ right: ExpressionValue, _ report: (String) -> Void
    ) -> ExpressionValue {
        switch symbol {
        case .or: left.isTrue ? left : right
        case .and: left.isTrue && right.isTrue ? left : ExpressionValue(false)
        case .equal: ExpressionValue(compare(left, right) == 0)
        case .notEqual: ExpressionValue(compare(left, right) != 0)
        case .less: ExpressionValue(compare(left, right) < 0)
        case .lessOrEqual: ExpressionValue(compare(left, right) <= 0)
        case .greater: ExpressionValue(compare(left, right) > 0)
        case .greaterOrEqual: ExpressionValue(compare(left, right) >= 0)
        case .plus, .minus, .times, .divide, .remainder: compute(symbol, left, right, report)
        case .regex: match(left, right, isAnchored: false, report)
        case .anchoredRegex: match(left, right, isAnchored: true, report)
        case .concatenate:
            ExpressionValue(
                string: {
                    var text = left.text; text.append(right.text); return text
                }())
        case .not, .question, .doubleColon: ExpressionValue(string: ExpandedText())
        }
    }

    /// Compares as numbers when both are unquoted numbers, else byte by byte.
    private static func compare(_ left: ExpressionValue, _ right: ExpressionValue) -> Int {
        if let first = left.number, let second = right.number {
            if case .integer(let a) = first, case .integer(let b) = second { return a < b ? -1 : a > b ? 1 : 0 }
            return first.double < second.double ? -1 : first.double > second.double ? 1 : 0
        }
        if left.text.bytes == right.text.bytes { return 0 }
        return left.text.bytes.lexicographicallyPrecedes(right.text.bytes) ? -1 : 1
    }

    private static func compute(
        _ symbol: ExpressionOperator, _ left: ExpressionValue, _ right: ExpressionValue, _ report: (String) -> Void
    ) -> ExpressionValue {
        guard let first = left.anyNumber, let second = right.anyNumber else {
            report("'\((left.anyNumber == nil ? left : right).text.string)' is not a number; the result counts as 0")
            return ExpressionValue(false)
        }
        if symbol == .divide || symbol == .remainder, second.isZero {
            report("division by zero")
            return ExpressionValue(string: ExpandedText())
        }
        guard let result = result(symbol, first, second) else {
            report("the result is too large for a number; it counts as 0")
            return ExpressionValue(false)
        }
        return ExpressionValue(number: result)
    }

    /// Computes with integers while they are exact, else with floating point; nil beyond its range.
    static func result(_ symbol: ExpressionOperator, _ left: DecimalNumber, _ right: DecimalNumber) -> DecimalNumber? {
        if case .integer(let a) = left, case .integer(let b) = right, let exact = exactResult(symbol, a, b) {
            return .integer(exact)
        }
        let value: Double
        switch symbol {
        case .plus: value = left.double + right.double
        case .minus: value = left.double - right.double
        case .times: value = left.double * right.double
        case .divide: value = left.double / right.double
        case .remainder: value = left.double.truncatingRemainder(dividingBy: right.double)
        default: return nil
        }
        return value.isFinite ? .exact(value) : nil
    }

    private static func exactResult(_ symbol: ExpressionOperator, _ a: Int64, _ b: Int64) -> Int64? {
        let (value, overflow): (Int64, Bool)
        switch symbol {
        case .plus: (value, overflow) = a.addingReportingOverflow(b)
        case .minus: (value, overflow) = a.subtractingReportingOverflow(b)
        case .times: (value, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide:
            guard a.remainderReportingOverflow(dividingBy: b).partialValue == 0 else { return nil }
            (value, overflow) = a.dividedReportingOverflow(by: b)
        case .remainder: (value, overflow) = a.remainderReportingOverflow(dividingBy: b)
        default: return nil
        }
        return overflow ? nil : value
    }

    /// Gives the first group when the pattern has one, else the number of bytes matched; empty or 0 without a match.
    private static func match(
        _ left: ExpressionValue, _ right: ExpressionValue, isAnchored: Bool, _ report: (String) -> Void
    ) -> ExpressionValue {
        do throws(BoundedRegex.Failure) {
            let regex = try BoundedRegex(right.text)
            let found = try regex.firstMatch(in: left.text.bytes, isAnchored: isAnchored)
            guard regex.groupCount > 0 else {
                return ExpressionValue(number: .integer(Int64(found?.range.count ?? 0)))
            }
            return ExpressionValue(string: found?.firstGroup.map { left.text[$0] } ?? ExpandedText())
        } catch {
            report("regular expression '\(right.text.string)': \(error.sentence)")
            return ExpressionValue(false)
        }
    }
}
