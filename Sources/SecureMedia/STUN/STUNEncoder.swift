internal import COpenSSL
internal import RTP

extension STUNMessage {
    /// Writes the message, signed with a password where one is given, with a fingerprint at its end.
    public func encoded(password: [UInt8]? = nil) -> [UInt8] {
        var encoder = STUNEncoder(self)
        encoder.writeAttributes(attributes)
        if let password { encoder.sign(password) }
        encoder.addFingerprint()
        return encoder.bytes
    }
}

struct STUNEncoder {
    private(set) var bytes: [UInt8] = []
    private let id: STUNMessage.TransactionID

    init(_ message: STUNMessage) {
        id = message.id
        let method = message.method, bits = UInt16(message.messageClass.rawValue)
        bytes.reserveCapacity(128)
        append16((method & 0xf80) << 2 | (method & 0x70) << 1 | method & 0xf | (bits & 2) << 7 | (bits & 1) << 4)
        append16(0)
        append32(STUN.magicCookie)
        append32(id.tag)
        append64(id.rest)
    }

    private mutating func append16(_ value: UInt16) { bytes += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }

    private mutating func append32(_ value: UInt32) {
        append16(UInt16(value >> 16))
        append16(UInt16(truncatingIfNeeded: value))
    }

    private mutating func append64(_ value: UInt64) {
        append32(UInt32(value >> 32))
        append32(UInt32(truncatingIfNeeded: value))
    }

    static func setLength(_ bytes: inout [UInt8], _ length: Int) {
        (bytes[2], bytes[3]) = (UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length))
    }

    private mutating func add(_ type: UInt16, _ value: [UInt8]) {
        append16(type)
        append16(UInt16(truncatingIfNeeded: value.count))
        bytes += value + [UInt8](repeating: 0, count: -value.count & 3)
        Self.setLength(&bytes, bytes.count - STUN.headerBytes)
    }

    private func words(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }

    mutating func writeAttributes(_ attributes: STUNAttributes) {
        if let software = attributes.software { add(STUN.Attribute.software, Array(software.utf8.prefix(128))) }
        if let code = attributes.errorCode {
            add(STUN.Attribute.errorCode, [0, 0, UInt8(code / 100 & 7), UInt8(code % 100)] + attributes.errorText.utf8.prefix(128))
        }
        if messageClassIsFailure, !attributes.unknown.isEmpty {
            add(STUN.Attribute.unknownAttributes, attributes.unknown.flatMap { words(UInt64($0), 2) })
        }
        if let priority = attributes.priority { add(STUN.Attribute.priority, words(UInt64(priority), 4)) }
        if let controlled = attributes.controlled { add(STUN.Attribute.controlled, words(controlled, 8)) }
        if let controlling = attributes.controlling { add(STUN.Attribute.controlling, words(controlling, 8)) }
        if attributes.useCandidate { add(STUN.Attribute.useCandidate, []) }
        if let username = attributes.username { add(STUN.Attribute.username, Array(username.utf8.prefix(513))) }
        if let address = attributes.mappedAddress { add(STUN.Attribute.xorMappedAddress, masked(address)) }
    }

    private var messageClassIsFailure: Bool { bytes[0] & 1 == 1 && bytes[1] & 0x10 != 0 }

    private func masked(_ address: NetworkAddress) -> [UInt8] {
        let host = zip(address.bytes, bytes[4...]).map { $0 ^ $1 }
        return [0, address.isIPv6 ? 2 : 1] + words(UInt64(address.port ^ UInt16(STUN.magicCookie >> 16)), 2) + host
    }

    /// Adds the proof, made of everything before it with a length that counts it in.
    mutating func sign(_ password: [UInt8]) {
        var signed = bytes
        Self.setLength(&signed, bytes.count + 24 - STUN.headerBytes)
        add(STUN.Attribute.messageIntegrity, Self.hmac(signed, password))
    }

    mutating func addFingerprint() {
        var covered = bytes
        Self.setLength(&covered, bytes.count + 8 - STUN.headerBytes)
        add(STUN.Attribute.fingerprint, words(UInt64(CRC32.of(covered[...]) ^ STUN.fingerprintMask), 4))
    }

    static func hmac(_ bytes: [UInt8], _ key: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 20)
        var count: UInt32 = 0
        _ = HMAC(EVP_sha1(), key, Int32(truncatingIfNeeded: key.count), bytes, bytes.count, &output, &count)
        return output
    }
}

/// The checksum of ISO 3309, as fingerprints are made with.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
}
