extension BuiltinFunctions {
    /// MATH(a operator b[,type]): the type is float (six decimals, the usual one), int, hex or char.
    ///
    /// Operators are `+ - * / % ** << >> AND OR XOR < > <= >= == !=`; comparisons give TRUE or FALSE.
    static func compute(_ call: Call) -> ExpandedText {
        let parts = call.list(max: 2)
        guard let (left, symbol, right) = splitOperation(parts[0]) else {
            call.warn("'\(parts[0].string)' is not an operation on two numbers")
            return ExpandedText()
        }
        if let flag = comparison(symbol, left, right) { return flag ? "TRUE" : "FALSE" }
        guard let value = arithmetic(symbol, left, right) else {
            call.warn("'\(parts[0].string)' has no result")
            return ExpandedText()
        }
        switch (parts.argument(1) ?? ExpandedText()).trimmed.string.asciiLowercased.utf8.first {
        case UInt8(ascii: "i"): return ExpandedText(String(value.integer))
        case UInt8(ascii: "h"): return ExpandedText(String(UInt64(bitPattern: value.integer), radix: 16))
        case UInt8(ascii: "c"): return ExpandedText(bytes: [UInt8(truncatingIfNeeded: value.integer)], tainted: parts[0].isTainted)
        default: return ExpandedText(DecimalLayout(value.double).fixed(decimals: 6))
        }
    }

    private static var operators: [String] {
        ["**", "<<", ">>", "<=", ">=", "==", "!=", "AND", "XOR", "OR", "+", "*", "/", "%", "^", "<", ">", "-"]
    }

    /// Finds the operator behind the first number; a sign belongs to its number.
    private static func splitOperation(_ text: ExpandedText) -> (DecimalNumber, String, DecimalNumber)? {
        let bytes = Array(text.bytes.filter { !$0.isBlank })
        var index = bytes.first == ASCII.dash || bytes.first == ASCII.plus ? 1 : 0
        while index < bytes.count, bytes[index].isDigit || bytes[index] == ASCII.dot { index += 1 }
        guard let symbol = operators.first(where: { bytes[index...].starts(with: $0.utf8) }),
            let left = DecimalNumber(bytes[..<index]),
            let right = DecimalNumber(bytes[(index + symbol.utf8.count)...])
        else { return nil }
        return (left, symbol, right)
    }

    private static func comparison(_ symbol: String, _ left: DecimalNumber, _ right: DecimalNumber) -> Bool? {
        switch symbol {
        case "<": left.double < right.double
        case ">": left.double > right.double
        case "<=": left.double <= right.double
        case ">=": left.double >= right.double
        case "==": left.double == right.double
        case "!=": left.double != right.double
        default: nil
        }
    }

    private static func arithmetic(_ symbol: String, _ left: DecimalNumber, _ right: DecimalNumber) -> DecimalNumber? {
        let shift = min(max(right.integer, 0), 63)
        switch symbol {
        case "+": return ExpressionArithmetic.result(.plus, left, right)
        case "-": return ExpressionArithmetic.result(.minus, left, right)
        case "*": return ExpressionArithmetic.result(.times, left, right)
        case "/": return right.isZero ? nil : ExpressionArithmetic.result(.divide, left, right)
        case "%": return right.isZero ? nil : ExpressionArithmetic.result(.remainder, left, right)
        case "**", "^": return power(left, right)
        case "<<": return .integer(left.integer << shift)
        case ">>": return .integer(left.integer >> shift)
        case "AND": return .integer(left.integer & right.integer)
        case "OR": return .integer(left.integer | right.integer)
        case "XOR": return .integer(left.integer ^ right.integer)
        default: return nil
        }
    }

    /// Raises to a whole power by squaring; nil for other powers and results beyond range.
    private static func power(_ base: DecimalNumber, _ exponent: DecimalNumber) -> DecimalNumber? {
        guard Double(exponent.integer) == exponent.double, exponent.integer.magnitude <= 4096 else { return nil }
        var result = 1.0
        var square = base.double
        var left = exponent.integer.magnitude
        while left > 0 {
            if left & 1 == 1 { result *= square }
            square *= square
            left >>= 1
        }
        if exponent.integer < 0 { result = 1 / result }
        return result.isFinite ? .exact(result) : nil
    }

    /// INC(variable) and DEC: changes the number in the variable by one and gives it.
    static func step(_ call: Call, by amount: Int64) -> ExpandedText {
        let name = call.arguments.trimmed
        let (value, overflow) = Int64(leadingDigitsOf: call.variable(name).bytes).addingReportingOverflow(amount)
        let result = ExpandedText(String(overflow ? 0 : value))
        call.scope.setVariable(name.string, result)
        return result
    }

    /// RAND([lowest][,highest]): a number of the range, both ends included; 0…2147483647 when not said.
    static func pickNumber(_ call: Call) -> ExpandedText {
        let parts = call.list(max: 2)
        let low = Int64(leadingDigitsOf: parts[0].bytes)
        let high = parts.argument(1).flatMap { $0.trimmed.isEmpty ? nil : Int64(leadingDigitsOf: $0.bytes) } ?? Int64(Int32.max)
        let (lowest, highest) = (min(low, high), max(low, high))
        let span = UInt64(bitPattern: highest &- lowest)
        let pick = span == .max ? call.scope.random() : call.scope.random() % (span + 1)
        return ExpandedText(String(lowest &+ Int64(bitPattern: pick)))
    }
}
