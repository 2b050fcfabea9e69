/// Options of an application or a destination: letters, some with a value, as in `c(ulaw)nf(json)`.
public struct LetterOptions {
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

    /// The value of an option: empty without one, nil when the option is not there.
    public subscript(letter: Character) -> String? { values[letter] }

    public func has(_ letter: Character) -> Bool { values[letter] != nil }

    /// The letters that are not among those known, by name.
    func unknown(besides known: String) -> String { String(values.keys.filter { !known.contains($0) && $0 != " " }.sorted()) }
}
