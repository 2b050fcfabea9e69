/// A whole piece of mono 16-bit audio in memory, such as a decoded sound file.
public struct PCMAudio: Sendable, Hashable {
    /// The samples, one channel.
    public var samples: [Int16]
    /// The sample rate in Hz.
    public var sampleRate: Int

    /// Creates audio of the given samples; `sampleRate` is in Hz and at least 1.
    public init(samples: [Int16], sampleRate: Int) {
        self.samples = samples
        self.sampleRate = max(sampleRate, 1)
    }

    /// Gives the length in whole milliseconds.
    public var durationMs: Int { samples.count * 1000 / max(sampleRate, 1) }

    /// Returns the same audio at `rate` Hz, with the delay of the filter taken out.
    ///
    /// Returns itself when the rate is right already, and audio without samples when `rate` is not positive or memory is short.
    public func resampled(to rate: Int) -> PCMAudio {
        guard rate != sampleRate else { return self }
        return PCMAudio(samples: Resampler.convert(samples, from: sampleRate, to: rate), sampleRate: rate)
    }
}
