import Dialplan

extension DialplanFunction {
    /// GROUP([category]): what the channel counts as; an empty value takes it out.
    static let group = DialplanFunction(
        read: { call in call.channel.map { fromCaller($0.groups[call[0]] ?? "") } },
        write: { call, value in
            guard let channel = call.channel else { return false }
            channel.groups[call[0]] = value.isEmpty ? nil : value.string
            return true
        })

    /// GROUP_COUNT([group][@category]): how many channels count as that now; without a group as what this channel counts as.
    static let groupCount = DialplanFunction(read: { call in
        let parts = call[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let category = parts.count == 2 ? parts[1] : ""
        let group = parts.first.flatMap { $0.isEmpty ? nil : $0 } ?? call.channel?.groups[category] ?? ""
        guard !group.isEmpty else { return "0" }
        return ExpandedText(String(call.core.channels.all.count { $0.groups[category] == group }))
    })
}
