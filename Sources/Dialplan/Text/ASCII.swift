/// The bytes that mean something in extensions.conf.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let dash = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let dot = UInt8(ascii: ".")
    static let bang = UInt8(ascii: "!")
    static let slash = UInt8(ascii: "/")
    static let backslash = UInt8(ascii: "\\")
    static let quote = UInt8(ascii: "\"")
    static let question = UInt8(ascii: "?")
    static let equals = UInt8(ascii: "=")
    static let ampersand = UInt8(ascii: "&")
    static let pipe = UInt8(ascii: "|")
    static let tilde = UInt8(ascii: "~")
    static let percent = UInt8(ascii: "%")
    static let star = UInt8(ascii: "*")
    static let caret = UInt8(ascii: "^")
    static let dollar = UInt8(ascii: "$")
    static let underscore = UInt8(ascii: "_")
    static let leftParen = UInt8(ascii: "(")
    static let rightParen = UInt8(ascii: ")")
    static let leftBracket = UInt8(ascii: "[")
    static let rightBracket = UInt8(ascii: "]")
    static let leftBrace = UInt8(ascii: "{")
    static let rightBrace = UInt8(ascii: "}")
    static let less = UInt8(ascii: "<")
    static let greater = UInt8(ascii: ">")
    static let hash = UInt8(ascii: "#")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
}

extension UInt8 {
    var isBlank: Bool { self == ASCII.space || self == ASCII.tab || self == ASCII.newline || self == ASCII.carriageReturn }
    var isDigit: Bool { self >= ASCII.zero && self <= ASCII.nine }
    var isUpper: Bool { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") }
    var isLower: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
    var isAlphanumeric: Bool { isDigit || isUpper || isLower }
    var isWord: Bool { isAlphanumeric || self == ASCII.underscore }
    var lowercased: UInt8 { isUpper ? self | 0x20 : self }
    var uppercased: UInt8 { isLower ? self & ~0x20 : self }

    /// The value of a hexadecimal digit, or nil.
    var hexValue: UInt8? {
        switch self {
        case ASCII.zero...ASCII.nine: self &- ASCII.zero
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}

extension BidirectionalCollection where Element == UInt8 {
    /// The bytes without blanks at either end.
    var trimmed: SubSequence {
        var start = startIndex
        var end = endIndex
        while start < end, self[start].isBlank { start = index(after: start) }
        while start < end, self[index(before: end)].isBlank { end = index(before: end) }
        return self[start..<end]
    }

    /// The bytes as text; what is no UTF-8 is replaced.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// The bytes as text with ASCII letters in lower case.
    var lowercasedText: String { String(decoding: map(\.lowercased), as: UTF8.self) }
}

extension String {
    /// The text with ASCII letters in lower case.
    var asciiLowercased: String { utf8.lowercasedText }
}
