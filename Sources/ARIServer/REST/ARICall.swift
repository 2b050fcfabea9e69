public import ARIModel
import CallCore

/// One call of an operation: who calls, and the parameters wherever they came from.
///
/// A member of a JSON body wins over the query, the query over form fields; of several fields with the same name the last one counts.
public struct ARICall: Sendable {
    /// `<resource>.<nickname>` of the operation.
    let id: String
    public let operation: ARIOperation
    public let user: ARIUser
    /// The JSON body, an object or an array; nil when there was none.
    public let body: JSONValue?
    private let pathValues: [String: String]
    /// Form fields, then query fields.
    private let fields: [NamedValue]

    init(id: String, operation: ARIOperation, user: ARIUser, pathValues: [String: String], fields: [NamedValue], body: JSONValue?) {
        self.id = id
        self.operation = operation
        self.user = user
        self.pathValues = pathValues
        self.fields = fields
        self.body = body
    }

    /// Returns the value of a path parameter; empty for a name that the path doesn't have.
    public func path(_ name: String) -> String { pathValues[name] ?? "" }

    /// Returns a string parameter, or nil when it is missing. A body member of another type counts as missing.
    public func string(_ name: String) -> String? {
        if let member = body?[name] { return member.string }
        return field(name)
    }

    /// Returns a string parameter, or nil when it is missing or empty.
    public func nonEmpty(_ name: String) -> String? {
        string(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Returns an integer parameter; 0 when it is missing or no number.
    public func int(_ name: String) -> Int {
        if let member = body?[name] { return member.int ?? 0 }
        return field(name).map(leadingInteger) ?? 0
    }

    /// Returns a boolean parameter; false when it is missing or not a word for true.
    public func bool(_ name: String) -> Bool {
        if let member = body?[name] { return member.bool ?? false }
        return field(name).map(isTrue) ?? false
    }

    /// Returns a list parameter, or nil when it is missing: comma separated in a field; an array, or one string taken whole, in the body.
    ///
    /// - Throws: ``ARIError`` 400 when there are more values than ``listLimit``.
    public func list(_ name: String) throws(ARIError) -> [String]? {
        let values: [String]
        switch body?[name] {
        case .array(let elements)?: values = elements.map { $0.string ?? "" }
        case .string(let text)?: values = [text]
        case .some: return nil
        case nil:
            guard let text = field(name) else { return nil }
            values = splitList(text)
        }
        guard values.count <= Self.listLimit else { throw ARIError(400, "Too many values for \(name)") }
        return values
    }

    /// The most values that a list parameter may have.
    public static let listLimit = 127

    private func field(_ name: String) -> String? {
        fields.last { $0.name == name }?.value
    }
}

/// Reads the integer at the start of a text as C's `atoi` does; garbage is 0, what is too large is cut off at the limits of 32 bits.
func leadingInteger(_ text: String) -> Int {
    var bytes = text.utf8[...]
    bytes = bytes.drop { $0 == 0x20 || 0x09...0x0D ~= $0 }
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    var value = 0
    for byte in bytes {
        guard 0x30...0x39 ~= byte else { break }
        value = min(value * 10 + Int(byte - 0x30), Int(Int32.max))
    }
    return isNegative ? -value : value
}

/// Splits a list at commas that stand outside of quotes, parentheses and brackets. Quotes go away; a backslash lets the next
/// character stand for itself. An empty text is a list with one empty value.
func splitList(_ text: String) -> [String] {
    var values: [String] = []
    var value: [UInt8] = []
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for byte in text.utf8 {
        if isEscaped {
            value.append(byte)
            isEscaped = false
            continue
        }
        switch byte {
        case UInt8(ascii: "\\"):
            isEscaped = true
            continue
        case UInt8(ascii: "\""):
            isQuoted.toggle()
            continue
        case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): depth = max(0, depth - 1)
        case UInt8(ascii: ",") where !isQuoted && depth == 0:
            values.append(String(decoding: value, as: UTF8.self))
            value.removeAll(keepingCapacity: true)
            continue
        default: break
        }
        value.append(byte)
    }
    values.append(String(decoding: value, as: UTF8.self))
    return values
}
