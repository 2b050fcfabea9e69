/// The fields of an RTP header without CSRC list and extension (RFC 3550 section 5.1).
public struct RTPHeader: Sendable, Hashable {
    /// Bytes of the header that `write(to:)` writes.
    public static let byteCount = 12
    /// Set in the first byte of a packet with an extension.
    public static let extensionBit: UInt8 = 0x10

    /// Payload type, 0...127.
    public var payloadType: UInt8
    public var marker: Bool
    public var sequenceNumber: UInt16
    public var timestamp: UInt32
    public var ssrc: UInt32

    public init(payloadType: UInt8, marker: Bool = false, sequenceNumber: UInt16, timestamp: UInt32, ssrc: UInt32) {
        self.payloadType = payloadType
        self.marker = marker
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.ssrc = ssrc
    }

    /// Writes the header as 12 bytes: version 2, no padding, extension or CSRC.
    public func write(to bytes: UnsafeMutableRawPointer) {
        bytes.storeBytes(of: 0x80, as: UInt8.self)
        bytes.storeBytes(of: payloadType & 0x7F | (marker ? 0x80 : 0), toByteOffset: 1, as: UInt8.self)
        bytes.storeBytes(of: sequenceNumber.bigEndian, toByteOffset: 2, as: UInt16.self)
        bytes.storeBytes(of: timestamp.bigEndian, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: ssrc.bigEndian, toByteOffset: 8, as: UInt32.self)
    }
}
