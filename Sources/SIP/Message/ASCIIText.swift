extension String {
    /// Compares byte by byte, with ASCII letters alike in both cases.
    func isEqualIgnoringASCIICase(to other: String) -> Bool {
        let left = utf8
        let right = other.utf8
        guard left.count == right.count else { return false }
        for (a, b) in zip(left, right) where a != b && a.lowercased != b.lowercased { return false }
        return true
    }

    /// The text with A–Z made a–z, and nothing else changed.
    var asciiLowercased: String {
        guard utf8.contains(where: { $0 != $0.lowercased }) else { return self }
        return String(decoding: utf8.map(\.lowercased), as: UTF8.self)
    }

    /// The text with CR and LF made spaces, so that no header value can start another header.
    var withoutLineBreaks: String {
        guard utf8.contains(where: { $0 == .carriageReturn || $0 == .lineFeed }) else { return self }
        return String(decoding: utf8.map { $0 == .carriageReturn || $0 == .lineFeed ? .space : $0 }, as: UTF8.self)
    }

    /// Reads a decimal number in 0...maximum that fills the text; nil for anything else.
    func decimal(maximum: Int) -> Int? {
        let bytes = utf8.span
        return bytes.decimal(0..<bytes.count, maximum: maximum)
    }
}
