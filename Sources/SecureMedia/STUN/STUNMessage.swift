public import RTP

/// A message of Session Traversal Utilities for NAT (RFC 8489), as far as ICE needs them.
public struct STUNMessage: Sendable, Equatable {
    public enum Class: UInt8, Sendable {
        case request = 0
        case indication = 1
        case success = 2
        case failure = 3
    }

    /// Names what a message and its answer belong to: 96 bits.
    public struct TransactionID: Hashable, Sendable {
        /// The first 32 bits.
        public var tag: UInt32
        public var rest: UInt64

        public init(tag: UInt32, rest: UInt64) { (self.tag, self.rest) = (tag, rest) }
    }

    /// The only method that ICE knows.
    public static let binding: UInt16 = 1

    public var messageClass: Class
    public var method: UInt16
    public var id: TransactionID
    /// What is understood of the attributes.
    public var attributes: STUNAttributes

    public init(_ messageClass: Class, method: UInt16 = STUNMessage.binding, id: TransactionID, attributes: STUNAttributes = .init()) {
        self.messageClass = messageClass
        self.method = method
        self.id = id
        self.attributes = attributes
    }
}

/// The attributes of a message that ICE has to do with (RFC 8489 section 14, RFC 8445 section 16).
public struct STUNAttributes: Sendable, Equatable {
    public var username: String?
    public var software: String?
    /// Where the sender of a request was seen.
    public var mappedAddress: NetworkAddress?
    public var errorCode: Int?
    public var errorText = ""
    public var priority: UInt32?
    public var useCandidate = false
    /// The tie-breaker of an agent that controls, or of one that is controlled.
    public var controlling: UInt64?
    public var controlled: UInt64?
    /// Attributes that had to be understood and were not.
    public var unknown: [UInt16] = []

    public init() {}
}

/// Why bytes are no STUN message.
public enum STUNError: Error, Equatable {
    case tooShort
    case tooLong
    /// The two first bits, the cookie or the length are not those of a message.
    case notSTUN
    case truncatedAttribute
    case badAttribute(UInt16)
    case badFingerprint
}

/// Bounds and constants.
public enum STUN {
    static let magicCookie: UInt32 = 0x2112_a442
    static let headerBytes = 20
    /// Longer ones are refused; a check is about 100 bytes.
    public static let maximumBytes = 1_280
    static let fingerprintMask: UInt32 = 0x5354_554e

    enum Attribute {
        static let mappedAddress: UInt16 = 0x0001
        static let username: UInt16 = 0x0006
        static let messageIntegrity: UInt16 = 0x0008
        static let errorCode: UInt16 = 0x0009
        static let unknownAttributes: UInt16 = 0x000a
        static let xorMappedAddress: UInt16 = 0x0020
        static let priority: UInt16 = 0x0024
        static let useCandidate: UInt16 = 0x0025
        static let software: UInt16 = 0x8022
        static let fingerprint: UInt16 = 0x8028
        static let controlled: UInt16 = 0x8029
        static let controlling: UInt16 = 0x802a
    }

    /// Tells cheaply whether a datagram may belong to an agent, so that strangers cost little: a request for its user, or an answer with
    /// the first bits of its own requests. Reads only what lies inside; says nothing about who sent it.
    public static func mayConcern(_ bytes: UnsafeRawBufferPointer, user: UInt64, userBytes: Int, tag: UInt32) -> Bool {
        guard bytes.count >= headerBytes, bytes.count <= maximumBytes, bytes[0] < 4,
            UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)) == magicCookie
        else { return false }
        if bytes[0] & 1 == 1 { return UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)) == tag }
        var offset = headerBytes
        while offset + 4 <= bytes.count {
            let type = UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
            let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
            if type == Attribute.username {
                guard length > userBytes, userBytes <= 8, offset + 4 + userBytes < bytes.count else { return false }
                var start: UInt64 = 0
                for place in 0..<userBytes { start = start << 8 | UInt64(bytes[offset + 4 + place]) }
                return start == user && bytes[offset + 4 + userBytes] == UInt8(ascii: ":")
            }
            offset += 4 + (length + 3) & ~3
        }
        return false
    }
}
