/// Holds the header fields of a message in their order. Names compare without regard to case, and compact names are expanded.
///
/// Values are text without folds. Lines of Via, Route and Record-Route that join several values with commas are split
/// when they are read, so that each such field holds one value and the first hop can be taken off.
public struct SIPHeaders: Sendable, Equatable {
    /// One field; `other` names it when it is not a known one.
    struct Field: Sendable, Equatable {
        var name: SIPHeaderName?
        var other: String
        var value: String

        var spelling: String { name?.rawValue ?? other }
    }

    private(set) var fields: [Field] = []
    /// What the parser has read already; `nil` or outdated parts are read again from the text.
    var read: ReadHeaders?
    var readParts: ReadHeaders.Parts = []

    public init() {}

    public init(_ fields: [(name: String, value: String)]) {
        self.fields.reserveCapacity(fields.count)
        for field in fields { add(field.name, field.value) }
    }

    /// Tells whether a text can be the name of a field (RFC 3261 section 25.1), at most 64 bytes.
    public static func isFieldName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { ByteSet.token.contains($0) }
    }

    /// The number of fields.
    public var count: Int { fields.count }

    /// Lists all fields in order.
    public var all: [(name: String, value: String)] { fields.map { ($0.spelling, $0.value) } }

    /// Finds the first value of a field, nil when there is none.
    public subscript(_ name: String) -> String? {
        guard let known = SIPHeaderName(name) else {
            return fields.first { $0.name == nil && $0.other.isEqualIgnoringASCIICase(to: name) }?.value
        }
        return self[known]
    }

    /// Lists the raw values of a field in order, one per field.
    public func all(_ name: String) -> [String] {
        guard let known = SIPHeaderName(name) else {
            return fields.filter { $0.name == nil && $0.other.isEqualIgnoringASCIICase(to: name) }.map(\.value)
        }
        return all(known)
    }

    /// Appends a field. Line breaks in the value become spaces.
    public mutating func add(_ name: String, _ value: String) {
        append(Self.field(name, value))
    }

    /// Replaces all fields of a name by one, in the place of the first.
    public mutating func set(_ name: String, _ value: String) {
        let field = Self.field(name, value)
        guard let index = fields.firstIndex(where: { Self.isSame($0, field) }) else { return append(field) }
        forget(field.name)
        fields[index] = field
        for other in fields.indices.reversed() where other > index && Self.isSame(fields[other], field) { fields.remove(at: other) }
    }

    public mutating func remove(_ name: String) {
        let field = Self.field(name, "")
        forget(field.name)
        fields.removeAll { Self.isSame($0, field) }
    }

    /// Inserts a field before the first of its name, or before all fields when there is none.
    public mutating func insertFirst(_ name: String, _ value: String) {
        let field = Self.field(name, value)
        forget(field.name)
        fields.insert(field, at: fields.firstIndex { Self.isSame($0, field) } ?? 0)
    }

    /// Removes the first field of a name.
    public mutating func removeFirst(_ name: String) {
        let field = Self.field(name, "")
        guard let index = fields.firstIndex(where: { Self.isSame($0, field) }) else { return }
        forget(field.name)
        fields.remove(at: index)
    }

    public static func == (left: SIPHeaders, right: SIPHeaders) -> Bool {
        left.fields == right.fields
    }
}

extension SIPHeaders {
    subscript(_ name: SIPHeaderName) -> String? {
        for field in fields where field.name == name { return field.value }
        return nil
    }

    func all(_ name: SIPHeaderName) -> [String] {
        var values: [String] = []
        for field in fields where field.name == name { values.append(field.value) }
        return values
    }

    mutating func append(_ field: Field) {
        forget(field.name)
        fields.append(field)
    }

    mutating func add(_ name: SIPHeaderName, _ value: String) {
        append(Field(name: name, other: "", value: value.withoutLineBreaks))
    }

    mutating func set(_ name: SIPHeaderName, _ value: String) {
        set(name.rawValue, value)
    }

    /// Replaces the first field of a name only, or appends one.
    mutating func setFirst(_ name: SIPHeaderName, _ value: String) {
        guard let index = fields.firstIndex(where: { $0.name == name }) else { return add(name, value) }
        forget(name)
        fields[index].value = value.withoutLineBreaks
    }

    /// Appends what the parser read, whose values hold no line breaks.
    mutating func appendRead(_ field: Field) {
        fields.append(field)
    }

    mutating func reserve(_ count: Int) {
        fields.reserveCapacity(count)
    }

    private mutating func forget(_ name: SIPHeaderName?) {
        if let name, read != nil { readParts.subtract(ReadHeaders.Parts(name)) }
    }

    private static func isSame(_ left: Field, _ right: Field) -> Bool {
        left.name == right.name && (left.name != nil || left.other.isEqualIgnoringASCIICase(to: right.other))
    }

    private static func field(_ name: String, _ value: String) -> Field {
        guard let known = SIPHeaderName(name) else {
            // A name goes out as it stands: what is no token would break the header section.
            let token = ByteSet.token.containsAll(name) ? name : String(decoding: name.utf8.filter(ByteSet.token.contains), as: UTF8.self)
            return Field(name: nil, other: token.isEmpty ? "X-Unnamed" : token, value: value.withoutLineBreaks)
        }
        return Field(name: known, other: "", value: value.withoutLineBreaks)
    }
}

/// The typed headers that the parser had to read for its verdict, kept so that nobody reads them twice.
final class ReadHeaders: Sendable {
    struct Parts: OptionSet {
        let rawValue: UInt8
        static let via = Parts(rawValue: 1)
        static let from = Parts(rawValue: 2)
        static let to = Parts(rawValue: 4)
        static let cseq = Parts(rawValue: 8)
        static let contacts = Parts(rawValue: 16)
        static let all: Parts = [.via, .from, .to, .cseq, .contacts]

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ name: SIPHeaderName) {
            switch name {
            case .via: self = .via
            case .from: self = .from
            case .to: self = .to
            case .cseq: self = .cseq
            case .contact: self = .contacts
            default: self = []
            }
        }
    }

    let via: Via?
    let from: NameAddr?
    let to: NameAddr?
    let cseq: CSeq?
    let contacts: [NameAddr]

    init(via: Via?, from: NameAddr?, to: NameAddr?, cseq: CSeq?, contacts: [NameAddr]) {
        self.via = via
        self.from = from
        self.to = to
        self.cseq = cseq
        self.contacts = contacts
    }
}
