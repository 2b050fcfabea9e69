internal import RTP

/// What a leg that takes part in ICE or is protected keeps beside its media; trivial, as everything that hangs on a leg.
struct LegTransport {
    /// Datagrams of ICE and DTLS that are handed over per second, and at once after a silence: the far end needs far fewer, and a flood
    /// that gets through the filter costs no more.
    static let datagramsPerSecond: UInt64 = 100
    static let burst: UInt64 = 64
    /// Two seconds of packets.
    static let namingPackets = 100

    var filter: TransportFilter?
    /// What protects the leg; nil before there are keys.
    var protection: UnsafeMutablePointer<MediaProtection.State>?
    /// The owner of that memory.
    var owner: Unmanaged<MediaProtection>?
    /// Packets that still name their section: until the far end surely has heard, then no more (RFC 9143 section 15).
    var namings = LegTransport.namingPackets
    private var tokens = LegTransport.burst
    private var filledNs: UInt64 = 0

    /// Counts a datagram; false when there were too many.
    mutating func mayHandOver(nowNs: UInt64) -> Bool {
        let intervalNs = 1_000_000_000 / Self.datagramsPerSecond
        let gained = nowNs > filledNs ? (nowNs - filledNs) / intervalNs : 0
        if gained > 0 {
            tokens = min(Self.burst, tokens + min(gained, Self.burst))
            filledNs = nowNs
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
