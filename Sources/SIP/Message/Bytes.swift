// Scanning over bytes without copies. Positions are plain indexes into the span, always checked against an end that is at most `count`.

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let semicolon = UInt8(ascii: ";")
    static let colon = UInt8(ascii: ":")
    static let equals = UInt8(ascii: "=")
    static let slash = UInt8(ascii: "/")
    static let less = UInt8(ascii: "<")
    static let greater = UInt8(ascii: ">")
    static let at = UInt8(ascii: "@")
    static let percent = UInt8(ascii: "%")
    static let question = UInt8(ascii: "?")
    static let asterisk = UInt8(ascii: "*")

    var isSpaceOrTab: Bool { self == .space || self == .tab }
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    /// The byte with A–Z made a–z.
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// The value of a hexadecimal digit, nil for any other byte.
    var hexValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = self | 0x20
        return letter >= 0x61 && letter <= 0x66 ? letter &- 0x57 : nil
    }
}

extension Span where Element == UInt8 {
    /// Copies a range into a string; bytes that are no UTF-8 become U+FFFD.
    func text(_ range: Range<Int>) -> String {
        // `String(decoding:)` takes no span; the pointer does not outlive the closure.
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    func skipSpace(_ position: inout Int, _ end: Int) {
        while position < end, self[position].isSpaceOrTab { position &+= 1 }
    }

    func skip(_ set: ByteSet, _ position: inout Int, _ end: Int) {
        while position < end, set.contains(self[position]) { position &+= 1 }
    }

    func find(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
        var position = start
        while position < end {
            if self[position] == byte { return position }
            position &+= 1
        }
        return nil
    }

    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isSpaceOrTab { start &+= 1 }
        while end > start, self[end &- 1].isSpaceOrTab { end &-= 1 }
        return start..<end
    }

    func isAll(_ set: ByteSet, in range: Range<Int>) -> Bool {
        var position = range.lowerBound
        skip(set, &position, range.upperBound)
        return position == range.upperBound
    }

    func equalsIgnoringCase(_ range: Range<Int>, _ text: String) -> Bool {
        let expected = text.utf8.span
        guard range.count == expected.count else { return false }
        let start = range.lowerBound
        for offset in expected.indices {
            let byte = self[start &+ offset]
            if byte != expected[offset], byte.lowercased != expected[offset].lowercased { return false }
        }
        return true
    }

    /// Reads an unsigned decimal number that fills the range; nil for an empty range, another character, or a value above `maximum`.
    func decimal(_ range: Range<Int>, maximum: Int) -> Int? {
        guard !range.isEmpty else { return nil }
        var value = 0
        for position in range {
            guard self[position].isDigit else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = shifted &+ Int(self[position] &- 0x30)
            guard value >= 0, value <= maximum else { return nil }
        }
        return value
    }

    /// Reads an unsigned decimal number as `decimal` does, but takes `maximum` for any greater value.
    func clampedDecimal(_ range: Range<Int>, maximum: Int) -> Int? {
        guard !range.isEmpty else { return nil }
        for position in range where !self[position].isDigit { return nil }
        return decimal(range, maximum: maximum) ?? maximum
    }

    /// Finds the end of the quoted string that opens at `start`: the index after its closing quote, nil when it never closes.
    func quotedStringEnd(from start: Int, to end: Int) -> Int? {
        var position = start &+ 1
        while position < end {
            switch self[position] {
            case .quote: return position &+ 1
            case .backslash: position &+= 2
            default: position &+= 1
            }
        }
        return nil
    }

    /// Reads the inside of a quoted string, without the backslashes of its quoted pairs.
    func unquoted(_ inside: Range<Int>) -> String {
        guard find(.backslash, from: inside.lowerBound, to: inside.upperBound) != nil else { return text(inside) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(inside.count)
        var position = inside.lowerBound
        while position < inside.upperBound {
            if self[position] == .backslash, position &+ 1 < inside.upperBound { position &+= 1 }
            bytes.append(self[position])
            position &+= 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads a range with its `%hh` escapes resolved once; nil for a broken escape or bytes that are no UTF-8.
    func unescaped(_ range: Range<Int>) -> String? {
        guard find(.percent, from: range.lowerBound, to: range.upperBound) != nil else { return text(range) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            if self[position] == .percent {
                guard position &+ 2 < range.upperBound, let high = self[position &+ 1].hexValue,
                    let low = self[position &+ 2].hexValue
                else { return nil }
                bytes.append(high << 4 | low)
                position &+= 3
            } else {
                bytes.append(self[position])
                position &+= 1
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }

    mutating func append(decimal value: Int) {
        if value >= 0, value < 10 { append(0x30 &+ UInt8(truncatingIfNeeded: value)) } else { append(String(value)) }
    }

    /// Appends text with each byte outside the set written as `%hh`.
    mutating func append(_ text: String, escapedOutside set: ByteSet) {
        for byte in text.utf8 {
            if byte < 0x80, set.contains(byte) {
                append(byte)
            } else {
                append(.percent)
                append(UInt8.hexDigit(byte >> 4))
                append(UInt8.hexDigit(byte & 0x0F))
            }
        }
    }

    /// Appends text as a quoted string (RFC 3261 25.1). CR and LF, which no quoted string can hold, become spaces.
    mutating func append(quoted text: String) {
        append(.quote)
        for byte in text.utf8 {
            switch byte {
            case .quote, .backslash:
                append(.backslash)
                append(byte)
            case .carriageReturn, .lineFeed: append(.space)
            case 0..<0x20, 0x7F:
                append(.backslash)
                append(byte)
            default: append(byte)
            }
        }
        append(.quote)
    }
}

extension UInt8 {
    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x37 &+ value
    }
}
