/// Packet numbers of 48 bits, guessed from the 16 that a packet carries (RFC 3711 section 3.3.1).
enum PacketIndex {
    /// Gives the number with the sequence number that is nearest to the highest one known.
    static func guess(_ sequence: UInt16, highest: UInt64) -> UInt64 {
        let rollover = highest >> 16
        let last = UInt16(truncatingIfNeeded: highest)
        let same = rollover << 16 | UInt64(sequence)
        if last < 0x8000 {
            // From before the last wrap, unless there was none.
            return Int(sequence) - Int(last) > 0x8000 && rollover > 0 ? same - 0x1_0000 : same
        }
        return Int(last) - Int(sequence) > 0x8000 ? (same + 0x1_0000) & 0xffff_ffff_ffff : same
    }

    /// The bytes of a header with its sources and its extension (RFC 3550 section 5.1); nil when they don't lie inside the packet.
    static func headerBytes(_ packet: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        guard count >= 12, packet[0] >> 6 == 2 else { return nil }
        var length = 12 + 4 * Int(packet[0] & 0x0f)
        if packet[0] & 0x10 != 0 {
            guard length + 4 <= count else { return nil }
            length += 4 + 4 * (Int(packet[length + 2]) << 8 | Int(packet[length + 3]))
        }
        return length <= count ? length : nil
    }

    static func big16(_ packet: UnsafePointer<UInt8>, _ offset: Int) -> UInt16 {
        UInt16(packet[offset]) << 8 | UInt16(packet[offset + 1])
    }

    static func big32(_ packet: UnsafePointer<UInt8>, _ offset: Int) -> UInt32 {
        UInt32(big16(packet, offset)) << 16 | UInt32(big16(packet, offset + 2))
    }
}
