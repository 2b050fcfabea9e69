/// Protects the packets that one side sends (RFC 3711, RFC 7714).
///
/// One thread at a time. Packets are changed in place; nothing is allocated for one.
public struct SRTPSender: ~Copyable {
    public let profile: SRTPProfile
    private let rtp: PacketCipher
    private let rtcp: PacketCipher
    private var ssrc: UInt32?
    private var highest: UInt64 = 0
    private var controlIndex: UInt32 = 0

    /// - Throws: `CipherUnavailable`.
    public init(_ profile: SRTPProfile, _ master: SRTPMasterKey) throws(CipherUnavailable) {
        try self.init(profile, try SessionKeys(master, profile, for: .rtp), try SessionKeys(master, profile, for: .rtcp))
    }

    init(_ profile: SRTPProfile, _ keys: SessionKeys, _ controlKeys: SessionKeys) throws(CipherUnavailable) {
        let rtp = try PacketCipher(profile, keys, tagBytes: profile.rtpTagBytes, decrypts: false)
        let rtcp = try PacketCipher(profile, controlKeys, tagBytes: profile.rtcpTagBytes, decrypts: false)
        self.profile = profile
        self.rtp = rtp
        self.rtcp = rtcp
    }

    /// Encrypts an RTP packet and puts its proof behind it.
    ///
    /// - Parameter capacity: bytes that there is room for; `SRTPProfile.longestTrailer` more than `count` are always enough.
    /// - Returns: the length by now; nil for what is no RTP packet, or too long.
    public mutating func protect(_ packet: UnsafeMutableRawPointer, count: Int, capacity: Int) -> Int? {
        let bytes = packet.assumingMemoryBound(to: UInt8.self)
        let length = count + profile.rtpTagBytes
        guard length <= capacity, let header = PacketIndex.headerBytes(bytes, count) else { return nil }
        let source = PacketIndex.big32(bytes, 8), sequence = PacketIndex.big16(bytes, 2)
        let index: UInt64
        if source == ssrc {
            index = PacketIndex.guess(sequence, highest: highest)
        } else {
            ssrc = source
            index = UInt64(sequence)
            highest = index
        }
        highest = max(highest, index)
        return rtp.protectRTP(bytes, header: header, count: count, ssrc: source, index: index) ? length : nil
    }

    /// Encrypts an RTCP packet and puts its number and proof behind it; see ``protect(_:count:capacity:)``.
    public mutating func protectControl(_ packet: UnsafeMutableRawPointer, count: Int, capacity: Int) -> Int? {
        let bytes = packet.assumingMemoryBound(to: UInt8.self)
        let length = count + 4 + profile.rtcpTagBytes
        guard length <= capacity, count >= PacketCipher.controlHeader, bytes[0] >> 6 == 2, controlIndex < 0x7fff_ffff else { return nil }
        controlIndex += 1
        let isProtected = rtcp.protectRTCP(bytes, count: count, ssrc: PacketIndex.big32(bytes, 4), word: controlIndex | 0x8000_0000)
        return isProtected ? length : nil
    }
}
