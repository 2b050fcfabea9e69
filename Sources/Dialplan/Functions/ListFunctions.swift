extension BuiltinFunctions {
    /// CUT(variable,delimiter,fields): fields such as `2`, `1-3`, `-2`, `3-` or `1&4`, joined by the delimiter.
    static func cut(_ call: Call) -> ExpandedText {
        let parts = call.list(max: 3)
        let text = call.variable(parts[0])
        let delimiter = delimiter(parts.argument(1), default: ASCII.dash)
        let fields = fields(of: text, delimiter.byte)
        var result = ExpandedText()
        var isFirst = true
        for range in fieldRanges(parts.argument(2) ?? ExpandedText(), count: fields.count) {
            for field in fields[range] {
                // The delimiter stands for one of the text's own, so it is the caller's when the text is.
                if !isFirst { result.append(delimiter.byte, tainted: delimiter.isTainted || text.isTainted) }
                result.append(field)
                isFirst = false
            }
        }
        return result
    }

    /// FIELDQTY(variable,delimiter): how many fields there are; none in empty text.
    static func countFields(_ call: Call) -> ExpandedText {
        let parts = call.list(max: 2)
        let text = call.variable(parts[0])
        guard !text.isEmpty else { return "0" }
        let delimiter = delimiter(parts.argument(1), default: ASCII.comma)
        return ExpandedText(String(text.bytes.count { $0 == delimiter.byte } + 1))
    }

    /// SHIFT(variable[,delimiter]) and POP: takes the first or last item off the list and gives it.
    static func take(_ call: Call, fromEnd: Bool) -> ExpandedText {
        let parts = call.list(max: 2)
        let name = parts[0].trimmed.string
        let text = call.variable(parts[0])
        let delimiter = delimiter(parts.argument(1), default: ASCII.comma)
        let cut = fromEnd ? text.bytes.lastIndex(of: delimiter.byte) : text.bytes.firstIndex(of: delimiter.byte)
        guard let cut else {
            call.scope.setVariable(name, ExpandedText())
            return text
        }
        let before = text[0..<cut]
        let after = text[(cut + 1)..<text.count]
        call.scope.setVariable(name, fromEnd ? before : after)
        return fromEnd ? after : before
    }

    /// PUSH(variable[,delimiter])=value and UNSHIFT: adds an item at the end or the start of the list.
    static func add(_ call: Call, _ value: ExpandedText, atEnd: Bool) {
        let parts = call.list(max: 2)
        let delimiter = delimiter(parts.argument(1), default: ASCII.comma)
        let list = call.variable(parts[0])
        var result = atEnd ? list : value
        if !list.isEmpty { result.append(delimiter.byte, tainted: delimiter.isTainted) }
        result.append(atEnd ? value : list)
        call.scope.setVariable(parts[0].trimmed.string, result)
    }

    private static func delimiter(_ argument: ExpandedText?, default standard: UInt8) -> (byte: UInt8, isTainted: Bool) {
        (argument?.unescaped.bytes.first ?? standard, argument?.isTainted ?? false)
    }

    /// Lists are split at every delimiter, the caller's too: to take data apart is what the function is for.
    private static func fields(of text: ExpandedText, _ delimiter: UInt8) -> [ExpandedText] {
        var fields: [ExpandedText] = []
        var start = 0
        for (index, byte) in text.bytes.enumerated() where byte == delimiter {
            fields.append(text[start..<index])
            start = index + 1
        }
        fields.append(text[start..<text.count])
        return fields
    }

    private static func fieldRanges(_ text: ExpandedText, count: Int) -> [Range<Int>] {
        text.string.split(separator: "&").compactMap { part in
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
                .map { Int($0.utf8.trimmed.text) }
            guard ends.count <= 2, let first = ends.first else { return nil }
            let low = max(first ?? 1, 1)
            let high = min(ends.count == 2 ? ends[1] ?? count : first ?? 0, count)
            return low <= high ? (low - 1)..<high : nil
        }
    }
}
