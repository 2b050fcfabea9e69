internal import Glibc

/// Holds the settings of a media engine that stay the same while it runs.
public struct MediaConfiguration: Sendable {
    /// Ports from which legs take an even port for RTP and the odd port above it for RTCP.
    public var rtpPortRange: ClosedRange<Int> = 10_000...20_000
    /// Media threads, 1...16; more than the machine has cores brings nothing.
    public var threads: Int = MediaConfiguration.defaultThreads
    /// Milliseconds without a packet, while packets are expected, until `MediaEvent.rtpTimedOut`; 0 turns it off.
    public var rtpTimeoutMs: Int = 0
    /// The same for a leg on hold (`sends` or `receives` off in its stream); 0 turns it off.
    public var rtpHoldTimeoutMs: Int = 0
    /// Milliseconds after a new remote address in which a peer behind NAT may be learnt from its first packet.
    public var latchWindowMs: Int = 30_000
    /// Mean milliseconds between RTCP reports; each is drawn from half to one and a half of it (RFC 3550 section 6.2). 0 turns RTCP off.
    public var rtcpIntervalMs: Int = 5_000
    /// Milliseconds for which a closed leg's ports rest before another leg gets them, so that late packets of the old call reach nobody.
    public var portRestMs: Int = 2_000
    /// IP type of service byte of sent packets; 184 is expedited forwarding (RFC 3246).
    public var typeOfService: Int = 184
    /// Open ports that a thread gets before the next thread is used: one thread with more to do handles more packets each time it
    /// wakes, and ports that are connected later are likely to be on it already.
    public var portsBeforeNextThread: Int = 512
    /// SCHED_FIFO priority that a media thread takes while its ticks are late, 1...99; 0 for never.
    public var realtimePriority: Int = 10
    /// Text of the RTCP SDES CNAME item, at most 255 bytes; a random one when empty (RFC 7022).
    public var cname: String = ""
    /// Open ports per media thread, RTP legs and pipe ends together.
    public var maxPortsPerThread: Int = 16_384

    /// Makes the default settings.
    public init() {}

    /// One per core, at most two.
    static var defaultThreads: Int { max(1, min(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
