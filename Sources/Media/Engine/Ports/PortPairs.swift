/// Hands out pairs of an even RTP and the odd RTCP port above it, the longest unused first.
///
/// The order starts at a random pair, so that the ports of a restarted server are hard to guess and late packets of the calls before it
/// go astray. Pure: sockets are opened elsewhere, the time is an input.
struct PortPairs {
    private struct Entry {
        var port: UInt16
        var restedAtNs: UInt64
    }

    let range: ClosedRange<Int>
    private let restNs: UInt64
    /// A ring of the free pairs.
    private var ring: [Entry]
    private var head = 0
    private(set) var freeCount: Int

    /// Makes a pool of all pairs inside a range.
    ///
    /// - Throws: `MediaError.badPortRange` when there is none.
    init(range: ClosedRange<Int>, restNs: UInt64, random: UInt64) throws(MediaError) {
        let first = range.lowerBound + range.lowerBound % 2
        guard range.lowerBound >= 1, range.upperBound <= 65_535, first + 1 <= range.upperBound else { throw .badPortRange(range) }
        self.range = range
        self.restNs = restNs
        let pairs = (range.upperBound - first + 1) / 2
        let shift = Int(random % UInt64(pairs))
        ring = (0..<pairs).map { Entry(port: UInt16(truncatingIfNeeded: first + ($0 + shift) % pairs * 2), restedAtNs: 0) }
        freeCount = pairs
    }

    /// Takes the even port of the pair that has been free for longest; nil when none is free and rested.
    mutating func take(nowNs: UInt64) -> UInt16? {
        guard freeCount > 0, ring[head].restedAtNs <= nowNs else { return nil }
        let port = ring[head].port
        head = (head + 1) % ring.count
        freeCount -= 1
        return port
    }

    /// Gives a pair back; it rests first. One of another range, which was in force when it was taken, is forgotten.
    mutating func giveBack(_ port: UInt16, nowNs: UInt64) {
        guard freeCount < ring.count, range.contains(Int(port)), range.contains(Int(port) + 1) else { return }
        ring[(head + freeCount) % ring.count] = Entry(port: port, restedAtNs: nowNs &+ restNs)
        freeCount += 1
    }
}
