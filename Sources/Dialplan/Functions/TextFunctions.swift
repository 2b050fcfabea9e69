extension BuiltinFunctions {
    /// QUOTE(text): puts quotes round it and a backslash before quotes and backslashes.
    static func quote(_ call: Call) -> ExpandedText {
        var result = ExpandedText("\"")
        for (index, byte) in call.arguments.bytes.enumerated() {
            if byte == ASCII.quote || byte == ASCII.backslash { result.append(ASCII.backslash) }
            result.append(from: call.arguments, at: index)
        }
        result.append(ASCII.quote)
        return result
    }

    /// FILTER(allowed,text): leaves only the bytes of the list, which may have ranges.
    static func filter(_ call: Call) -> ExpandedText {
        let parts = call.arguments.split(at: ASCII.comma, max: 2)
        guard parts.count == 2 else {
            call.warn("needs the allowed characters and a text")
            return ExpandedText()
        }
        let allowed = parts[0].characterSet
        return parts[1].filter { allowed.contains($0) }
    }

    /// REPLACE(variable,characters[,replacement]): replaces or removes each of the characters.
    static func replace(_ call: Call) -> ExpandedText {
        let parts = call.list(max: 3)
        let wanted = (parts.argument(1) ?? ExpandedText()).unescaped.bytes
        let replacement = (parts.argument(2) ?? ExpandedText()).unescaped[0..<1]
        guard let byte = replacement.bytes.first else { return call.variable(parts[0]).filter { !wanted.contains($0) } }
        let text = call.variable(parts[0])
        var result = ExpandedText()
        for (index, old) in text.bytes.enumerated() {
            let isWanted = wanted.contains(old)
            result.append(isWanted ? byte : old, tainted: text.taint[index] || isWanted && replacement.isTainted)
        }
        return result
    }

    /// STRREPLACE(variable,search[,replacement[,most]])
    static func replaceText(_ call: Call) -> ExpandedText {
        let parts = call.list(max: 4)
        let text = call.variable(parts[0])
        let wanted = (parts.argument(1) ?? ExpandedText()).unescaped.bytes
        let replacement = (parts.argument(2) ?? ExpandedText()).unescaped
        var left = parts.argument(3).map { Int64(leadingDigitsOf: $0.bytes) } ?? Int64.max
        guard let first = wanted.first else { return text }
        var result = ExpandedText()
        var index = 0
        while index < text.count, !result.isFull {
            if left > 0, text.bytes[index] == first, text.bytes[index...].starts(with: wanted) {
                // What takes the place of the caller's text is the caller's doing.
                let isTainted = text[index..<(index + wanted.count)].isTainted
                result.append(isTainted ? replacement.tainted : replacement)
                index += wanted.count
                left -= 1
            } else {
                result.append(from: text, at: index)
                index += 1
            }
        }
        return result
    }

    /// REGEX("pattern" text): 1 when the pattern is found in the text.
    static func matchRegex(_ call: Call) -> ExpandedText {
        let text = call.arguments
        guard text.isSyntax(ASCII.quote, at: 0), let close = text.firstIndex(ofSyntax: ASCII.quote, from: 1) else {
            call.warn("needs a regular expression in quotes, a blank and a text")
            return ExpandedText(false)
        }
        let start = text.isSyntax(ASCII.space, at: close + 1) ? close + 2 : close + 1
        do throws(BoundedRegex.Failure) {
            let match = try BoundedRegex(text[1..<close])
                .firstMatch(in: text[start..<max(start, text.count)].bytes, isAnchored: false)
            return ExpandedText(match != nil)
        } catch {
            call.warn("regular expression '\(text[1..<close].string)': \(error.sentence)")
            return ExpandedText(false)
        }
    }
}

extension ExpandedText {
    /// The text without the bytes that are not wanted.
    fileprivate func filter(_ isWanted: (UInt8) -> Bool) -> ExpandedText {
        var result = ExpandedText()
        for (index, byte) in bytes.enumerated() where isWanted(byte) { result.append(from: self, at: index) }
        return result
    }
}
