/// A regular expression as a tree.
indirect enum RegexNode {
    case empty
    case set(ByteSet)
    case textStart
    case textEnd
    case sequence([RegexNode])
    case choice([RegexNode])
    case group(RegexNode, number: Int)
    /// `maximum` nil means without end.
    case `repeat`(RegexNode, minimum: Int, maximum: Int?)
}

/// Reads the syntax of extended regular expressions.
struct RegexParser {
    private let pattern: ExpandedText
    private var index = 0
    private var depth = 0
    private(set) var groupCount = 0

    init(_ pattern: ExpandedText) { self.pattern = pattern }

    mutating func parse() throws(BoundedRegex.Failure) -> RegexNode {
        let tree = try choice()
        guard index == pattern.count else { throw .unclosedGroup }
        return tree
    }

    private func isNext(_ byte: UInt8) -> Bool { pattern.isSyntax(byte, at: index) }

    private mutating func choice() throws(BoundedRegex.Failure) -> RegexNode {
        depth += 1
        guard depth <= DialplanLimits.maxRegexDepth else { throw .tooDeep }
        var branches = [try sequence()]
        while isNext(ASCII.pipe) {
            index += 1
            branches.append(try sequence())
        }
        depth -= 1
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(BoundedRegex.Failure) -> RegexNode {
        var items: [RegexNode] = []
        while index < pattern.count, !isNext(ASCII.pipe), !isNext(ASCII.rightParen) {
            items.append(try repeated(try atom()))
        }
        return items.isEmpty ? .empty : items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func atom() throws(BoundedRegex.Failure) -> RegexNode {
        let byte = pattern.bytes[index]
        guard pattern.isSyntax(byte, at: index) else {
            index += 1
            return .set(ByteSet(byte...byte))
        }
        index += 1
        switch byte {
        case ASCII.leftParen: return try group()
        case ASCII.leftBracket: return .set(try set())
        case ASCII.dot: return .set(ByteSet(0...255))
        case ASCII.caret: return .textStart
        case ASCII.dollar: return .textEnd
        case ASCII.star, ASCII.plus, ASCII.question, ASCII.leftBrace: throw .nothingToRepeat
        case ASCII.backslash: return .set(try escape())
        default: return .set(ByteSet(byte...byte))
        }
    }

    private mutating func group() throws(BoundedRegex.Failure) -> RegexNode {
        groupCount += 1
        let number = groupCount
        let inner = try choice()
        guard isNext(ASCII.rightParen) else { throw .unclosedGroup }
        index += 1
        return .group(inner, number: number)
    }

    private mutating func escape() throws(BoundedRegex.Failure) -> ByteSet {
        guard index < pattern.count else { throw .trailingBackslash }
        let byte = pattern.bytes[index]
        let isData = !pattern.isSyntax(byte, at: index)
        index += 1
        switch byte {
        case _ where isData: return ByteSet(byte...byte)
        case UInt8(ascii: "w"): return Self.wordBytes
        case UInt8(ascii: "W"): return Self.wordBytes.inverted
        case UInt8(ascii: "s"): return Self.named("space") ?? ByteSet()
        case UInt8(ascii: "S"): return (Self.named("space") ?? ByteSet()).inverted
        default: return ByteSet(byte...byte)
        }
    }

    private mutating func repeated(_ atom: RegexNode) throws(BoundedRegex.Failure) -> RegexNode {
        var node = atom
        var stacked = 0
        while index < pattern.count {
            if isNext(ASCII.star) {
                node = .repeat(node, minimum: 0, maximum: nil)
            } else if isNext(ASCII.plus) {
                node = .repeat(node, minimum: 1, maximum: nil)
            } else if isNext(ASCII.question) {
                node = .repeat(node, minimum: 0, maximum: 1)
            } else if isNext(ASCII.leftBrace) {
                node = try counted(node)
            } else {
                break
            }
            index += 1
            stacked += 1
            guard stacked <= DialplanLimits.maxRegexDepth else { throw .tooDeep }
        }
        return node
    }

    /// Reads `{m}`, `{m,}` or `{m,n}` and stops at the closing brace.
    private mutating func counted(_ node: RegexNode) throws(BoundedRegex.Failure) -> RegexNode {
        guard let close = pattern.firstIndex(ofSyntax: ASCII.rightBrace, from: index) else { throw .badRepeat }
        let bounds = pattern[(index + 1)..<close].split(at: ASCII.comma).map(\.string)
        index = close
        guard bounds.count <= 2, let minimum = Int(bounds[0]), (0...255).contains(minimum) else { throw .badRepeat }
        if bounds.count == 1 { return .repeat(node, minimum: minimum, maximum: minimum) }
        if bounds[1].isEmpty { return .repeat(node, minimum: minimum, maximum: nil) }
        guard let maximum = Int(bounds[1]), (minimum...255).contains(maximum) else { throw .badRepeat }
        return .repeat(node, minimum: minimum, maximum: maximum)
    }

    private mutating func set() throws(BoundedRegex.Failure) -> ByteSet {
        var set = ByteSet()
        let isInverted = isNext(ASCII.caret)
        if isInverted { index += 1 }
        var isFirst = true
        while index < pattern.count {
            if isNext(ASCII.rightBracket), !isFirst {
                index += 1
                return isInverted ? set.inverted : set
            }
            isFirst = false
            if let named = try namedClass() {
                set.formUnion(named)
                continue
            }
            let low = pattern.bytes[index]
            index += 1
            let isRange =
                isNext(ASCII.dash) && index + 1 < pattern.count
                && !pattern.isSyntax(ASCII.rightBracket, at: index + 1)
            guard isRange else {
                set.insert(low)
                continue
            }
            let high = pattern.bytes[index + 1]
            index += 2
            if low <= high { set.insert(low...high) }
        }
        throw .unclosedSet
    }

    /// Reads `[:name:]` within a set.
    private mutating func namedClass() throws(BoundedRegex.Failure) -> ByteSet? {
        guard isNext(ASCII.leftBracket), pattern.isSyntax(ASCII.colon, at: index + 1) else { return nil }
        guard let end = pattern.firstIndex(ofSyntax: ASCII.colon, from: index + 2),
            pattern.isSyntax(ASCII.rightBracket, at: end + 1),
            let set = Self.named(pattern[(index + 2)..<end].string)
        else { throw .unclosedSet }
        index = end + 2
        return set
    }

    private static let wordBytes: ByteSet = set { $0.isWord }

    private static func set(_ isMember: (UInt8) -> Bool) -> ByteSet {
        var set = ByteSet()
        for byte in UInt8.min...UInt8.max where isMember(byte) { set.insert(byte) }
        return set
    }

    private static func named(_ name: String) -> ByteSet? {
        switch name {
        case "digit": set(\.isDigit)
        case "alpha": set { $0.isUpper || $0.isLower }
        case "alnum": set(\.isAlphanumeric)
        case "upper": set(\.isUpper)
        case "lower": set(\.isLower)
        case "space": set { $0 == ASCII.space || (9...13).contains($0) }
        case "blank": set { $0 == ASCII.space || $0 == ASCII.tab }
        case "xdigit": set { $0.hexValue != nil }
        case "punct": set { (33...126).contains($0) && !$0.isAlphanumeric }
        case "print": set { (32...126).contains($0) }
        case "graph": set { (33...126).contains($0) }
        case "cntrl": set { $0 < 32 || $0 == 127 }
        default: nil
        }
    }
}
