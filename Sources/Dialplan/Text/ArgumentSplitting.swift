extension ExpandedText {
    /// Splits at every untainted `separator`; nothing else has a meaning.
    ///
    /// This is how `PJSIP/1&PJSIP/2` or `context,exten,priority` are taken apart.
    public func split(at separator: UInt8, max: Int = DialplanLimits.maxArguments) -> [ExpandedText] {
        var parts: [ExpandedText] = []
        var start = 0
        while parts.count < max - 1, let next = firstIndex(ofSyntax: separator, from: start) {
            parts.append(self[start..<next])
            start = next + 1
        }
        parts.append(self[start..<count])
        return parts
    }

    /// Splits an application's or function's data into its arguments.
    ///
    /// Parentheses and brackets keep a separator inside, so do double quotes; quotes are taken off, and a
    /// backslash makes the next byte ordinary. All of this only where the bytes are untainted.
    /// - Returns: no arguments for empty text; at most `max`, of which the last keeps the rest as it is.
    public func splitArguments(
        at separator: UInt8 = UInt8(ascii: ","), max: Int = DialplanLimits.maxArguments
    ) -> [ExpandedText] {
        splitNested(at: separator, max: max, removesQuoting: true)
    }

    /// Splits as ``splitArguments(at:max:)`` does but leaves quotes and backslashes where they are,
    /// for text that will be split again.
    public func splitRaw(at separator: UInt8, max: Int = DialplanLimits.maxArguments) -> [ExpandedText] {
        splitNested(at: separator, max: max, removesQuoting: false)
    }

    private func splitNested(at separator: UInt8, max: Int, removesQuoting: Bool) -> [ExpandedText] {
        guard !isEmpty else { return [] }
        var parts: [ExpandedText] = []
        var part = ExpandedText()
        var nesting = ArgumentNesting()
        var index = 0
        while index < count {
            if parts.count >= max - 1 {
                part = self[index..<count]
                break
            }
            let byte = bytes[index]
            if taint[index] {
                part.append(byte, tainted: true)
            } else if byte == ASCII.backslash, index + 1 < count {
                if !removesQuoting { part.append(byte) }
                index += 1
                part.append(from: self, at: index)
            } else if byte == separator, nesting.isOutside {
                parts.append(part)
                part = ExpandedText()
            } else if byte == ASCII.quote, removesQuoting {
                nesting.note(byte)
            } else {
                nesting.note(byte)
                part.append(byte)
            }
            index += 1
        }
        parts.append(part)
        return parts
    }
}

/// Counts what is open while arguments are split.
private struct ArgumentNesting {
    private var parentheses = 0
    private var brackets = 0
    private var isQuoted = false

    var isOutside: Bool { parentheses == 0 && brackets == 0 && !isQuoted }

    mutating func note(_ byte: UInt8) {
        switch byte {
        case ASCII.quote: isQuoted.toggle()
        case ASCII.leftParen: parentheses += 1
        case ASCII.rightParen: parentheses = max(0, parentheses - 1)
        case ASCII.leftBracket: brackets += 1
        case ASCII.rightBracket: brackets = max(0, brackets - 1)
        default: break
        }
    }
}
