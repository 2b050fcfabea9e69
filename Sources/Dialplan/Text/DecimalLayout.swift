/// Writes a floating point number with a wanted number of digits, without a C library.
struct DecimalLayout {
    private let isNegative: Bool
    /// Decimal digits without leading zeros.
    private let digits: [UInt8]
    /// Where the decimal point stands: the value is 0.d₁d₂… × 10^point.
    private let point: Int
    private let special: String?

    init(_ value: Double) {
        isNegative = value.sign == .minus && value != 0
        special = value.isFinite ? nil : (value.isNaN ? "nan" : "inf")
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var isFraction = false
        // Swift's description is the shortest text that reads back as the same number.
        let parts = value.magnitude.description.utf8.split(separator: UInt8(ascii: "e"), omittingEmptySubsequences: false)
        for byte in parts[0] {
            if byte == ASCII.dot { isFraction = true; continue }
            guard byte.isDigit else { continue }
            if digits.isEmpty, byte == ASCII.zero {
                if isFraction { point -= 1 }
                continue
            }
            digits.append(byte)
            if !isFraction { point += 1 }
        }
        if parts.count > 1 { exponent = Int(Int64(leadingDigitsOf: parts[1])) }
        self.digits = digits
        self.point = point + exponent
    }

    /// The number with at most `significantDigits`, trailing zeros left off, with an exponent when very large or small.
    func general(significantDigits: Int) -> String {
        if let special { return sign + special }
        var (digits, point) = rounded(to: significantDigits)
        while digits.last == ASCII.zero { digits.removeLast() }
        guard !digits.isEmpty else { return "0" }
        if point > -4, point <= 18 { return sign + plain(digits, point) }
        let exponent = point - 1
        let fraction = digits.dropFirst()
        let mantissa = digits.prefix(1).text + (fraction.isEmpty ? "" : "." + fraction.text)
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (exponent.magnitude < 10 ? "0" : "") + String(exponent.magnitude)
    }

    /// The number with exactly `decimals` digits after the point.
    func fixed(decimals: Int) -> String {
        if let special { return sign + special }
        let (digits, point) = rounded(to: self.point + decimals)
        var whole = Array(digits.prefix(max(0, point)))
        whole += Array(repeating: ASCII.zero, count: max(0, point - digits.count))
        if whole.isEmpty { whole = [ASCII.zero] }
        var fraction = Array(repeating: ASCII.zero, count: min(decimals, max(0, -point)))
        fraction += digits.dropFirst(max(0, point))
        fraction += Array(repeating: ASCII.zero, count: max(0, decimals - fraction.count))
        let isZero = !digits.contains { $0 != ASCII.zero }
        return (isZero ? "" : sign) + whole.text + (decimals > 0 ? "." + fraction.prefix(decimals).text : "")
    }

    private var sign: String { isNegative ? "-" : "" }

    private func plain(_ digits: [UInt8], _ point: Int) -> String {
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + digits.text }
        if digits.count <= point { return digits.text + String(repeating: "0", count: point - digits.count) }
        return digits[..<point].text + "." + digits[point...].text
    }

    /// Rounds half up to `count` digits; none or fewer gives zero, or one when it rounds up.
    private func rounded(to count: Int) -> ([UInt8], Int) {
        guard count < digits.count else { return (digits, point) }
        guard count >= 0 else { return ([], point) }
        var kept = Array(digits[..<count])
        guard digits[count] >= UInt8(ascii: "5") else { return (kept, point) }
        var index = count - 1
        while index >= 0, kept[index] == ASCII.nine {
            kept[index] = ASCII.zero
            index -= 1
        }
        if index >= 0 {
            kept[index] &+= 1
            return (kept, point)
        }
        return ([UInt8(ascii: "1")] + kept, point + 1)
    }
}
