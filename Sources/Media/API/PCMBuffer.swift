public import Audio

/// Holds immutable 16-bit mono audio that many players share.
///
/// `@unchecked Sendable`: the memory is written in `init` only and freed with the last reference.
public final class PCMBuffer: @unchecked Sendable {
    /// Samples per second.
    public let sampleRate: Int
    /// Samples held.
    public let count: Int
    let samples: UnsafeMutablePointer<Int16>

    /// Copies samples; a rate outside 1000...192000 Hz counts as 8000. Multiples of 50 Hz play at exactly their speed.
    public init(samples source: [Int16], sampleRate: Int) {
        self.sampleRate = (1_000...192_000).contains(sampleRate) ? sampleRate : 8_000
        count = source.count
        samples = .allocate(capacity: max(1, source.count))
        source.withUnsafeBufferPointer { if let base = $0.baseAddress { samples.initialize(from: base, count: $0.count) } }
    }

    /// Copies decoded audio.
    public convenience init(_ audio: PCMAudio) {
        self.init(samples: audio.samples, sampleRate: audio.sampleRate)
    }

    deinit { samples.deallocate() }

    /// A copy as audio that is no longer played.
    public var audio: PCMAudio {
        PCMAudio(samples: Array(UnsafeBufferPointer(start: samples, count: count)), sampleRate: sampleRate)
    }

    /// Gives the length in milliseconds, rounded down.
    public var durationMs: Int { count / sampleRate * 1_000 + count % sampleRate * 1_000 / sampleRate }
    /// Gives the memory taken in bytes.
    public var byteCount: Int { count * MemoryLayout<Int16>.stride }
}
