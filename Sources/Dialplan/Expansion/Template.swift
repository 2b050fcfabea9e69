/// Text with `${…}` and `$[…]` in it, taken apart once when the dialplan is read.
struct Template: Sendable {
    enum Segment: Sendable {
        case text([UInt8])
        /// `${NAME}` with a plain name.
        case name(String)
        /// `${…}` with anything else inside: a function, offsets, nested parts.
        case variable(Template)
        /// `$[…]`
        case expression(Template)
    }

    private(set) var segments: [Segment] = []

    /// Takes `bytes` apart; what is wrong is told to `report` and read as far as it makes sense.
    init(_ bytes: some Collection<UInt8>, report: (String) -> Void) {
        self.init(Array(bytes)[...], depth: 0, report: report)
    }

    private init(_ bytes: ArraySlice<UInt8>, depth: Int, report: (String) -> Void) {
        guard depth <= DialplanLimits.maxSubstitutionDepth else {
            report("${…} and $[…] nest deeper than \(DialplanLimits.maxSubstitutionDepth)")
            return
        }
        var index = bytes.startIndex
        var textStart = index
        while index < bytes.endIndex {
            guard bytes[index] == ASCII.dollar, index + 1 < bytes.endIndex,
                bytes[index + 1] == ASCII.leftBrace || bytes[index + 1] == ASCII.leftBracket
            else {
                index += 1
                continue
            }
            if textStart < index { segments.append(.text(Array(bytes[textStart..<index]))) }
            let isVariable = bytes[index + 1] == ASCII.leftBrace
            let close = Self.closing(of: index + 1, in: bytes)
            if close == nil { report(isVariable ? "'${' has no '}'" : "'$[' has no ']'") }
            let content = bytes[(index + 2)..<(close ?? bytes.endIndex)]
            segments.append(Self.segment(isVariable, content, depth: depth, report: report))
            index = close.map { $0 + 1 } ?? bytes.endIndex
            textStart = index
        }
        if textStart < bytes.endIndex { segments.append(.text(Array(bytes[textStart...]))) }
    }

    private static func segment(
        _ isVariable: Bool, _ content: ArraySlice<UInt8>, depth: Int, report: (String) -> Void
    ) -> Segment {
        if isVariable, !content.isEmpty, content.allSatisfy(\.isWord) { return .name(content.text) }
        let inner = Template(content, depth: depth + 1, report: report)
        return isVariable ? .variable(inner) : .expression(inner)
    }

    /// The position of the bracket that closes the one at `open`; brackets of the same kind nest.
    private static func closing(of open: Int, in bytes: ArraySlice<UInt8>) -> Int? {
        let opening = bytes[open]
        let closing = opening == ASCII.leftBrace ? ASCII.rightBrace : ASCII.rightBracket
        var depth = 0
        for index in open..<bytes.endIndex {
            if bytes[index] == opening { depth += 1 }
            if bytes[index] == closing {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    /// The text when nothing in it is substituted.
    var literal: [UInt8]? {
        if segments.isEmpty { return [] }
        if segments.count == 1, case .text(let bytes) = segments[0] { return bytes }
        return nil
    }
}
