/// What is told in front of a packet's payload, under numbers that both sides agreed on (RFC 8285, the form with one-byte headers).
///
/// A number is 1...14; 0 stands for what was not agreed on.
public struct HeaderExtensions: Sendable, Hashable {
    /// How loud the audio in the packet is (RFC 6464).
    public var audioLevel: UInt8 = 0
    /// When the packet was sent.
    public var absoluteSendTime: UInt8 = 0
    /// Which section of the descriptions the packet belongs to (RFC 9143 section 15).
    public var mid: UInt8 = 0
    private var name = SIMD16<UInt8>()
    private var nameBytes: UInt8 = 0

    /// The most bytes that ``write(to:level:nowNs:namesSection:)`` writes.
    public static let maximumBytes = 4 + 2 + 4 + 17 + 1
    /// The number of the form with one-byte headers.
    private static let profile: UInt16 = 0xBEDE

    public init() {}

    /// Whether nothing was agreed on.
    public var isEmpty: Bool { audioLevel | absoluteSendTime | mid == 0 }

    /// Sets the section's name, 1...16 bytes of UTF-8; a longer one is not told in packets.
    public mutating func setMid(_ number: UInt8, _ text: String) {
        let bytes = Array(text.utf8)
        guard (1...16).contains(bytes.count) else { return }
        mid = number
        nameBytes = UInt8(bytes.count)
        for (index, byte) in bytes.enumerated() { name[index] = byte }
    }

    // MARK: - Writing

    /// Writes what was agreed on, as it follows the fixed header of a packet whose X bit is set.
    ///
    /// - Parameters:
    ///   - level: as ``level(dBov:)`` gives it; nil where it is not known.
    ///   - nowNs: of any clock that does not jump.
    ///   - namesSection: whether the section is named, which the first packets need.
    /// - Returns: the bytes written, a multiple of 4; 0 where there is nothing to tell, and no extension.
    public func write(to place: UnsafeMutableRawPointer, level: UInt8?, nowNs: UInt64, namesSection: Bool) -> Int {
        var count = 4
        func put(_ byte: UInt8) {
            place.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
            count += 1
        }
        if audioLevel != 0, let level {
            put(audioLevel << 4)
            put(level)
        }
        if absoluteSendTime != 0 {
            // Seconds in 6 bits, and their fraction in 18.
            let time = (nowNs % 64_000_000_000) << 18 / 1_000_000_000
            put(absoluteSendTime << 4 | 2)
            put(UInt8(truncatingIfNeeded: time >> 16))
            put(UInt8(truncatingIfNeeded: time >> 8))
            put(UInt8(truncatingIfNeeded: time))
        }
        if mid != 0, namesSection {
            put(mid << 4 | (nameBytes - 1))
            for index in 0..<Int(nameBytes) { put(name[index]) }
        }
        guard count > 4 else { return 0 }
        while count % 4 != 0 { put(0) }
        place.storeBytes(of: Self.profile.bigEndian, as: UInt16.self)
        place.storeBytes(of: UInt16(count / 4 - 1).bigEndian, toByteOffset: 2, as: UInt16.self)
        return count
    }

    /// Gives how loud audio is, as it is told: 0 for as loud as can be, 127 for silence, and the highest bit where somebody seems to speak.
    ///
    /// - Parameter dBov: -127...0.
    public static func level(dBov: Double) -> UInt8 {
        let level = UInt8(min(max(-dBov.rounded(), 0), 127))
        return level < 50 ? level | 0x80 : level
    }

    // MARK: - Reading

    /// How loud the audio in a packet is said to be; nil where nothing is said.
    public func level(in packet: RTPPacket, _ bytes: UnsafeRawBufferPointer) -> UInt8? {
        guard let element = element(audioLevel, packet, bytes), element.count == 1 else { return nil }
        return element[0]
    }

    /// Tells whether a packet says that it belongs to another section.
    public func isOfAnotherSection(_ packet: RTPPacket, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let element = element(mid, packet, bytes) else { return false }
        guard element.count == Int(nameBytes) else { return true }
        for index in element.indices where element[index] != name[index] { return true }
        return false
    }

    private func element(_ number: UInt8, _ packet: RTPPacket, _ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard number != 0, packet.extensionProfile == Self.profile else { return nil }
        var offset = packet.extensionOffset
        let end = offset + packet.extensionLength
        guard end <= bytes.count else { return nil }
        while offset < end {
            let head = bytes[offset]
            offset += 1
            // A byte of zeros fills up; 15 ends it all (RFC 8285 section 4.2).
            if head == 0 { continue }
            guard head >> 4 != 15 else { return nil }
            let count = Int(head & 0xF) + 1
            guard offset + count <= end else { return nil }
            if head >> 4 == number { return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]) }
            offset += count
        }
        return nil
    }
}
