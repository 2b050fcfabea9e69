/// A part of the configuration as plain values: what the admin interface shows and takes.
public indirect enum SettingsValue: Sendable, Equatable {
    case null
    case text(String)
    case integer(Int)
    case flag(Bool)
    case list([SettingsValue])
    case map([Member])

    /// A key with its value; keys keep their order.
    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: SettingsValue

        public init(_ key: String, _ value: SettingsValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a key; nil when this is no mapping or has no such key.
    public subscript(key: String) -> SettingsValue? {
        guard case .map(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text; nil for anything else.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The items of a list; none for anything else.
    public var items: [SettingsValue] {
        if case .list(let items) = self { items } else { [] }
    }

    /// The same without a key.
    public func without(_ key: String) -> SettingsValue {
        guard case .map(let members) = self else { return self }
        return .map(members.filter { $0.key != key })
    }
}

extension SettingsValue {
    init(_ node: DocumentNode) {
        switch node.value {
        case .null: self = .null
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .flag(let flag): self = .flag(flag)
        case .list(let nodes): self = .list(nodes.map(SettingsValue.init))
        case .map(let entries): self = .map(entries.map { Member($0.key, SettingsValue($0.value)) })
        }
    }

    var node: DocumentNode {
        switch self {
        case .null: DocumentNode(.null)
        case .text(let text): DocumentNode(.text(text))
        case .integer(let number): DocumentNode(.integer(number))
        case .flag(let flag): DocumentNode(.flag(flag))
        case .list(let items): DocumentNode(.list(items.map(\.node)))
        case .map(let members): DocumentNode(.map(members.map { DocumentNode.Entry($0.key, $0.value.node) }))
        }
    }

    /// The value with the members of another one put over it; lists and single values are replaced.
    func merged(with other: SettingsValue) -> SettingsValue {
        guard case .map(var members) = self, case .map(let more) = other else { return other }
        for member in more {
            if let index = members.firstIndex(where: { $0.key == member.key }) {
                members[index].value = members[index].value.merged(with: member.value)
            } else {
                members.append(member)
            }
        }
        return .map(members)
    }

    /// The value at a dotted path.
    func at(_ path: Substring) -> SettingsValue? {
        path.split(separator: ".").reduce(self as SettingsValue?) { value, key in value?[String(key)] }
    }

    /// The same with another value at a dotted path that exists.
    func replacing(_ path: Substring, with value: SettingsValue) -> SettingsValue {
        guard !path.isEmpty else { return value }
        guard case .map(var members) = self else { return self }
        let key = path.prefix { $0 != "." }
        guard let index = members.firstIndex(where: { $0.key == key }) else { return self }
        members[index].value = members[index].value.replacing(path.dropFirst(key.count + 1), with: value)
        return .map(members)
    }
}
