/// Lays compact JSON out over lines with two blanks per level, for people who read along.
public enum JSONIndenter {
    /// Returns `json`, which must be a compact JSON text, with line breaks and indentation.
    public static func indent(_ json: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(json.count * 2)
        var level = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in json.enumerated() {
            if isInString {
                output.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else {
                    isInString = byte != UInt8(ascii: "\"")
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                output.append(byte)
                level += 1
                if index + 1 < json.count, !isClosing(json[index + 1]) { breakLine(level, &output) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                level = max(0, level - 1)
                if index > 0, !isOpening(json[index - 1]) { breakLine(level, &output) }
                output.append(byte)
            case UInt8(ascii: ","):
                output.append(byte)
                breakLine(level, &output)
            case UInt8(ascii: ":"):
                output.append(contentsOf: [byte, UInt8(ascii: " ")])
            default:
                isInString = byte == UInt8(ascii: "\"")
                output.append(byte)
            }
        }
        return output
    }

    private static func isOpening(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }
    private static func isClosing(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") }

    private static func breakLine(_ level: Int, _ output: inout [UInt8]) {
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }
}
