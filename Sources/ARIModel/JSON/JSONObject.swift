/// The members of a JSON object in their order; names are unique.
public struct JSONObject: Sendable {
    /// One member.
    public struct Member: Sendable, Hashable {
        public let name: String
        public fileprivate(set) var value: JSONValue
    }

    /// The members in the order in which their names came first.
    public private(set) var members: [Member] = []

    /// Positions by name, kept only for objects with so many members that a scan would be slow.
    private var positions: [String: Int] = [:]

    private static let scanLimit = 16

    public init() {}

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }

    /// Reads or sets a member. Setting an existing name keeps its place; setting nil does nothing.
    public subscript(name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            guard let newValue else { return }
            if let position = position(of: name) {
                members[position].value = newValue
            } else {
                append(Member(name: name, value: newValue))
            }
        }
    }

    private func position(of name: String) -> Int? {
        members.count > JSONObject.scanLimit ? positions[name] : members.firstIndex { $0.name == name }
    }

    private mutating func append(_ member: Member) {
        members.append(member)
        if members.count == JSONObject.scanLimit + 1 {
            for (position, member) in members.enumerated() { positions[member.name] = position }
        } else if members.count > JSONObject.scanLimit {
            positions[member.name] = members.count - 1
        }
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.members == right.members }
    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSONObject: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for member in members {
            writer.key(member.name)
            member.value.write(to: &writer)
        }
        writer.endObject()
    }
}
