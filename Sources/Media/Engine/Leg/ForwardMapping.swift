/// Maps the packets of one source into the numbering of the leg that sends them on.
///
/// Losses and reordering of the source stay visible; a new source, a restart or a jump against real time is joined without a seam.
struct ForwardMapping {
    /// A step in the source's sequence numbers above which it counts as restarted (RFC 3550 appendix A.1).
    static let maxDropout: Int16 = 3_000
    /// How far back a late packet may lie.
    static let maxMisorder: Int16 = 100
    /// Seconds by which the source's timestamps may differ from real time.
    static let maxDriftSeconds: UInt64 = 5

    private var isAnchored = false
    private var sourceSSRC: UInt32 = 0
    private var sequenceOffset: UInt16 = 0
    private var timestampOffset: UInt32 = 0
    private var firstSequence: UInt16 = 0
    private var highestSequence: UInt16 = 0
    private var highestTimestamp: UInt32 = 0

    /// Forgets the source: the next packet starts behind what the leg sent last.
    mutating func reset() { isAnchored = false }

    /// Places a packet of the source and notes it as sent; nil when it is a late one of before the leg heard this source.
    mutating func map(
        ssrc: UInt32, sequence: UInt16, timestamp: UInt32, marker: Bool, duration: UInt32, into send: inout SendSequence, nowNs: UInt64
    ) -> SendSequence.Place? {
        let step = Int16(bitPattern: sequence &- highestSequence)
        guard isAnchored, ssrc == sourceSSRC, step < Self.maxDropout, step > -Self.maxMisorder,
            step <= 0 || followsTime(timestamp, send, nowNs)
        else {
            return anchor(ssrc, sequence, timestamp, marker, duration, &send, nowNs)
        }
        let place = SendSequence.Place(sequence: sequence &+ sequenceOffset, timestamp: timestamp &+ timestampOffset, marker: marker)
        guard step > 0 else {
            return Int16(bitPattern: sequence &- firstSequence) >= 0 ? place : nil
        }
        (highestSequence, highestTimestamp) = (sequence, timestamp)
        send.sent(place, duration: duration, nowNs: nowNs)
        return place
    }

    private func followsTime(_ timestamp: UInt32, _ send: SendSequence, _ nowNs: UInt64) -> Bool {
        let step = Int64(Int32(bitPattern: timestamp &- highestTimestamp))
        let elapsedNs = nowNs > send.lastSentNs ? nowNs - send.lastSentNs : 0
        let expected = Int64(truncatingIfNeeded: elapsedNs / 1_000_000 &* UInt64(send.clockRate) / 1_000)
        return abs(step - expected) <= Int64(Self.maxDriftSeconds * UInt64(send.clockRate))
    }

    private mutating func anchor(
        _ ssrc: UInt32, _ sequence: UInt16, _ timestamp: UInt32, _ marker: Bool, _ duration: UInt32, _ send: inout SendSequence,
        _ nowNs: UInt64
    ) -> SendSequence.Place {
        var place = send.place(nowNs: nowNs)
        place.marker = true
        isAnchored = true
        sourceSSRC = ssrc
        (firstSequence, highestSequence, highestTimestamp) = (sequence, sequence, timestamp)
        sequenceOffset = place.sequence &- sequence
        timestampOffset = place.timestamp &- timestamp
        send.sent(place, duration: duration, nowNs: nowNs)
        return place
    }
}
