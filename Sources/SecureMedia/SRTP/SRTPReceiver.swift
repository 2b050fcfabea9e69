/// What became of a protected packet.
public enum SRTPVerdict: Sendable, Equatable {
    /// Authentic; its bytes are readable now, and so many.
    case genuine(count: Int)
    /// Seen before, or too old to tell.
    case replayed
    /// Not made with the key, or changed on its way.
    case forged
    /// Too short to be one, or not of version 2.
    case malformed
}

/// Checks and opens the packets that one side receives (RFC 3711, RFC 7714).
///
/// One thread at a time. Packets are changed in place; nothing is allocated for one. What is not authentic leaves no trace.
public struct SRTPReceiver: ~Copyable {
    /// Sources that are followed; a further one takes the place of the one that was silent for longest.
    static let sources = 4
    /// Wraps of sequence numbers that are tried for a source heard for the first time: its sender may have spoken for a while.
    static let wrapsTried: UInt64 = 4

    private struct Source {
        var ssrc: UInt32 = 0
        var isUsed = false
        var rtp = ReplayWindow()
        var rtcp = ReplayWindow()
        var lastHeard: UInt64 = 0
    }

    public let profile: SRTPProfile
    private let rtp: PacketCipher
    private let rtcp: PacketCipher
    private var known: InlineArray<4, Source> = .init(repeating: Source())
    private var packets: UInt64 = 0

    /// - Throws: `CipherUnavailable`.
    public init(_ profile: SRTPProfile, _ master: SRTPMasterKey) throws(CipherUnavailable) {
        try self.init(profile, try SessionKeys(master, profile, for: .rtp), try SessionKeys(master, profile, for: .rtcp))
    }

    init(_ profile: SRTPProfile, _ keys: SessionKeys, _ controlKeys: SessionKeys) throws(CipherUnavailable) {
        let rtp = try PacketCipher(profile, keys, tagBytes: profile.rtpTagBytes, decrypts: true)
        let rtcp = try PacketCipher(profile, controlKeys, tagBytes: profile.rtcpTagBytes, decrypts: true)
        self.profile = profile
        self.rtp = rtp
        self.rtcp = rtcp
    }

    /// Checks and opens an RTP packet.
    public mutating func unprotect(_ packet: UnsafeMutableRawPointer, count: Int) -> SRTPVerdict {
        let bytes = packet.assumingMemoryBound(to: UInt8.self)
        let length = count - profile.rtpTagBytes
        guard length >= 12, let header = PacketIndex.headerBytes(bytes, length) else { return .malformed }
        let ssrc = PacketIndex.big32(bytes, 8), sequence = PacketIndex.big16(bytes, 2)
        if let place = place(of: ssrc), let highest = known[place].rtp.highest {
            let index = PacketIndex.guess(sequence, highest: highest)
            guard known[place].rtp.admits(index) else { return .replayed }
            guard rtp.unprotectRTP(bytes, header: header, count: length, ssrc: ssrc, index: index) else { return .forged }
            note(place) { $0.rtp.note(index) }
            return .genuine(count: length)
        }
        return unprotectFirst(bytes, header: header, length: length, ssrc: ssrc, sequence: sequence)
    }

    /// Finds out how often the numbers of a source have wrapped that is heard for the first time.
    private mutating func unprotectFirst(
        _ bytes: UnsafeMutablePointer<UInt8>, header: Int, length: Int, ssrc: UInt32, sequence: UInt16
    ) -> SRTPVerdict {
        // GCM decrypts before it knows: each try needs the packet as it came.
        let whole = length + profile.rtpTagBytes
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: whole) { copy in
            guard let original = copy.baseAddress else { return .forged }
            original.update(from: bytes, count: whole)
            for wraps in 0..<Self.wrapsTried {
                let index = wraps << 16 | UInt64(sequence)
                if rtp.unprotectRTP(bytes, header: header, count: length, ssrc: ssrc, index: index) {
                    note(takePlace(ssrc)) { $0.rtp.note(index) }
                    return .genuine(count: length)
                }
                bytes.update(from: original, count: whole)
            }
            return .forged
        }
    }

    /// Checks and opens an RTCP packet.
    public mutating func unprotectControl(_ packet: UnsafeMutableRawPointer, count: Int) -> SRTPVerdict {
        let bytes = packet.assumingMemoryBound(to: UInt8.self)
        let length = count - 4 - profile.rtcpTagBytes
        guard length >= PacketCipher.controlHeader, bytes[0] >> 6 == 2 else { return .malformed }
        let ssrc = PacketIndex.big32(bytes, 4)
        // The number stands before the proof in counter mode, behind it in GCM.
        let word = PacketIndex.big32(bytes, profile.isGCM ? count - 4 : length)
        let index = UInt64(word & 0x7fff_ffff)
        let place = place(of: ssrc)
        if let place, !known[place].rtcp.admits(index) { return .replayed }
        guard rtcp.unprotectRTCP(bytes, count: length, ssrc: ssrc, word: word) else { return .forged }
        note(place ?? takePlace(ssrc)) { $0.rtcp.note(index) }
        return .genuine(count: length)
    }

    // MARK: Sources

    private func place(of ssrc: UInt32) -> Int? {
        for place in known.indices where known[place].isUsed && known[place].ssrc == ssrc { return place }
        return nil
    }

    /// Gives the place of a source that has proved to be genuine.
    private mutating func takePlace(_ ssrc: UInt32) -> Int {
        if let place = place(of: ssrc) { return place }
        var oldest = 0
        for place in known.indices {
            guard known[place].isUsed else {
                oldest = place
                break
            }
            if known[place].lastHeard < known[oldest].lastHeard { oldest = place }
        }
        known[oldest] = Source(ssrc: ssrc, isUsed: true)
        return oldest
    }

    private mutating func note(_ place: Int, _ change: (inout Source) -> Void) {
        packets &+= 1
        known[place].lastHeard = packets
        change(&known[place])
    }
}
