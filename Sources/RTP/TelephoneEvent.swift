/// The 4-byte payload of a telephone event (RFC 4733 section 2.3).
public struct TelephoneEvent: Sendable, Hashable {
    /// Bytes of the payload.
    public static let byteCount = 4

    /// 0...9 the digits, 10 `*`, 11 `#`, 12...15 `A` to `D`, 16 a hook flash.
    public var event: UInt8
    public var isEnd: Bool
    /// Loudness as −dBm0, 0...63.
    public var volume: UInt8
    /// Timestamp units since the event (or this segment of it) began.
    public var duration: UInt16

    public init(event: UInt8, isEnd: Bool, volume: UInt8 = 10, duration: UInt16) {
        self.event = event
        self.isEnd = isEnd
        self.volume = volume
        self.duration = duration
    }

    /// Parses a payload; nil when it is shorter than 4 bytes. What follows the first event is ignored.
    public init?(parsing payload: UnsafeRawBufferPointer) {
        guard payload.count >= Self.byteCount else { return nil }
        event = payload[0]
        isEnd = payload[1] & 0x80 != 0
        volume = payload[1] & 0x3F
        duration = payload.big16(2)
    }

    /// Writes the payload as 4 bytes.
    public func write(to bytes: UnsafeMutableRawPointer) {
        bytes.storeBytes(of: event, as: UInt8.self)
        bytes.storeBytes(of: volume & 0x3F | (isEnd ? 0x80 : 0), toByteOffset: 1, as: UInt8.self)
        bytes.storeBytes(of: duration.bigEndian, toByteOffset: 2, as: UInt16.self)
    }

    /// Gives the character of a digit event: `0`–`9`, `*`, `#`, `A`–`D`; nil for any other event.
    public static func digit(ofEvent event: UInt8) -> Character? {
        switch event {
        case 0...9: Character(Unicode.Scalar(UInt8(ascii: "0") + event))
        case 10: "*"
        case 11: "#"
        case 12...15: Character(Unicode.Scalar(UInt8(ascii: "A") + event - 12))
        default: nil
        }
    }

    /// Gives the event of a digit, letters in either case; nil for any other character.
    public static func event(ofDigit digit: Character) -> UInt8? {
        guard let code = digit.asciiValue else { return nil }
        switch code {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return code - UInt8(ascii: "0")
        case UInt8(ascii: "*"): return 10
        case UInt8(ascii: "#"): return 11
        case UInt8(ascii: "A")...UInt8(ascii: "D"): return code - UInt8(ascii: "A") + 12
        case UInt8(ascii: "a")...UInt8(ascii: "d"): return code - UInt8(ascii: "a") + 12
        default: return nil
        }
    }
}
