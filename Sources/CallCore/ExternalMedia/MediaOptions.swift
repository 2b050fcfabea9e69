public import Audio

/// The options behind the destination of an external media channel: letters, some with a value, as in `c(ulaw)nf(json)`.
public struct MediaOptions {
    private var values: [Character: String] = [:]

    /// Reads what is between the letters' parentheses; an unclosed one reaches to the end.
    public init(_ text: String) {
        var rest = Substring(text)
        while let letter = rest.popFirst() {
            guard rest.first == "(" else {
                values[letter] = ""
                continue
            }
            rest.removeFirst()
            let value = rest.prefix { $0 != ")" }
            rest = rest[value.endIndex...].dropFirst()
            values[letter] = String(value)
        }
    }

    public subscript(letter: Character) -> String? { values[letter] }

    /// The format of `c(…)`, else the first that is wanted, else the default; nil for an unknown one.
    public func codec(formats: [String], default standard: AudioCodec) -> AudioCodec? {
        guard let name = self["c"] ?? formats.first else { return standard }
        return AudioCodec(formatName: name)
    }
}
