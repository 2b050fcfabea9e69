extension ExpandedText {
    /// The text with `\n`, `\t`, `\r`, `\xHH` and `\c` turned into the byte they stand for, as delimiters
    /// and character lists of functions are written. What was escaped is marked as data, so `\-` makes no range.
    var unescaped: ExpandedText {
        var result = ExpandedText()
        var index = 0
        while index < count {
            guard isSyntax(ASCII.backslash, at: index), index + 1 < count else {
                result.append(from: self, at: index)
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case UInt8(ascii: "n"): result.append(ASCII.newline)
            case UInt8(ascii: "t"): result.append(ASCII.tab)
            case UInt8(ascii: "r"): result.append(ASCII.carriageReturn)
            case UInt8(ascii: "x"):
                if index + 3 < count, let high = bytes[index + 2].hexValue, let low = bytes[index + 3].hexValue {
                    result.append(high << 4 | low)
                    index += 2
                } else {
                    result.append(UInt8(ascii: "x"))
                }
            default: result.append(bytes[index + 1], tainted: true)
            }
            index += 2
        }
        return result
    }

    /// The bytes of a list such as `0-9A-F_`; ranges only between untainted bytes, escapes as in ``unescaped``.
    var characterSet: ByteSet {
        var set = ByteSet()
        var isLiteralDash = false
        var items: [(byte: UInt8, isRange: Bool)] = []
        let plain = unescaped
        for index in plain.bytes.indices {
            isLiteralDash = index == 0 || index == plain.count - 1
            items.append((plain.bytes[index], plain.isSyntax(ASCII.dash, at: index) && !isLiteralDash))
        }
        var index = 0
        while index < items.count {
            if index + 2 < items.count, items[index + 1].isRange, items[index].byte <= items[index + 2].byte {
                set.insert(items[index].byte...items[index + 2].byte)
                index += 3
            } else {
                set.insert(items[index].byte)
                index += 1
            }
        }
        return set
    }
}
