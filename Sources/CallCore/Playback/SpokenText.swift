/// The English sound files that say numbers, digits and characters.
enum SpokenText {
    /// Characters spoken in one go; the rest is left out.
    static let limit = 256

    static func digits(_ text: String) -> [String] {
        text.prefix(limit).compactMap { digit in
            switch digit {
            case "0"..."9": "digits/\(digit)"
            case "*": "digits/star"
            case "#": "digits/pound"
            case "-": "digits/minus"
            default: nil
            }
        }
    }

    static func characters(_ text: String) -> [String] {
        text.prefix(limit).compactMap { character in
            let lower = character.lowercased()
            switch lower {
            case "0"..."9": return "digits/\(lower)"
            case "a"..."z" where lower.utf8.count == 1: return "letters/\(lower)"
            default: return punctuation[lower].map { "letters/\($0)" }
            }
        }
    }

    private static let punctuation: [String: String] = [
        "*": "star", "#": "pound", "!": "exclaimation-point", "@": "at", "$": "dollar", "/": "slash", "+": "plus", "=": "equals",
        "-": "dash", ".": "dot", " ": "space",
    ]

    /// A whole number from -999,999,999 to 999,999,999; nil beyond.
    static func number(_ value: Int) -> [String]? {
        guard (-999_999_999...999_999_999).contains(value) else { return nil }
        if value < 0 { return ["digits/minus"] + positive(-value) }
        return value == 0 ? ["digits/0"] : positive(value)
    }

    private static func positive(_ value: Int) -> [String] {
        switch value {
        case 0: []
        case 1...20: ["digits/\(value)"]
        case 21...99: ["digits/\(value / 10 * 10)"] + positive(value % 10)
        case 100...999: ["digits/\(value / 100)", "digits/hundred"] + positive(value % 100)
        case 1_000...999_999: positive(value / 1_000) + ["digits/thousand"] + positive(value % 1_000)
        default: positive(value / 1_000_000) + ["digits/million"] + positive(value % 1_000_000)
        }
    }
}
