import CSpeexDSP

/// Changes the sample rate of one stream of audio, frame by frame.
///
/// Gives exactly `outputCount(for:)` samples per frame where the rates divide evenly (20 ms at any of the usual rates), delayed by a
/// few milliseconds of filter. Holds the state of one direction; not to be shared between threads.
public final class Resampler {
    /// Quality of the filter on a live call: low delay and cost.
    public static let liveQuality = 3
    /// Quality of the filter for whole files.
    public static let fileQuality = 5

    public let inputRate: Int
    public let outputRate: Int
    private let state: OpaquePointer

    /// Creates a resampler; nil when a rate is outside 1...384000 Hz, `quality` is outside 0...10 or there is no memory.
    public init?(from inputRate: Int, to outputRate: Int, quality: Int = Resampler.liveQuality) {
        let rates = 1...384_000
        guard rates.contains(inputRate), rates.contains(outputRate), (0...10).contains(quality),
            let state = speex_resampler_init(1, UInt32(inputRate), UInt32(outputRate), Int32(quality), nil)
        else { return nil }
        self.inputRate = inputRate
        self.outputRate = outputRate
        self.state = state
    }

    deinit { speex_resampler_destroy(state) }

    /// Gives the samples that `count` input samples become, rounded up.
    public func outputCount(for count: Int) -> Int {
        (count * outputRate + inputRate - 1) / inputRate
    }

    /// Converts `count` samples of `input` into at most `capacity` samples of `output`.
    ///
    /// - Returns: how many samples were consumed and how many produced; offer what was not consumed again.
    @discardableResult
    public func process(
        _ input: UnsafePointer<Int16>, _ count: Int, into output: UnsafeMutablePointer<Int16>,
        capacity: Int
    ) -> (consumed: Int, produced: Int) {
        var consumed = UInt32(clamping: count)
        var produced = UInt32(clamping: capacity)
        guard speex_resampler_process_int(state, 0, input, &consumed, output, &produced) == 0 else { return (0, 0) }
        return (Int(consumed), Int(produced))
    }

    /// Forgets what was heard before.
    public func reset() { speex_resampler_reset_mem(state) }

    /// Converts a whole piece: skips the filter's delay at the start and flushes it at the end.
    static func convert(_ samples: [Int16], from inputRate: Int, to outputRate: Int) -> [Int16] {
        guard let resampler = Resampler(from: inputRate, to: outputRate, quality: fileQuality) else { return [] }
        speex_resampler_skip_zeros(resampler.state)
        let length = samples.count * outputRate / inputRate
        return [Int16](unsafeUninitializedCapacity: length) { output, filled in
            guard let start = output.baseAddress else { return }
            samples.withUnsafeBufferPointer { input in
                if let source = input.baseAddress { filled = resampler.drain(source, input.count, into: start, length) }
            }
            let silence = [Int16](repeating: 0, count: 1024)
            while filled < length {
                let made = resampler.drain(silence, silence.count, into: start + filled, length - filled)
                if made == 0 { break }
                filled += made
            }
        }
    }

    private func drain(_ input: UnsafePointer<Int16>, _ count: Int, into output: UnsafeMutablePointer<Int16>, _ capacity: Int) -> Int {
        var taken = 0, made = 0
        while taken < count, made < capacity {
            let step = process(input + taken, count - taken, into: output + made, capacity: capacity - made)
            if step.consumed == 0, step.produced == 0 { break }
            taken += step.consumed
            made += step.produced
        }
        return made
    }
}
