/// What a client asks for: fields in the order in which they came; names are the same in any case.
public struct AMIRequest: Sendable, Equatable {
    public struct Field: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var fields: [Field]

    public init(_ fields: [Field]) { self.fields = fields }

    /// The value of the first field of a name; empty when there is none.
    public subscript(name: String) -> String { fields.first { $0.name.lowercased() == name.lowercased() }?.value ?? "" }

    /// The values of all fields of a name.
    public func all(_ name: String) -> [String] { fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value) }

    public var action: String { self["Action"] }
    public var actionID: String { self["ActionID"] }

    /// Whether a field says yes, in the words of the reference.
    public func isTrue(_ name: String) -> Bool { ["yes", "true", "y", "t", "1", "on"].contains(self[name].lowercased()) }
}
