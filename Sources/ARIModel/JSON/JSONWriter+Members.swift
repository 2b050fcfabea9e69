extension JSONWriter {
    /// Writes a string member.
    public mutating func member(_ name: StaticString, _ string: String) {
        key(name)
        value(string)
    }

    /// Writes an integer member.
    public mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        value(number)
    }

    /// Writes a floating-point member.
    public mutating func member(_ name: StaticString, _ number: Double) {
        key(name)
        value(number)
    }

    /// Writes a boolean member.
    public mutating func member(_ name: StaticString, _ flag: Bool) {
        key(name)
        value(flag)
    }

    /// Writes a member that is an array of strings.
    public mutating func member(_ name: StaticString, _ strings: [String]) {
        key(name)
        value(strings)
    }

    /// Writes a member that is an object or another composed value.
    public mutating func member(_ name: StaticString, _ object: some JSONWritable) {
        key(name)
        object.write(to: &self)
    }

    /// Writes a member that is an array of composed values.
    public mutating func member(_ name: StaticString, _ objects: [some JSONWritable]) {
        key(name)
        value(objects)
    }

    /// Writes a member from text that is already JSON.
    public mutating func member(_ name: StaticString, raw json: [UInt8]) {
        key(name)
        raw(json)
    }

    /// Writes a string member, or nothing when there is no string.
    public mutating func member(_ name: StaticString, ifPresent string: String?) {
        if let string { member(name, string) }
    }

    /// Writes an integer member, or nothing when there is no number.
    public mutating func member(_ name: StaticString, ifPresent number: Int?) {
        if let number { member(name, number) }
    }

    /// Writes a floating-point member, or nothing when there is no number.
    public mutating func member(_ name: StaticString, ifPresent number: Double?) {
        if let number { member(name, number) }
    }

    /// Writes a boolean member, or nothing when there is none.
    public mutating func member(_ name: StaticString, ifPresent flag: Bool?) {
        if let flag { member(name, flag) }
    }

    /// Writes a composed member, or nothing when there is none.
    public mutating func member(_ name: StaticString, ifPresent object: (some JSONWritable)?) {
        if let object { member(name, object) }
    }

    /// Writes an object of string members in the order given.
    public mutating func member(_ name: StaticString, _ variables: [NamedValue]) {
        key(name)
        beginObject()
        for variable in variables {
            key(variable.name)
            value(variable.value)
        }
        endObject()
    }
}

/// A name with its string value: a variable, a header, a column.
public struct NamedValue: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
