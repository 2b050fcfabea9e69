// Only for linking: floating point remainders and rounding call the C library's mathematics.
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A number of the dialplan: an integer while it fits, else a floating point number.
enum DecimalNumber: Sendable, Equatable {
    case integer(Int64)
    case real(Double)

    /// Reads `digits`, `digits.digits` or `.digits` with an optional sign; nil for anything else.
    init?(_ bytes: some BidirectionalCollection<UInt8>) {
        let bytes = bytes.trimmed
        guard !bytes.isEmpty, bytes.count <= DialplanLimits.maxNumberBytes else { return nil }
        var digits = 0
        var dots = 0
        for (position, byte) in bytes.enumerated() {
            switch byte {
            case ASCII.plus, ASCII.dash: guard position == 0 else { return nil }
            case ASCII.dot: dots += 1
            default:
                guard byte.isDigit else { return nil }
                digits += 1
            }
        }
        guard digits > 0, dots <= 1 else { return nil }
        if dots == 0, let integer = Int64(bytes.text) {
            self = .integer(integer)
        } else if let real = Double(bytes.text), real.isFinite {
            self = .real(real)
        } else {
            return nil
        }
    }

    var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        }
    }

    var isZero: Bool { double == 0 }

    /// The whole part; clamped to the range of Int64.
    var integer: Int64 {
        switch self {
        case .integer(let value): value
        case .real(let value): Int64(clampingReal: value)
        }
    }

    /// The number as text: integers in full, others with 15 significant digits.
    var text: String {
        switch self {
        case .integer(let value): String(value)
        case .real(let value): DecimalLayout(value).general(significantDigits: 15)
        }
    }

    /// Turns a floating point result into an integer when it is one that floating point holds exactly.
    static func exact(_ value: Double) -> DecimalNumber {
        if value.magnitude < 9_007_199_254_740_992, value == value.rounded(.towardZero) {
            return .integer(Int64(clampingReal: value))
        }
        return .real(value)
    }
}

extension Int64 {
    /// The whole part of `value`, clamped; 0 for what is no number.
    init(clampingReal value: Double) {
        if value.isNaN {
            self = 0
        } else if value >= 9.223_372_036_854_775e18 {
            self = .max
        } else if value <= -9.223_372_036_854_775e18 {
            self = .min
        } else {
            self = Int64(value)
        }
    }

    /// Reads the leading integer of a text as C's atoi does; 0 when there is none.
    init(leadingDigitsOf bytes: some Collection<UInt8>) {
        var value: Int64 = 0
        var isNegative = false
        var hasStarted = false
        for byte in bytes {
            if !hasStarted, byte.isBlank { continue }
            if !hasStarted, byte == ASCII.dash || byte == ASCII.plus {
                isNegative = byte == ASCII.dash
                hasStarted = true
                continue
            }
            guard byte.isDigit else { break }
            hasStarted = true
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(byte &- ASCII.zero))
            value = overflow || carry ? .max : sum
            if overflow || carry { break }
        }
        self = isNegative ? 0 &- value : value
    }
}
