/// A compiled extension pattern: what follows `_`.
///
/// X is 0–9, Z 1–9, N 2–9, `[…]` a set, `.` one or more of anything, `!` zero or more and decided at once;
/// `-` is ignored, everything else stands for itself.
struct ExtensionPattern: Sendable, Hashable {
    enum Element: Sendable, Hashable {
        case set(ByteSet)
        case oneOrMore
        case early
    }

    enum Failure: Error {
        case unclosedSet
        case emptySet
        case empty
    }

    /// What a pattern says to what was dialled so far.
    enum Outcome {
        case none
        /// More digits could make it match.
        case partial
        case exact
        /// Matches, and so would anything longer.
        case open
        /// Matches and asks for no more digits.
        case early
    }

    let elements: [Element]
    /// Orders patterns from specific to general; compared element by element.
    let rank: [Int]
    /// Whether something follows `.` or `!`, which is never looked at.
    let hasUnreachableTail: Bool

    init(_ text: some Collection<UInt8>) throws(Failure) {
        var elements: [Element] = []
        var rank: [Int] = []
        var tail = false
        let bytes = Array(text)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == ASCII.dash || byte.isBlank { continue }
            if byte == ASCII.dot || byte == ASCII.bang {
                elements.append(byte == ASCII.dot ? .oneOrMore : .early)
                rank.append(byte == ASCII.dot ? Self.anythingRank : Self.earlyRank)
                tail = index < bytes.count
                break
            }
            let set: ByteSet
            if byte == ASCII.leftBracket {
                guard let close = bytes[index...].firstIndex(of: ASCII.rightBracket) else { throw .unclosedSet }
                set = Self.set(of: bytes[index..<close])
                index = close + 1
                guard set.count > 0 else { throw .emptySet }
            } else {
                set = Self.set(standingFor: byte)
            }
            elements.append(.set(set))
            rank.append(contentsOf: Self.rank(of: set))
        }
        guard !elements.isEmpty else { throw .empty }
        self.elements = elements
        self.rank = rank + [Self.endRank]
        hasUnreachableTail = tail
    }

    private static let anythingRank = 0x18000
    private static let earlyRank = 0x28000
    private static let endRank = 0x30000

    /// Fewer members first, then the lower members.
    private static func rank(of set: ByteSet) -> [Int] {
        let members = set.members
        return [members.count << 8 | Int(members.first ?? 0)] + members.dropFirst().map(Int.init)
    }

    private static func set(standingFor byte: UInt8) -> ByteSet {
        switch byte {
        case UInt8(ascii: "X"), UInt8(ascii: "x"): ByteSet(ASCII.zero...ASCII.nine)
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): ByteSet(UInt8(ascii: "1")...ASCII.nine)
        case UInt8(ascii: "N"), UInt8(ascii: "n"): ByteSet(UInt8(ascii: "2")...ASCII.nine)
        default: ByteSet(byte...byte)
        }
    }

    private static func set(of body: ArraySlice<UInt8>) -> ByteSet {
        var set = ByteSet()
        var index = body.startIndex
        while index < body.endIndex {
            if index + 2 < body.endIndex, body[index + 1] == ASCII.dash, body[index] <= body[index + 2] {
                set.insert(body[index]...body[index + 2])
                index += 3
            } else {
                set.insert(body[index])
                index += 1
            }
        }
        return set
    }

    /// Compares with what was dialled, which must have no `-` left.
    func match(_ dialed: some Collection<UInt8>) -> Outcome {
        var rest = dialed[...]
        for element in elements {
            switch element {
            case .early: return .early
            case .oneOrMore: return rest.isEmpty ? .partial : .open
            case .set(let set):
                guard let byte = rest.first else { return .partial }
                guard set.contains(byte) else { return .none }
                rest = rest.dropFirst()
            }
        }
        return rest.isEmpty ? .exact : .none
    }

    static func precedes(_ left: ExtensionPattern, _ right: ExtensionPattern) -> Bool {
        left.rank.lexicographicallyPrecedes(right.rank)
    }
}

/// Gives extension names as they are compared: a dash is only there for the eye.
func dialedKey(_ name: String) -> String {
    guard name.utf8.contains(ASCII.dash) else { return name }
    let plain = name.utf8.filter { $0 != ASCII.dash }
    return plain.isEmpty ? name : plain.text
}
