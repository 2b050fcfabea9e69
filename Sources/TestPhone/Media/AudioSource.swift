public import Audio

/// What a call sends.
public enum AudioSource: Sendable, Hashable {
    case silence
    /// A steady sine of so many Hz at −10 dBm0.
    case tone(Double)
    /// A piece of audio, once or over and over; silence follows.
    case audio(PCMAudio, repeats: Bool)
}

/// Gives the samples of a source frame by frame at one rate.
struct FrameSource {
    private static let levelDBm0 = -10.0

    private var tone: ToneGenerator?
    private var samples: [Int16] = []
    private var position = 0
    private var repeats = false

    init(_ source: AudioSource, sampleRate: Int) {
        switch source {
        case .silence: break
        case .tone(let frequency): tone = ToneGenerator(frequencies: [frequency], levelDBm0: Self.levelDBm0, sampleRate: sampleRate)
        case .audio(let audio, let repeats):
            samples = audio.resampled(to: sampleRate).samples
            self.repeats = repeats
        }
    }

    /// Tells whether a piece of audio that is not repeated has been given to its end.
    var isFinished: Bool { tone == nil && !repeats && position >= samples.count }

    mutating func next(_ count: Int) -> [Int16] {
        if tone != nil {
            return [Int16](unsafeUninitializedCapacity: count) { buffer, filled in
                guard let start = buffer.baseAddress else { return }
                tone?.fill(start, count)
                filled = count
            }
        }
        var frame: [Int16] = []
        frame.reserveCapacity(count)
        while frame.count < count, position < samples.count {
            let part = samples[position..<min(samples.count, position + count - frame.count)]
            frame += part
            position += part.count
            if repeats, position >= samples.count { position = 0 }
        }
        frame += repeatElement(0, count: count - frame.count)
        return frame
    }
}
