/// Substitutes the variables, functions and expressions of a template in one pass.
///
/// What was put in is never looked at again for `${` or `$[`, and keeps its taint.
struct Expansion<Scope: ValueScope> {
    let scope: Scope

    func expand(_ template: Template) -> ExpandedText {
        var result = ExpandedText()
        for segment in template.segments {
            switch segment {
            case .text(let bytes): result.append(bytes)
            case .name(let name): append(scope.variable(name) ?? ExpandedText(), to: &result)
            case .variable(let inner): append(value(of: expand(inner)), to: &result)
            case .expression(let inner):
                append(DialplanExpression.evaluate(expand(inner), report: scope.warn), to: &result)
            }
        }
        return result
    }

    private func append(_ value: ExpandedText, to result: inout ExpandedText) {
        if value.count > DialplanLimits.maxExpandedBytes - result.count {
            scope.warn("text is cut off at \(DialplanLimits.maxExpandedBytes) bytes")
        }
        result.append(value)
    }

    /// Reads `NAME`, `NAME:offset:length` or `FUNCTION(arguments)` with the same.
    private func value(of content: ExpandedText) -> ExpandedText {
        let (name, offsets) = Self.splitOffsets(content)
        let whole: ExpandedText
        if name.firstIndex(ofSyntax: ASCII.leftParen) != nil {
            whole = readFunction(name)
        } else {
            whole = scope.variable(name.trimmed.string) ?? ExpandedText()
        }
        guard let offsets else { return whole }
        let numbers = offsets.split(at: ASCII.colon)
        let length = numbers.count > 1 && !numbers[1].isEmpty ? Int(Int64(leadingDigitsOf: numbers[1].bytes)) : nil
        return whole.substring(offset: Int(Int64(leadingDigitsOf: numbers[0].bytes)), length: length)
    }

    /// Cuts at the first colon outside parentheses.
    private static func splitOffsets(_ content: ExpandedText) -> (ExpandedText, ExpandedText?) {
        var depth = 0
        for index in 0..<content.count {
            if content.isSyntax(ASCII.leftParen, at: index) { depth += 1 }
            if content.isSyntax(ASCII.rightParen, at: index) { depth -= 1 }
            if depth <= 0, content.isSyntax(ASCII.colon, at: index) {
                return (content[0..<index], content[(index + 1)..<content.count])
            }
        }
        return (content, nil)
    }

    /// Reads `NAME(arguments)`.
    func readFunction(_ text: ExpandedText) -> ExpandedText {
        readKnownFunction(text) ?? ExpandedText()
    }

    /// Reads a function as ``readFunction(_:)`` does; nil when it is not known or can't be read.
    func readKnownFunction(_ text: ExpandedText) -> ExpandedText? {
        let call = ApplicationCall(text)
        let name = call.name.string
        if call.isUnclosed { scope.warn("function \(name) has no closing parenthesis") }
        let arguments = call.data ?? ExpandedText()
        let function = FunctionCall(name: name, arguments: arguments, scope: scope)
        if let value = BuiltinFunctions.read(function) ?? scope.readFunction(name, arguments) { return value }
        scope.warn("function \(name) is not known or cannot be read")
        return nil
    }

    /// Sets `NAME` or writes `FUNCTION(arguments)`.
    func assign(_ target: ExpandedText, _ value: ExpandedText) {
        guard target.firstIndex(ofSyntax: ASCII.leftParen) != nil else {
            guard !target.isEmpty else { return scope.warn("a value without a variable's name is not set") }
            return scope.setVariable(target.string, value)
        }
        let call = ApplicationCall(target)
        let name = call.name.string
        let arguments = call.data ?? ExpandedText()
        let function = FunctionCall(name: name, arguments: arguments, scope: scope)
        if BuiltinFunctions.write(function, value) { return }
        if !scope.writeFunction(name, arguments, value) {
            scope.warn("function \(name) is not known or cannot be written")
        }
    }
}
