@testable import SecureMedia

/// What an array of bytes became.
enum Opening: Equatable {
    case opened([UInt8])
    case refused(SRTPVerdict)
}

/// A sender that macros may capture.
final class Sealer {
    private var sender: SRTPSender

    init(_ profile: SRTPProfile, _ key: SRTPMasterKey) throws { sender = try SRTPSender(profile, key) }

    init(_ profile: SRTPProfile, _ keys: SessionKeys) throws { sender = try SRTPSender(profile, keys, keys) }

    func protected(_ packet: [UInt8], isControl: Bool = false) -> [UInt8]? {
        var bytes = packet + [UInt8](repeating: 0, count: SRTPProfile.longestTrailer)
        let capacity = bytes.count
        let count = bytes.withUnsafeMutableBytes { buffer -> Int? in
            guard let base = buffer.baseAddress else { return nil }
            return isControl
                ? sender.protectControl(base, count: packet.count, capacity: capacity)
                : sender.protect(base, count: packet.count, capacity: capacity)
        }
        return count.map { Array(bytes[..<$0]) }
    }
}

/// A receiver that macros may capture.
final class Opener {
    private var receiver: SRTPReceiver

    init(_ profile: SRTPProfile, _ key: SRTPMasterKey) throws { receiver = try SRTPReceiver(profile, key) }

    init(_ profile: SRTPProfile, _ keys: SessionKeys) throws { receiver = try SRTPReceiver(profile, keys, keys) }

    func opened(_ packet: [UInt8], isControl: Bool = false) -> Opening {
        var bytes = packet
        let verdict = bytes.withUnsafeMutableBytes { buffer -> SRTPVerdict in
            guard let base = buffer.baseAddress else { return .malformed }
            return isControl ? receiver.unprotectControl(base, count: buffer.count) : receiver.unprotect(base, count: buffer.count)
        }
        guard case .genuine(let count) = verdict else { return .refused(verdict) }
        return .opened(Array(bytes[..<count]))
    }
}

/// Makes keys and packets by numbers, so that a failure can be repeated.
struct PacketMaker {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(state: seed) }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }

    mutating func master(_ profile: SRTPProfile) -> [UInt8] { bytes(profile.keyBytes + profile.saltBytes) }

    /// An RTP packet, with sources and an extension now and then.
    mutating func packet(sequence: UInt16, ssrc: UInt32) -> [UInt8] {
        let sources = Int.random(in: 0...3, using: &random) == 0 ? Int.random(in: 1...3, using: &random) : 0
        let isExtended = Int.random(in: 0...2, using: &random) == 0
        var packet: [UInt8] = [0x80 | UInt8(sources) | (isExtended ? 0x10 : 0), 0x60]
        packet += [UInt8(sequence >> 8), UInt8(truncatingIfNeeded: sequence)] + bytes(4)
        packet += (0..<4).map { UInt8(truncatingIfNeeded: ssrc >> (24 - 8 * UInt32($0))) }
        packet += bytes(4 * sources)
        if isExtended { packet += [0xbe, 0xde, 0, 1] + bytes(4) }
        return packet + bytes(Int.random(in: 0...200, using: &random))
    }

    mutating func report(ssrc: UInt32) -> [UInt8] {
        [0x80, 201, 0, 1] + (0..<4).map { UInt8(truncatingIfNeeded: ssrc >> (24 - 8 * UInt32($0))) }
            + (Bool.random(using: &random) ? [0x81, 202, 0, 3] + bytes(12) : [])
    }
}

struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
