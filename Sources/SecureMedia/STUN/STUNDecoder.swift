internal import COpenSSL
internal import RTP

/// A message as it came, which can be asked whether it was made with a password.
public struct ReceivedSTUN: Sendable {
    public let message: STUNMessage
    private let bytes: [UInt8]
    /// Where the proof begins; nil for a message without one.
    private let integrityOffset: Int?

    /// Whether it says who made it.
    public var isSigned: Bool { integrityOffset != nil }

    /// Reads a datagram; what follows the proof, but for the fingerprint, is left out (RFC 8489 section 14.5).
    public init(parsing bytes: [UInt8]) throws(STUNError) {
        var decoder = try STUNDecoder(bytes)
        try decoder.run()
        message = decoder.message
        integrityOffset = decoder.integrityOffset
        self.bytes = bytes
    }

    /// Whether the message was made with a password (short-term credentials, RFC 8489 section 9.1.3).
    public func isSigned(with password: [UInt8]) -> Bool {
        guard let integrityOffset else { return false }
        // The length field counts up to the proof and not what is behind it.
        var signed = Array(bytes[..<integrityOffset])
        STUNEncoder.setLength(&signed, integrityOffset + 24 - STUN.headerBytes)
        let expected = STUNEncoder.hmac(signed, password)
        return CRYPTO_memcmp(expected, Array(bytes[(integrityOffset + 4)..<(integrityOffset + 24)]), 20) == 0
    }
}

/// Reads the bytes of one message. Every read is checked against the end.
struct STUNDecoder {
    private let bytes: [UInt8]
    private(set) var message: STUNMessage
    private(set) var integrityOffset: Int?

    init(_ bytes: [UInt8]) throws(STUNError) {
        guard bytes.count >= STUN.headerBytes else { throw .tooShort }
        guard bytes.count <= STUN.maximumBytes else { throw .tooLong }
        self.bytes = bytes
        let type = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        // The bits of the class stand among those of the method (RFC 8489 section 5).
        let classBits = UInt8((type >> 7 & 2) | (type >> 4 & 1))
        guard type < 0x4000, let messageClass = STUNMessage.Class(rawValue: classBits) else { throw .notSTUN }
        message = STUNMessage(
            messageClass, method: type >> 2 & 0xf80 | type >> 1 & 0x70 | type & 0xf, id: .init(tag: 0, rest: 0))
        guard big32(4) == STUN.magicCookie, Int(big16(2)) == bytes.count - STUN.headerBytes, bytes.count % 4 == 0 else { throw .notSTUN }
        message.id = .init(tag: big32(8), rest: UInt64(big32(12)) << 32 | UInt64(big32(16)))
    }

    private func big16(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) }

    private func big32(_ offset: Int) -> UInt32 { UInt32(big16(offset)) << 16 | UInt32(big16(offset + 2)) }

    mutating func run() throws(STUNError) {
        var offset = STUN.headerBytes
        while offset < bytes.count {
            // Lengths are multiples of four: a whole header is there.
            let type = big16(offset), length = Int(big16(offset + 2))
            let value = offset + 4
            guard value + length <= bytes.count else { throw .truncatedAttribute }
            if type == STUN.Attribute.fingerprint {
                try checkFingerprint(offset, length)
            } else if integrityOffset == nil {
                try take(type, at: value, length)
            }
            offset = value + (length + 3) & ~3
        }
    }

    private func checkFingerprint(_ offset: Int, _ length: Int) throws(STUNError) {
        guard length == 4, offset + 8 == bytes.count else { throw .badAttribute(STUN.Attribute.fingerprint) }
        guard big32(offset + 4) == CRC32.of(bytes[..<offset]) ^ STUN.fingerprintMask else { throw .badFingerprint }
    }

    private mutating func take(_ type: UInt16, at value: Int, _ length: Int) throws(STUNError) {
        func need(_ count: Int) throws(STUNError) {
            guard length == count else { throw .badAttribute(type) }
        }
        switch type {
        case STUN.Attribute.messageIntegrity:
            try need(20)
            integrityOffset = value - 4
        case STUN.Attribute.username:
            guard length <= 513 else { throw .badAttribute(type) }
            message.attributes.username = text(value, length)
        case STUN.Attribute.software: message.attributes.software = text(value, min(length, 128))
        case STUN.Attribute.xorMappedAddress: message.attributes.mappedAddress = try address(value, length, isMasked: true)
        case STUN.Attribute.mappedAddress:
            let plain = try address(value, length, isMasked: false)
            message.attributes.mappedAddress = message.attributes.mappedAddress ?? plain
        case STUN.Attribute.errorCode:
            guard length >= 4 else { throw .badAttribute(type) }
            message.attributes.errorCode = Int(bytes[value + 2] & 7) * 100 + Int(bytes[value + 3])
            message.attributes.errorText = text(value + 4, min(length - 4, 128))
        case STUN.Attribute.priority:
            try need(4)
            message.attributes.priority = big32(value)
        case STUN.Attribute.useCandidate: message.attributes.useCandidate = true
        case STUN.Attribute.controlling:
            try need(8)
            message.attributes.controlling = UInt64(big32(value)) << 32 | UInt64(big32(value + 4))
        case STUN.Attribute.controlled:
            try need(8)
            message.attributes.controlled = UInt64(big32(value)) << 32 | UInt64(big32(value + 4))
        case STUN.Attribute.unknownAttributes: break
        case 0..<0x8000: if message.attributes.unknown.count < 16 { message.attributes.unknown.append(type) }
        default: break
        }
    }

    private func text(_ offset: Int, _ length: Int) -> String { String(decoding: bytes[offset..<(offset + length)], as: UTF8.self) }

    private func address(_ value: Int, _ length: Int, isMasked: Bool) throws(STUNError) -> NetworkAddress {
        let isIPv6 = length == 20 && bytes[value + 1] == 2
        guard isIPv6 || (length == 8 && bytes[value + 1] == 1) else { throw .badAttribute(STUN.Attribute.mappedAddress) }
        var host = Array(bytes[(value + 4)..<(value + length)])
        var port = big16(value + 2)
        if isMasked {
            port ^= UInt16(STUN.magicCookie >> 16)
            // Cookie and transaction id stand next to one another in the header.
            for place in host.indices { host[place] ^= bytes[4 + place] }
        }
        guard let address = NetworkAddress(bytes: host, port: port) else { throw .badAttribute(STUN.Attribute.mappedAddress) }
        return address
    }
}
