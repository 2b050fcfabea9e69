/// Tells whether `text` is one of the words for true.
public func isTrue(_ text: String) -> Bool {
    ["yes", "true", "y", "t", "1", "on"].contains(text.lowercased())
}
