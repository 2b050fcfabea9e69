extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    public func trimmingBlanks() -> String {
        var part = Substring(self)
        while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
        while let last = part.last, last == " " || last == "\t" { part.removeLast() }
        return String(part)
    }
}
