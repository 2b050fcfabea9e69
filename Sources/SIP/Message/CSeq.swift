/// The CSeq value: the request's number in its dialog or registration, and its method (RFC 3261 20.16).
public struct CSeq: Sendable, Hashable, CustomStringConvertible {
    /// The greatest number: below 2^31 (RFC 3261 8.1.1.5).
    public static let maximumNumber: UInt32 = 0x7FFF_FFFF

    public var number: UInt32
    public var method: SIPMethod

    public init(number: UInt32, method: SIPMethod) {
        self.number = number
        self.method = method
    }

    /// Reads a value that fills the text; nil when malformed or above `maximumNumber`.
    public init?(_ text: String) {
        let bytes = text.utf8.span
        var position = 0
        while position < bytes.count, bytes[position].isDigit { position &+= 1 }
        guard let number = bytes.decimal(0..<position, maximum: Int(Self.maximumNumber)) else { return nil }
        let method = bytes.trimmed(position..<bytes.count)
        guard method.lowerBound > position, !method.isEmpty, bytes.isAll(.token, in: method) else { return nil }
        self.init(number: UInt32(number), method: SIPMethod(bytes.text(method)))
    }

    public var description: String { "\(number) \(method.name)" }
}
