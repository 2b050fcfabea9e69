/// Holds the ordered `;name=value` list of a URI or a header value (RFC 3261 7.3.1, 19.1.1).
///
/// Names compare without regard to case. A name occurs once: the first occurrence counts when a list is read.
public struct SIPParameters: Sendable, Hashable {
    /// The most parameters that one list may have; a longer one is malformed.
    public static let maximumCount = 64

    /// One parameter. `value` is nil for a flag; quotes and escapes are already resolved.
    public struct Element: Sendable, Hashable {
        public var name: String
        public var value: String?
        /// Says that the value stood in quotes, which some grammars demand (RFC 3840 9) and which a re-encoding therefore keeps.
        public var isQuoted: Bool

        public init(name: String, value: String?, isQuoted: Bool = false) {
            self.name = name
            self.value = value
            self.isQuoted = isQuoted
        }
    }

    public private(set) var elements: [Element] = []

    public init() {}

    /// Makes a list of name and value pairs; nil makes a flag.
    public init(_ pairs: [(name: String, value: String?)]) {
        for pair in pairs { set(pair.name, pair.value) }
    }

    public var isEmpty: Bool { elements.isEmpty }

    /// Finds a value: nil when the parameter is absent, "" when it is a flag.
    public subscript(_ name: String) -> String? {
        for element in elements where element.name.isEqualIgnoringASCIICase(to: name) { return element.value ?? "" }
        return nil
    }

    /// Says whether a parameter is present, with a value or as a flag.
    public func has(_ name: String) -> Bool {
        elements.contains { $0.name.isEqualIgnoringASCIICase(to: name) }
    }

    /// Sets a parameter in its place, or appends it. A nil value makes a flag; `quoted` forces quotes in header parameters.
    public mutating func set(_ name: String, _ value: String?, quoted: Bool = false) {
        let element = Element(name: name, value: value, isQuoted: quoted)
        if let index = elements.firstIndex(where: { $0.name.isEqualIgnoringASCIICase(to: name) }) {
            elements[index] = element
        } else {
            elements.append(element)
        }
    }

    public mutating func remove(_ name: String) {
        elements.removeAll { $0.name.isEqualIgnoringASCIICase(to: name) }
    }

    /// Appends a parameter read from the wire. Returns false when the list is full; a repeated name is dropped.
    mutating func appendRead(_ element: Element) -> Bool {
        guard elements.count < Self.maximumCount else { return false }
        if !has(element.name) { elements.append(element) }
        return true
    }

    public static func == (left: SIPParameters, right: SIPParameters) -> Bool {
        guard left.elements.count == right.elements.count else { return false }
        return zip(left.elements, right.elements).allSatisfy { $0.value == $1.value && $0.name.isEqualIgnoringASCIICase(to: $1.name) }
    }

    public func hash(into hasher: inout Hasher) {
        for element in elements {
            hasher.combine(element.name.asciiLowercased)
            hasher.combine(element.value)
        }
    }
}

extension SIPParameters {
    /// Reads header parameters up to the end or a comma; nil when one is malformed. LWS around separators is allowed (RFC 3261 25.1).
    init?(readingHeaderParameters bytes: Span<UInt8>, at position: inout Int, end: Int) {
        while true {
            bytes.skipSpace(&position, end)
            guard position < end, bytes[position] != .comma else { return }
            guard bytes[position] == .semicolon else { return nil }
            position &+= 1
            guard let element = Self.readHeaderParameter(bytes, &position, end), appendRead(element) else { return nil }
        }
    }

    private static func readHeaderParameter(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Element? {
        bytes.skipSpace(&position, end)
        let nameStart = position
        bytes.skip(.token, &position, end)
        guard position > nameStart else { return nil }
        let name = bytes.text(nameStart..<position)
        bytes.skipSpace(&position, end)
        guard position < end, bytes[position] == .equals else { return Element(name: name, value: nil) }
        position &+= 1
        bytes.skipSpace(&position, end)
        let valueStart = position
        if position < end, bytes[position] == .quote {
            guard let after = bytes.quotedStringEnd(from: position, to: end) else { return nil }
            position = after
            return Element(name: name, value: bytes.unquoted(valueStart &+ 1..<after &- 1), isQuoted: true)
        }
        bytes.skip(.parameterValue, &position, end)
        return Element(name: name, value: bytes.text(valueStart..<position))
    }

    /// Reads the `;name=value` part of a URI, which fills the range and starts with a semicolon; nil when malformed.
    init?(readingURIParameters bytes: Span<UInt8>, _ range: Range<Int>) {
        var position = range.lowerBound
        while position < range.upperBound {
            let start = position &+ 1
            let end = bytes.find(.semicolon, from: start, to: range.upperBound) ?? range.upperBound
            let equals = bytes.find(.equals, from: start, to: end)
            guard let name = bytes.unescaped(start..<(equals ?? end)), !name.isEmpty else { return nil }
            var value: String?
            if let equals {
                guard let read = bytes.unescaped(equals &+ 1..<end) else { return nil }
                value = read
            }
            guard appendRead(Element(name: name, value: value)) else { return nil }
            position = end
        }
    }

    func encode(asHeaderParametersInto bytes: inout [UInt8]) {
        for element in elements {
            bytes.append(.semicolon)
            bytes.append(element.name, escapedOutside: .token)
            guard let value = element.value else { continue }
            bytes.append(.equals)
            if element.isQuoted || !ByteSet.plainParameterValue.containsAll(value) {
                bytes.append(quoted: value)
            } else {
                bytes.append(value)
            }
        }
    }

    func encode(asURIParametersInto bytes: inout [UInt8]) {
        for element in elements {
            bytes.append(.semicolon)
            bytes.append(element.name, escapedOutside: .uriParameter)
            guard let value = element.value else { continue }
            bytes.append(.equals)
            bytes.append(value, escapedOutside: .uriParameter)
        }
    }
}
