internal import CLinuxIO
internal import RTP

/// Holds a leg's counters in memory that its media thread writes and the control side reads at any time.
///
/// Each counter is one word, stored and loaded whole (relaxed atomics), so a reader sees every counter right, though not all of one
/// instant. The memory belongs to the port object, which outlives the leg on the media thread.
///
/// `@unchecked Sendable`: the words behind the pointer are only touched by those atomics.
struct LegCounters: @unchecked Sendable {
    enum Word: Int {
        case localSSRC, remoteSSRC, packetsSent, octetsSent, packetsReceived, octetsReceived, packetsLost, packetsRejected
        case remotePacketsLost, playPositionMs
    }

    enum Series: Int {
        case jitterMs, remoteJitterMs, lost, remoteLost, roundTripMs
        static let count = 5
    }

    private static let plainWords = 10
    private static let wordsPerSeries = 6
    static let wordCount = plainWords + Series.count * wordsPerSeries

    let words: UnsafeMutablePointer<UInt64>

    static func allocate() -> LegCounters {
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: wordCount)
        words.initialize(repeating: 0, count: wordCount)
        return LegCounters(words: words)
    }

    func deallocate() { words.deallocate() }

    subscript(word: Word) -> UInt64 {
        get { arioso_word_load(words + word.rawValue) }
        nonmutating set { arioso_word_store(words + word.rawValue, newValue) }
    }

    func add(_ amount: UInt64, to word: Word) { arioso_word_add(words + word.rawValue, amount) }

    /// Makes a series readable; `scale` turns its unit into that of `MediaStatistics`.
    func publish(_ values: SampledValue, as series: Series, scale: Double = 1) {
        let base = words + Self.plainWords + series.rawValue * Self.wordsPerSeries
        func store(_ index: Int, _ value: Double) { arioso_word_store(base + index, (value * scale).bitPattern) }
        arioso_word_store(base, UInt64(clamping: values.count))
        store(1, values.last)
        store(2, values.minimum)
        store(3, values.maximum)
        store(4, values.mean)
        store(5, values.standardDeviation)
    }

    /// Makes the present value of a series readable between two measurements.
    func publish(last value: Double, of series: Series) {
        arioso_word_store(words + Self.plainWords + series.rawValue * Self.wordsPerSeries + 1, value.bitPattern)
    }

    /// Reads everything.
    var snapshot: MediaStatistics {
        var result = MediaStatistics()
        result.localSSRC = UInt32(truncatingIfNeeded: self[.localSSRC])
        result.remoteSSRC = UInt32(truncatingIfNeeded: self[.remoteSSRC])
        result.packetsSent = self[.packetsSent]
        result.octetsSent = self[.octetsSent]
        result.packetsReceived = self[.packetsReceived]
        result.octetsReceived = self[.octetsReceived]
        result.packetsLost = self[.packetsLost]
        result.packetsRejected = self[.packetsRejected]
        result.remotePacketsLost = self[.remotePacketsLost]
        result.jitterMs = spread(.jitterMs)
        result.remoteJitterMs = spread(.remoteJitterMs)
        result.lost = spread(.lost)
        result.remoteLost = spread(.remoteLost)
        result.roundTripMs = spread(.roundTripMs)
        return result
    }

    private func spread(_ series: Series) -> MediaStatistics.Spread {
        let base = words + Self.plainWords + series.rawValue * Self.wordsPerSeries
        func load(_ index: Int) -> Double { Double(bitPattern: arioso_word_load(base + index)) }
        var result = MediaStatistics.Spread()
        result.count = arioso_word_load(base)
        (result.last, result.minimum, result.maximum, result.mean) = (load(1), load(2), load(3), load(4))
        result.standardDeviation = load(5)
        return result
    }
}
