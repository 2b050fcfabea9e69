/// What an `apply` changed in one section; passwords never show.
public struct ConfigurationChange: Sendable, Equatable, CustomStringConvertible {
    /// The section's key, e.g. `extensions`.
    public var section: String
    /// Names of new items; empty for sections that are no list of named items.
    public var added: [String] = []
    public var changed: [String] = []
    public var removed: [String] = []

    /// The key of the document under which the section lies.
    var topSection: String { String(section.prefix { $0 != "." }) }

    /// Gives `extensions: added 203, changed 201, 202`, or only the section when it has no named items.
    public var description: String {
        let parts = [("added", added), ("changed", changed), ("removed", removed)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) \($0.1.joined(separator: ", "))" }
        return parts.isEmpty ? "\(section): changed" : "\(section): \(parts.joined(separator: ", "))"
    }
}

extension Configuration {
    /// Finds the sections in which another configuration differs, in the order of the keys.
    public func changes(to other: Configuration) -> [ConfigurationChange] {
        let named: [String: ConfigurationChange] = [
            "webSocketClients": Self.changes("webSocketClients", webSocketClients, other.webSocketClients, \.name),
            "extensions": Self.changes("extensions", extensions, other.extensions, \.number),
            "providers": Self.changes("providers", providers, other.providers, \.name),
            "incomingRoutes": Self.changes("incomingRoutes", incomingRoutes, other.incomingRoutes, \.name),
            "outgoingRoutes": Self.changes("outgoingRoutes", outgoingRoutes, other.outgoingRoutes, \.name),
            "dialplan": Self.changes("dialplan", dialplan, other.dialplan, \.name),
            "dialplanApplications": Self.changes(
                "dialplanApplications", dialplanApplications, other.dialplanApplications, \.extension),
        ]
        return Self.fields.filter { !$0.isEqual(self, other) }.flatMap { field in
            switch field.key {
            case "ari": ariChanges(to: other)
            case "ami": amiChanges(to: other)
            default: [named[field.key] ?? ConfigurationChange(section: field.key)]
            }
        }
    }

    /// Tells users apart from the other settings of the section.
    private func ariChanges(to other: Configuration) -> [ConfigurationChange] {
        var (old, new) = (ari, other.ari)
        (old.users, new.users) = ([], [])
        (old.outbound, new.outbound) = ([], [])
        var result: [ConfigurationChange] = old == new ? [] : [ConfigurationChange(section: "ari")]
        if ari.users != other.ari.users { result.append(Self.changes("ari.users", ari.users, other.ari.users, \.name)) }
        if ari.outbound != other.ari.outbound {
            result.append(Self.changes("ari.outbound", ari.outbound, other.ari.outbound, \.name))
        }
        return result
    }

    /// Tells managers apart from the other settings of the section.
    private func amiChanges(to other: Configuration) -> [ConfigurationChange] {
        var (old, new) = (ami, other.ami)
        (old.managers, new.managers) = ([], [])
        return (old == new ? [] : [ConfigurationChange(section: "ami")])
            + (ami.managers == other.ami.managers ? [] : [Self.changes("ami.managers", ami.managers, other.ami.managers, \.name)])
    }

    private static func changes<Item: Equatable>(
        _ section: String, _ old: [Item], _ new: [Item], _ name: (Item) -> String
    ) -> ConfigurationChange {
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.map(name))
        var change = ConfigurationChange(section: section)
        for item in new {
            guard let known = before[name(item)] else {
                change.added.append(name(item))
                continue
            }
            if known != item { change.changed.append(name(item)) }
        }
        change.removed = old.map(name).filter { !after.contains($0) }
        return change
    }
}
