import FuzzTarget
import SecureMedia

/// Opens packets of every profile: those of the input, and genuine ones that the input changes.
@main
enum SRTPPackets: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        let profiles = SRTPProfile.allCases
        let profile = profiles[Int(reader.byte()) % profiles.count]
        let bytes = (0..<profile.keyBytes + profile.saltBytes).map { UInt8(truncatingIfNeeded: $0) }
        guard let key = SRTPMasterKey(profile, keyAndSalt: bytes), var sender = try? SRTPSender(profile, key),
            var receiver = try? SRTPReceiver(profile, key)
        else { return }
        while !reader.isAtEnd {
            let action = reader.byte()
            var packet = reader.piece(Int(reader.byte()) * 2)
            let length = packet.count
            packet += [UInt8](repeating: 0, count: SRTPProfile.longestTrailer)
            let isControl = action & 1 != 0
            var count = length
            if action & 2 != 0 {
                let made = packet.withUnsafeMutableBytes { room -> Int? in
                    guard let base = room.baseAddress else { return nil }
                    return isControl
                        ? sender.protectControl(base, count: length, capacity: room.count)
                        : sender.protect(base, count: length, capacity: room.count)
                }
                guard let made else { continue }
                precondition(made > length && made <= packet.count)
                count = made
                if action & 4 != 0 { packet[Int(reader.byte()) % made] ^= 1 << (action >> 5) }
            }
            let verdict = packet.withUnsafeMutableBytes { room -> SRTPVerdict in
                guard let base = room.baseAddress else { return .malformed }
                return isControl ? receiver.unprotectControl(base, count: count) : receiver.unprotect(base, count: count)
            }
            if case .genuine(let opened) = verdict { precondition(opened < count) }
        }
    }
}
