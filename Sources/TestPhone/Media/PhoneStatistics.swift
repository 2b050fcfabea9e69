/// What was sent and received for a call, or for all calls of a phone together.
public struct MediaCounters: Sendable, Hashable {
    public var packetsSent = 0
    public var packetsReceived = 0
    public var bytesReceived = 0
    /// Packets that the system did not take.
    public var sendFailures = 0

    public init() {}

    static func += (total: inout MediaCounters, part: MediaCounters) {
        total.packetsSent += part.packetsSent
        total.packetsReceived += part.packetsReceived
        total.bytesReceived += part.bytesReceived
        total.sendFailures += part.sendFailures
    }
}

/// What a phone has done since it was made.
public struct PhoneCounters: Sendable, Hashable {
    public var callsMade = 0
    public var callsReceived = 0
    public var callsAnswered = 0
    public var callsFailed = 0
    /// Calls that were answered and are over.
    public var callsEnded = 0
    public var callsActive = 0
    public var media = MediaCounters()

    public init() {}
}
