/// Makes the packets of one telephone event after another (RFC 4733 section 2.5.1).
///
/// Ask for one packet per packet time while `isActive`; audio is not to be sent meanwhile, but the timestamp goes on counting.
public struct TelephoneEventSender: Sendable {
    /// How often the end is sent.
    public static let endPackets = 3
    /// Longest event that may be asked for, in ms.
    public static let maximumDurationMs = 60_000
    /// Shortest event that is sent; RFC 4733 section 2.5.2.1 lets a receiver ignore shorter ones.
    public static let minimumDurationMs = 40

    /// What to send now.
    public struct Packet: Sendable, Hashable {
        /// Set on the first packet of an event.
        public var marker: Bool
        /// The time at which the event (or its segment) began.
        public var timestamp: UInt32
        public var event: TelephoneEvent
    }

    private let clockRate: Int
    private let stepUnits: Int
    private var event: UInt8 = 0
    private var volume: UInt8 = 10
    private var timestamp: UInt32 = 0
    private var totalUnits = 0
    private var elapsedUnits = 0
    private var segmentStartUnits = 0
    private var endsLeft = 0
    private var isFirst = false
    public private(set) var isActive = false

    /// Creates a sender of one packet every `ptimeMs` (10...200) with timestamps at `clockRate` Hz.
    public init(clockRate: Int = 8000, ptimeMs: Int = 20) {
        self.clockRate = min(max(clockRate, 1000), 192_000)
        stepUnits = self.clockRate * min(max(ptimeMs, 10), 200) / 1000
    }

    /// Begins an event of `durationMs` (40...60000) that starts at the RTP timestamp `timestamp`; an event under way is given up.
    public mutating func begin(event: UInt8, durationMs: Int, volume: UInt8 = 10, timestamp: UInt32) {
        self.event = event
        self.volume = volume
        self.timestamp = timestamp
        totalUnits = min(max(durationMs, Self.minimumDurationMs), Self.maximumDurationMs) * clockRate / 1000
        elapsedUnits = 0
        segmentStartUnits = 0
        endsLeft = Self.endPackets
        isFirst = true
        isActive = true
    }

    /// Begins to end the event with the next packet, at the length that it has reached.
    public mutating func end() {
        totalUnits = min(totalUnits, elapsedUnits + stepUnits)
    }

    /// Gives the packet of this packet time; nil when no event is under way.
    public mutating func next() -> Packet? {
        guard isActive else { return nil }
        let atEnd = elapsedUnits + stepUnits >= totalUnits
        elapsedUnits = min(elapsedUnits + stepUnits, totalUnits)
        var units = elapsedUnits - segmentStartUnits
        if units > 0xFFFF {
            // A longer event goes on in a new segment, which begins where the full one ended (section 2.5.1.3).
            segmentStartUnits += 0xFFFF
            timestamp = timestamp &+ 0xFFFF
            units -= 0xFFFF
        }
        let packet = Packet(
            marker: isFirst, timestamp: timestamp,
            event: TelephoneEvent(event: event, isEnd: atEnd, volume: volume, duration: UInt16(clamping: units)))
        isFirst = false
        if atEnd {
            endsLeft -= 1
            if endsLeft == 0 { isActive = false }
        }
        return packet
    }
}
