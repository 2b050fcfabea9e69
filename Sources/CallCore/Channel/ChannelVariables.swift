import ARIModel
public import Dialplan

/// The variables of a channel and how far each is inherited by channels that it calls.
struct ChannelVariables {
    /// Variables one channel may hold, and the bytes of one value.
    static let limit = 1_024
    static let valueLimit = 65_536

    private struct Entry {
        var value: ExpandedText
        /// 0: stays; 1: goes to the next channel; `Int.max`: goes on for ever.
        var reach: Int
    }

    private var entries: [String: Entry] = [:]

    func value(_ name: String) -> ExpandedText? { entries[name]?.value }

    /// Sets `name`, whose leading underscores say how far it is inherited, and returns the bare name.
    mutating func set(_ name: String, _ value: ExpandedText?) -> String? {
        var bare = Substring(name)
        var reach = 0
        if bare.hasPrefix("__") {
            (bare, reach) = (bare.dropFirst(2), .max)
        } else if bare.hasPrefix("_") {
            (bare, reach) = (bare.dropFirst(), 1)
        }
        let key = String(bare)
        guard !key.isEmpty else { return nil }
        guard let value else {
            entries[key] = nil
            return key
        }
        guard entries[key] != nil || entries.count < Self.limit, value.count <= Self.valueLimit else { return nil }
        entries[key] = Entry(value: value, reach: reach)
        return key
    }

    /// All by name.
    var all: [(name: String, value: String)] { entries.map { ($0.key, $0.value.value.string) }.sorted { $0.name < $1.name } }

    /// Copies to another channel what its caller lets it inherit.
    func inherited() -> ChannelVariables {
        var copy = ChannelVariables()
        copy.entries = entries.compactMapValues { entry in
            switch entry.reach {
            case 0: nil
            case .max: entry
            default: Entry(value: entry.value, reach: entry.reach - 1)
            }
        }
        return copy
    }

    mutating func merge(_ other: ChannelVariables) {
        entries.merge(other.entries) { _, new in new }
    }
}

extension Channel {
    /// The value of a variable: the channel's own, one of the built-in ones, or the global one.
    public func variable(_ name: String) -> ExpandedText? {
        variables.value(name) ?? builtInVariable(name) ?? core.globals.value(name)
    }

    /// Sets a variable (nil removes it) and tells the subscribers. A leading `_` or `__` makes it inherited.
    public func setVariable(_ name: String, _ value: ExpandedText?) {
        if value == nil, variables.value(String(name.drop { $0 == "_" })) == nil { return }
        guard let bare = variables.set(name, value) else { return }
        if reportedVariables.contains(bare) || core.settings.channelVariables.contains(bare) { invalidateSnapshot() }
        emit(.channelVarset(channel: snapshot, variable: name, value: value?.string ?? ""))
    }

    public func setVariable(_ name: String, _ value: String) {
        setVariable(name, ExpandedText(value))
    }

    /// Shows a variable in `channelvars` of every snapshot from now on.
    public func report(variable name: String) {
        reportedVariables.insert(name)
        invalidateSnapshot()
    }

    private func builtInVariable(_ name: String) -> ExpandedText? {
        switch name {
        case "EXTEN": location.exten
        case "CONTEXT": ExpandedText(location.context)
        case "PRIORITY": ExpandedText(String(location.priority))
        case "CHANNEL": ExpandedText(self.name)
        case "UNIQUEID": ExpandedText(id)
        case "HANGUPCAUSE": ExpandedText(String(hangupCause.number))
        case "EPOCH": ExpandedText(String(core.scheduler.nowMs / 1000))
        case "SYSTEMNAME": ExpandedText(core.settings.systemName)
        case "ENTITYID": ExpandedText(core.settings.entityID)
        case "CALLERID": ExpandedText(caller.number, tainted: true)
        default: nil
        }
    }

}
