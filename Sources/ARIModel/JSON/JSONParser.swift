/// Tells why and where a text is not acceptable JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        case tooLarge
        case tooDeep
        case unexpectedEnd
        case unexpectedByte
        case invalidNumber
        case invalidEscape
        case invalidUTF8
        case controlCharacterInString
        case trailingBytes
    }

    public let reason: Reason
    /// Bytes before the place of the error.
    public let offset: Int

    public var description: String { "invalid JSON at byte \(offset): \(reason)" }
}

/// Parses one JSON text (RFC 8259) with limits on size and nesting.
public struct JSONParser {
    /// Bytes that a text may have unless the caller says otherwise.
    public static let defaultSizeLimit = 1 << 20
    /// Containers that may enclose each other.
    public static let depthLimit = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Parses `text` as one JSON value of any type; white space around it is allowed, anything else is not.
    ///
    /// Of members with the same name the last one counts.
    ///
    /// - Parameter sizeLimit: The most bytes that `text` may have.
    /// - Throws: ``JSONError`` with the place of the first fault.
    public static func parse(_ text: some Collection<UInt8>, sizeLimit: Int = defaultSizeLimit) throws(JSONError) -> JSONValue {
        guard text.count <= sizeLimit else { throw JSONError(reason: .tooLarge, offset: sizeLimit) }
        let result: Result<JSONValue, JSONError>
        if let direct = text.withContiguousStorageIfAvailable({ parseResult($0) }) {
            result = direct
        } else {
            result = Array(text).withUnsafeBufferPointer { parseResult($0) }
        }
        return try result.get()
    }

    /// Parses the UTF-8 of `text`; see ``parse(_:sizeLimit:)``.
    public static func parse(_ text: String, sizeLimit: Int = defaultSizeLimit) throws(JSONError) -> JSONValue {
        try parse(text.utf8, sizeLimit: sizeLimit)
    }

    // The buffer lives only for the call; every access is behind `peek`, which checks the bounds.
    private static func parseResult(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONError> {
        Result { () throws(JSONError) in
            var parser = JSONParser(bytes)
            let value = try parser.parseValue()
            parser.skipSpace()
            guard parser.index == bytes.count else { throw parser.error(.trailingBytes) }
            return value
        }
    }

    // MARK: Cursor

    private func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: index) }

    private func peek() throws(JSONError) -> UInt8 {
        guard index < bytes.count else { throw error(.unexpectedEnd) }
        return bytes[index]
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) throws(JSONError) {
        guard try peek() == byte else { throw error(.unexpectedByte) }
        index += 1
    }

    private mutating func takeIf(_ byte: UInt8) throws(JSONError) -> Bool {
        guard try peek() == byte else { return false }
        index += 1
        return true
    }

    // MARK: Values

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return .object(try parseObject())
        case UInt8(ascii: "["): return .array(try parseArray())
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): try parseLiteral("true"); return .bool(true)
        case UInt8(ascii: "f"): try parseLiteral("false"); return .bool(false)
        case UInt8(ascii: "n"): try parseLiteral("null"); return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw error(.unexpectedByte)
        }
    }

    private mutating func enter() throws(JSONError) {
        guard depth < JSONParser.depthLimit else { throw error(.tooDeep) }
        depth += 1
        index += 1
        skipSpace()
    }

    private mutating func parseObject() throws(JSONError) -> JSONObject {
        try enter()
        defer { depth -= 1 }
        var object = JSONObject()
        if try takeIf(UInt8(ascii: "}")) { return object }
        while true {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
            let name = try parseString()
            skipSpace()
            try take(UInt8(ascii: ":"))
            object[name] = try parseValue()
            skipSpace()
            if try takeIf(UInt8(ascii: ",")) { continue }
            try take(UInt8(ascii: "}"))
            return object
        }
    }

    private mutating func parseArray() throws(JSONError) -> [JSONValue] {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        if try takeIf(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try parseValue())
            skipSpace()
            if try takeIf(UInt8(ascii: ",")) { continue }
            try take(UInt8(ascii: "]"))
            return elements
        }
    }

    private mutating func parseLiteral(_ text: String) throws(JSONError) {
        for byte in text.utf8 { try take(byte) }
    }

    // MARK: Numbers

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = index
        var isInteger = true
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if try takeIf(UInt8(ascii: "0")) {} else { try skipDigits() }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            try skipDigits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            let sign = try peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let number = Int(text) { return .int(number) }
        guard let number = Double(text), number.isFinite else {
            throw JSONError(reason: .invalidNumber, offset: start)
        }
        return .double(number)
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = index
        while index < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[index] { index += 1 }
        guard index > start else { throw error(index < bytes.count ? .invalidNumber : .unexpectedEnd) }
    }

    // MARK: Strings

    private mutating func parseString() throws(JSONError) -> String {
        index += 1
        let start = index
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") {
                let text = try validated(bytes[start..<index], at: start)
                index += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
            guard byte >= 0x20 else { throw error(.controlCharacterInString) }
            index += 1
        }
    }

    /// Goes on at the first backslash of a string that began at `start`.
    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<index])
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") {
                let string = try validated(text[...], at: start)
                index += 1
                return string
            }
            if byte == UInt8(ascii: "\\") {
                try parseEscape(into: &text)
                continue
            }
            guard byte >= 0x20 else { throw error(.controlCharacterInString) }
            text.append(byte)
            index += 1
        }
    }

    private func validated(_ utf8: some Collection<UInt8>, at offset: Int) throws(JSONError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw JSONError(reason: .invalidUTF8, offset: offset)
        }
        return text
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
        let start = index
        index += 1
        let code = try peek()
        index += 1
        switch code {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(code)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: try parseUnicodeEscape(from: start).utf8)
        default: throw JSONError(reason: .invalidEscape, offset: start)
        }
    }

    private mutating func parseUnicodeEscape(from start: Int) throws(JSONError) -> Character {
        let first = try parseHex4()
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            guard try takeIf(UInt8(ascii: "\\")), try takeIf(UInt8(ascii: "u")) else {
                throw JSONError(reason: .invalidEscape, offset: start)
            }
            let second = try parseHex4()
            guard UTF16.isTrailSurrogate(second) else { throw JSONError(reason: .invalidEscape, offset: start) }
            value = 0x10000 &+ ((UInt32(first) & 0x3FF) << 10 | UInt32(second) & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(value) else { throw JSONError(reason: .invalidEscape, offset: start) }
        return Character(scalar)
    }

    private mutating func parseHex4() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            let byte = try peek()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw error(.invalidEscape) }
            value = value << 4 | UInt16(truncatingIfNeeded: digit)
            index += 1
        }
        return value
    }
}
