public import Audio

extension LetterOptions {
    /// The format of an external media channel: that of `c(…)`, else the first that is wanted, else the default; nil for an unknown one.
    public func codec(formats: [String], default standard: AudioCodec) -> AudioCodec? {
        guard let name = self["c"] ?? formats.first else { return standard }
        return AudioCodec(formatName: name)
    }
}
