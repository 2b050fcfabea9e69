internal import Audio

/// Turns sound names into the files that may stand for them. Pure: whether a file exists is asked elsewhere.
struct SoundName {
    static let maxBytes = 1_024
    static let maxLanguageBytes = 64

    let text: String

    /// Checks a name; nil when it is empty, too long, ends in a slash, holds a NUL or a component `.` or `..`.
    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maxBytes, !text.utf8.contains(0), text.utf8.last != UInt8(ascii: "/") else {
            return nil
        }
        guard !text.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else { return nil }
        self.text = text
    }

    var isAbsolute: Bool { text.hasPrefix("/") }

    /// Gives the paths without extension under which the sound may be, best first.
    func basePaths(in folders: [String], language: String, defaultLanguage: String) -> [String] {
        if isAbsolute { return [text] }
        let languages = Self.fallbacks(of: language, defaultLanguage: defaultLanguage)
        return languages.flatMap { language in folders.map { "\($0)/\(language)/\(text)" } } + folders.map { "\($0)/\(text)" }
    }

    /// Gives a language, its parents (the part before the last `_` or `-`), then the default one; malformed ones are left out.
    static func fallbacks(of language: String, defaultLanguage: String) -> [String] {
        var result: [String] = []
        var next: Substring? = language[...]
        while let tag = next {
            if isLanguage(tag) { result.append(String(tag)) }
            next = tag.lastIndex { $0 == "_" || $0 == "-" }.map { tag[..<$0] }
        }
        if isLanguage(defaultLanguage[...]), !result.contains(defaultLanguage) { result.append(defaultLanguage) }
        return result
    }

    /// Tells whether a text can be the name of a language folder: letters, digits, `_` and `-`.
    static func isLanguage(_ text: Substring) -> Bool {
        (1...maxLanguageBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }

    /// Gives every format, the one that loses least at a rate first: the rate itself, then the next higher ones, then the next lower
    /// ones; among equals plain samples before coded ones.
    static func formats(for rate: Int) -> [SoundFormat] {
        func loss(_ offset: Int, _ format: SoundFormat) -> (Int, Int, Int, Int) {
            let own = format.sampleRate
            return (own >= rate ? 0 : 1, abs(own - rate), format.codec.isLinear && format != .gsm ? 0 : 1, offset)
        }
        return SoundFormat.allCases.enumerated()
            .sorted { loss($0.offset, $0.element) < loss($1.offset, $1.element) }
            .map(\.element)
    }
}
