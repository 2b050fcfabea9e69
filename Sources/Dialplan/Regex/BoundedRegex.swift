/// A POSIX extended regular expression that takes time linear in pattern times text.
///
/// Knows `. [] [^] [:class:] * + ? {m,n} | () ^ $` and `\w \W \s \S`; no back references. Tainted bytes of the
/// pattern stand for themselves. Of several matches the leftmost, of those the longest is taken.
public struct BoundedRegex: Sendable {
    public enum Failure: Error, Equatable {
        case unclosedGroup
        case unclosedSet
        case nothingToRepeat
        case badRepeat
        case trailingBackslash
        case tooDeep
        case tooLarge
        case tooMuchWork

        /// Says what is wrong with the pattern.
        public var sentence: String {
            switch self {
            case .unclosedGroup: "parentheses do not match"
            case .unclosedSet: "'[' has no ']'"
            case .nothingToRepeat: "there is nothing before a repetition"
            case .badRepeat: "'{…}' is malformed"
            case .trailingBackslash: "it ends in a backslash"
            case .tooDeep: "it nests deeper than \(DialplanLimits.maxRegexDepth)"
            case .tooLarge: "it needs more than \(DialplanLimits.maxRegexInstructions) instructions"
            case .tooMuchWork: "it is too large for a text this long"
            }
        }
    }

    struct Match {
        let range: Range<Int>
        /// What the first parentheses took part in.
        let firstGroup: Range<Int>?
    }

    let groupCount: Int
    private let program: [RegexInstruction]

    /// Reads a pattern.
    public init(_ pattern: ExpandedText) throws(Failure) {
        var parser = RegexParser(pattern)
        let tree = try parser.parse()
        groupCount = parser.groupCount
        var compiler = RegexCompiler()
        try compiler.emit(tree)
        try compiler.append(.match)
        program = compiler.program
    }

    /// Tells whether the pattern matches anywhere in a text.
    public func matches(_ text: String) throws(Failure) -> Bool {
        try firstMatch(in: Array(text.utf8), isAnchored: false) != nil
    }

    /// Finds the leftmost longest match; when `isAnchored` only at the start.
    func firstMatch(in text: [UInt8], isAnchored: Bool) throws(Failure) -> Match? {
        let (work, overflow) = program.count.multipliedReportingOverflow(by: text.count + 1)
        guard !overflow, work <= DialplanLimits.maxRegexWork else { throw .tooMuchWork }
        var matcher = RegexMatcher(program: program, text: text)
        return matcher.run(isAnchored: isAnchored)
    }
}

/// One step of a compiled regular expression.
enum RegexInstruction: Sendable {
    case set(ByteSet)
    case textStart
    case textEnd
    /// Goes on at both places; the first is preferred.
    case split(Int, Int)
    case jump(Int)
    case groupStart
    case groupEnd
    case match
}
