/// Any JSON value, with the members of objects in the order in which they were written.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case int(Int)
    /// Any other number.
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// Returns the string, or nil when the value is of another type.
    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    /// Returns the boolean, or nil when the value is of another type.
    public var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// Returns the integer; a number with a fraction is cut off towards zero when it fits. Nil for other types.
    public var int: Int? {
        switch self {
        case .int(let number): number
        case .double(let number): Int(exactly: number.rounded(.towardZero))
        default: nil
        }
    }

    /// Returns the elements, or nil when the value is not an array.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// Returns the object, or nil when the value is of another type.
    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// Returns the member of an object; nil when it is missing or the value is not an object.
    public subscript(name: String) -> JSONValue? {
        object?[name]
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }
}

extension JSONValue: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let flag): writer.value(flag)
        case .int(let number): writer.value(number)
        case .double(let number): writer.value(number)
        case .string(let string): writer.value(string)
        case .array(let elements): writer.value(elements)
        case .object(let object): object.write(to: &writer)
        }
    }
}
