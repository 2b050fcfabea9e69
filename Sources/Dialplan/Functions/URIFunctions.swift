extension BuiltinFunctions {
    /// URIENCODE(text): all but letters, digits and `-_.~` as %HH (RFC 3986 section 2.3).
    static func encodeURI(_ call: Call) -> ExpandedText {
        var result = ExpandedText()
        for (index, byte) in call.arguments.bytes.enumerated() {
            let isPlain = byte.isWord || byte == ASCII.dash || byte == ASCII.dot || byte == ASCII.tilde
            let encoded = isPlain ? [byte] : [ASCII.percent, hexDigit(byte >> 4), hexDigit(byte & 15)]
            result.append(encoded, tainted: call.arguments.taint[index])
        }
        return result
    }

    /// URIDECODE(text): %HH back into bytes; what is no such code stays. A decoded byte is tainted when its code was.
    static func decodeURI(_ call: Call) -> ExpandedText {
        let text = call.arguments
        var result = ExpandedText()
        var index = 0
        while index < text.count {
            if text.bytes[index] == ASCII.percent, index + 2 < text.count,
                let high = text.bytes[index + 1].hexValue, let low = text.bytes[index + 2].hexValue
            {
                result.append(high << 4 | low, tainted: text[index..<(index + 3)].isTainted)
                index += 3
            } else {
                result.append(from: text, at: index)
                index += 1
            }
        }
        return result
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? ASCII.zero &+ value : UInt8(ascii: "A") &+ value &- 10
    }
}
