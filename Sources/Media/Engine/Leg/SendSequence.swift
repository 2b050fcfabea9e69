/// Numbers the packets a leg sends: one SSRC for its life, sequence numbers without gaps, timestamps that follow real time.
struct SendSequence {
    /// Time without a packet beyond the last packet's own length that counts as a gap and starts a talk spurt.
    static let gapNs: UInt64 = 30_000_000

    let ssrc: UInt32
    var nextSequence: UInt16
    private(set) var lastTimestamp: UInt32
    private(set) var lastDuration: UInt32 = 0
    private(set) var lastSentNs: UInt64 = 0
    private(set) var clockRate: UInt32 = 8_000
    private(set) var hasSent = false

    /// Where a packet stands.
    struct Place: Equatable {
        var sequence: UInt16
        var timestamp: UInt32
        var marker: Bool
    }

    init(ssrc: UInt32, firstSequence: UInt16, firstTimestamp: UInt32) {
        self.ssrc = ssrc
        nextSequence = firstSequence
        lastTimestamp = firstTimestamp
    }

    /// Changes the timestamp rate, keeping the length of the last packet.
    mutating func setClockRate(_ rate: UInt32) {
        guard rate > 0, rate != clockRate else { return }
        lastDuration = UInt32(truncatingIfNeeded: UInt64(lastDuration) * UInt64(rate) / UInt64(clockRate))
        clockRate = rate
    }

    /// Gives the place of a packet that would be sent now: right behind the last one, or after a gap as late as time has passed.
    func place(nowNs: UInt64) -> Place {
        guard hasSent else { return Place(sequence: nextSequence, timestamp: lastTimestamp, marker: true) }
        let elapsedNs = nowNs > lastSentNs ? nowNs - lastSentNs : 0
        let lengthNs = UInt64(lastDuration) * 1_000_000_000 / UInt64(clockRate)
        guard elapsedNs > lengthNs + Self.gapNs else {
            return Place(sequence: nextSequence, timestamp: lastTimestamp &+ lastDuration, marker: false)
        }
        return Place(sequence: nextSequence, timestamp: lastTimestamp &+ units(elapsedNs), marker: true)
    }

    /// Takes note of a sent packet.
    mutating func sent(_ place: Place, duration: UInt32, nowNs: UInt64) {
        nextSequence = place.sequence &+ 1
        lastTimestamp = place.timestamp
        lastDuration = duration
        lastSentNs = nowNs
        hasSent = true
    }

    /// Gives the timestamp that stands for a moment, for RTCP sender reports.
    func timestamp(atNs nowNs: UInt64) -> UInt32 {
        nowNs >= lastSentNs ? lastTimestamp &+ units(nowNs - lastSentNs) : lastTimestamp &- units(lastSentNs - nowNs)
    }

    private func units(_ ns: UInt64) -> UInt32 {
        let seconds = ns / 1_000_000_000, rest = ns % 1_000_000_000
        return UInt32(truncatingIfNeeded: seconds &* UInt64(clockRate) &+ rest &* UInt64(clockRate) / 1_000_000_000)
    }
}
