/// Holds text together with the knowledge which of its bytes came from the caller.
///
/// A tainted byte is data: it never separates arguments, closes a quote or acts as an operator.
/// At most ``DialplanLimits/maxExpandedBytes`` are kept; what is appended beyond is dropped.
public struct ExpandedText: Sendable, Hashable {
    public private(set) var bytes: [UInt8]
    /// One flag per byte.
    private(set) var taint: [Bool]

    public init() {
        bytes = []
        taint = []
    }

    public init(_ string: String, tainted: Bool = false) {
        self.init(bytes: string.utf8, tainted: tainted)
    }

    public init(bytes: some Sequence<UInt8>, tainted: Bool = false) {
        self.bytes = Array(bytes.prefix(DialplanLimits.maxExpandedBytes))
        taint = Array(repeating: tainted, count: self.bytes.count)
    }

    /// The bytes as text; what is no UTF-8 is replaced.
    public var string: String { bytes.text }
    public var count: Int { bytes.count }
    public var isEmpty: Bool { bytes.isEmpty }
    /// Whether any byte came from the caller.
    public var isTainted: Bool { taint.contains(true) }
    /// Whether no more can be appended.
    var isFull: Bool { bytes.count >= DialplanLimits.maxExpandedBytes }

    /// The bytes in `range`, clamped to the text.
    public subscript(range: Range<Int>) -> ExpandedText {
        let range = range.clamped(to: 0..<bytes.count)
        var slice = ExpandedText()
        slice.bytes = Array(bytes[range])
        slice.taint = Array(taint[range])
        return slice
    }

    /// Whether the byte at `index` is `byte` and may act as syntax.
    func isSyntax(_ byte: UInt8, at index: Int) -> Bool {
        index >= 0 && index < bytes.count && bytes[index] == byte && !taint[index]
    }

    /// The position of the first untainted `byte` at or after `start`.
    public func firstIndex(ofSyntax byte: UInt8, from start: Int = 0) -> Int? {
        var index = max(0, start)
        while index < bytes.count {
            if bytes[index] == byte, !taint[index] { return index }
            index += 1
        }
        return nil
    }

    /// The position of the last untainted `byte`.
    func lastIndex(ofSyntax byte: UInt8) -> Int? {
        bytes.indices.last { bytes[$0] == byte && !taint[$0] }
    }

    public mutating func append(_ other: ExpandedText) {
        let room = DialplanLimits.maxExpandedBytes - bytes.count
        bytes.append(contentsOf: other.bytes.prefix(room))
        taint.append(contentsOf: other.taint.prefix(room))
    }

    mutating func append(_ byte: UInt8, tainted: Bool = false) {
        guard !isFull else { return }
        bytes.append(byte)
        taint.append(tainted)
    }

    mutating func append(_ added: some Collection<UInt8>, tainted: Bool = false) {
        let part = added.prefix(DialplanLimits.maxExpandedBytes - bytes.count)
        bytes.append(contentsOf: part)
        taint.append(contentsOf: repeatElement(tainted, count: part.count))
    }

    /// Appends the byte at `index` of `other` with its taint.
    mutating func append(from other: ExpandedText, at index: Int) {
        guard index >= 0, index < other.bytes.count else { return }
        append(other.bytes[index], tainted: other.taint[index])
    }

    /// The text without blanks at either end.
    public var trimmed: ExpandedText {
        let inner = bytes.trimmed
        return self[inner.startIndex..<inner.endIndex]
    }

    /// The text with each byte replaced; taint stays where it is.
    func mapBytes(_ change: (UInt8) -> UInt8) -> ExpandedText {
        var copy = self
        copy.bytes = bytes.map(change)
        return copy
    }

    /// The text with all bytes marked as the caller's.
    public var tainted: ExpandedText { ExpandedText(bytes: bytes, tainted: true) }

    /// A piece by byte offset and length as `${VAR:offset:length}` takes it:
    /// a negative offset counts from the end, a negative length leaves that many bytes off.
    func substring(offset: Int, length: Int?) -> ExpandedText {
        let start = offset < 0 ? max(0, count &+ max(offset, -count)) : min(offset, count)
        guard let length else { return self[start..<count] }
        let end = length < 0 ? count &+ max(length, -count) : start &+ min(length, count &- start)
        return end > start ? self[start..<end] : ExpandedText()
    }
}

extension ExpandedText: CustomStringConvertible, ExpressibleByStringLiteral {
    public var description: String { string }

    public init(stringLiteral value: String) { self.init(value) }
}
