/// An a= line: a name, and a value where there is a colon (RFC 4566 section 5.13).
public struct SDPAttribute: Sendable, Hashable {
    public var name: String
    public var value: String?

    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }
}

/// A line that is kept as it came because nothing here needs to understand it.
public struct SDPLine: Sendable, Hashable {
    /// The letter before "=".
    public var type: Character
    public var value: String

    public init(_ type: Character, _ value: String) {
        self.type = type
        self.value = value
    }
}

/// Anything that has attributes: the session, and each media section.
public protocol SDPAttributed {
    var attributes: [SDPAttribute] { get set }
}

extension SDPAttributed {
    /// Gives the value of the first attribute `name`, empty for one without value; nil when there is none.
    public func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }.map { $0.value ?? "" }
    }

    /// Gives the values of all attributes `name` in order, such as every `candidate` or `crypto` line.
    public func attributeValues(_ name: String) -> [String] {
        attributes.filter { $0.name == name }.map { $0.value ?? "" }
    }

    /// Tells whether there is an attribute `name`.
    public func hasAttribute(_ name: String) -> Bool {
        attributes.contains { $0.name == name }
    }

    /// Gives the direction said here; nil when none is. The first of several counts.
    public var direction: MediaDirection? {
        for attribute in attributes where attribute.value == nil {
            if let direction = MediaDirection(rawValue: attribute.name) { return direction }
        }
        return nil
    }
}
