/// Holds what a leg counted so far (RFC 3550 section 6.4 and appendix A); all zero for a pipe end.
public struct MediaStatistics: Sendable, Equatable {
    /// Synchronization source of sent packets, constant per leg.
    public var localSSRC: UInt32 = 0
    /// Synchronization source of received packets; 0 before the first.
    public var remoteSSRC: UInt32 = 0
    public var packetsSent: UInt64 = 0
    /// Payload bytes sent.
    public var octetsSent: UInt64 = 0
    public var packetsReceived: UInt64 = 0
    /// Payload bytes received.
    public var octetsReceived: UInt64 = 0
    /// Packets of the peer that never came, never below 0.
    public var packetsLost: UInt64 = 0
    /// Packets thrown away because they were not RTP, came from a stranger or had an unknown payload type.
    public var packetsRejected: UInt64 = 0
    /// Packets of ours that the peer's last report counts as lost.
    public var remotePacketsLost: UInt64 = 0
    /// Interarrival jitter here, in milliseconds.
    public var jitterMs = Spread()
    /// Interarrival jitter at the peer, from its reports, in milliseconds.
    public var remoteJitterMs = Spread()
    /// Packets lost here between two reports.
    public var lost = Spread()
    /// Packets lost at the peer between two of its reports.
    public var remoteLost = Spread()
    /// Round trip from RTCP, in milliseconds.
    public var roundTripMs = Spread()

    /// Makes empty statistics.
    public init() {}

    /// Sums up a series of measurements.
    public struct Spread: Sendable, Equatable {
        public var count: UInt64 = 0
        public var last: Double = 0
        public var minimum: Double = 0
        public var maximum: Double = 0
        public var mean: Double = 0
        public var standardDeviation: Double = 0

        /// Makes an empty series.
        public init() {}
    }
}
