import Audio

/// Looks for a tone in what was heard.
enum Tone {
    private static let candidates = [350, 440, 700, 1_000, 1_400, 2_000]

    /// The frequency out of a few with the most sign changes that fit it, by counting how often the wave crosses zero upwards.
    static func pitch(of audio: PCMAudio) -> Int? {
        // The middle is free of what a codec does when a tone begins.
        let middle = audio.samples.dropFirst(audio.samples.count / 4).prefix(audio.samples.count / 2)
        guard middle.count > audio.sampleRate / 10 else { return nil }
        let crossings = zip(middle, middle.dropFirst()).count { $0 < 0 && $1 >= 0 }
        let frequency = Double(crossings) * Double(audio.sampleRate) / Double(middle.count)
        return candidates.first { abs(Double($0) - frequency) < Double($0) * 0.05 }
    }
}
