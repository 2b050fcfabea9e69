import ARIModel

/// Decodes `%XX` and `+` (as a blank) the way HTML forms encode them; what is not a valid escape stays as it is.
///
/// Bytes that are not UTF-8 after decoding become U+FFFD.
func formDecoded(_ text: Substring.UTF8View) -> String {
    guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
        return String(decoding: text, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = text.startIndex
    while index != text.endIndex {
        let byte = text[index]
        text.formIndex(after: &index)
        switch byte {
        case UInt8(ascii: "+"): bytes.append(0x20)
        case UInt8(ascii: "%"):
            let digits = text[index...].prefix(2)
            if digits.count == 2, let high = hexValue(digits[digits.startIndex]),
                let low = hexValue(digits[digits.index(after: digits.startIndex)])
            {
                bytes.append(high << 4 | low)
                index = digits.endIndex
            } else {
                bytes.append(byte)
            }
        default: bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Encodes everything but the unreserved characters of RFC 3986 as `%XX`.
func percentEncoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            bytes.append(byte)
        default:
            bytes.append(UInt8(ascii: "%"))
            bytes.append(upperHexDigit(byte >> 4))
            bytes.append(upperHexDigit(byte & 0x0F))
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Cuts a query or a form body into its fields; a name without `=` has an empty value.
func formFields(_ text: Substring) -> [NamedValue] {
    text.utf8.split(separator: UInt8(ascii: "&")).map { field in
        let separator = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
        let value = field[separator...].dropFirst()
        return NamedValue(formDecoded(field[..<separator]), formDecoded(value))
    }
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

private func upperHexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + (nibble - 10)
}
