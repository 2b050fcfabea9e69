/// The second field of an `exten` line: `1`, `n`, `n+2`, `s`, `hint`, each with an optional `(label)`.
struct PriorityField {
    enum Kind: Equatable {
        case hint
        case number(Int)
    }

    let kind: Kind
    let label: String?

    enum Failure: Error, Equatable {
        case malformed(String)
        case nothingBefore(String)
        case outOfRange(String)

        var sentence: String {
            switch self {
            case .malformed(let text): "'\(text)' is no priority (a number, 'n', 'n(label)' or 'hint' is)"
            case .nothingBefore(let text): "'\(text)' has no priority before it to count from"
            case .outOfRange(let text): "the priority '\(text)' is not within 1…\(DialplanLimits.maxPriorityNumber)"
            }
        }
    }

    /// Reads the field; `previous` is the last priority of the context, nil at its start.
    init(_ field: some BidirectionalCollection<UInt8>, previous: Int?) throws(Failure) {
        let text = field.trimmed.text
        var word = Array(field.trimmed)
        var label: String?
        if let open = word.firstIndex(of: ASCII.leftParen) {
            guard let close = word.lastIndex(of: ASCII.rightParen), close > open, word[(close + 1)...].trimmed.isEmpty
            else { throw .malformed(text) }
            label = word[(open + 1)..<close].trimmed.text
            word = Array(word[..<open])
        }
        self.label = label?.isEmpty == true ? nil : label
        let parts = word.split(separator: ASCII.plus, maxSplits: 1, omittingEmptySubsequences: false)
        guard let offset = parts.count > 1 ? Int(parts[1].trimmed.text) : 0, offset >= 0,
            offset <= DialplanLimits.maxPriorityNumber
        else { throw .malformed(text) }
        let base: Int
        switch parts.first?.trimmed.lowercasedText ?? "" {
        case "hint":
            kind = .hint
            return
        case "n", "next":
            guard let previous else { throw .nothingBefore(text) }
            base = previous + 1
        case "s", "same":
            guard let previous else { throw .nothingBefore(text) }
            base = previous
        case let digits:
            guard digits.utf8.allSatisfy(\.isDigit), !digits.isEmpty else { throw .malformed(text) }
            base = Int(digits) ?? .max
        }
        let (number, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, (1...DialplanLimits.maxPriorityNumber).contains(number) else { throw .outOfRange(text) }
        kind = .number(number)
    }
}
