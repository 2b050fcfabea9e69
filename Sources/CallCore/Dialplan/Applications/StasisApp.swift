import ARIModel
import Dialplan

extension Channel {
    /// Enters an application, or a connection of the call's own to it, and waits until it lets the channel go.
    func stayInStasis(_ name: String, arguments: [String]) async -> ApplicationResult {
        guard let opener = core.callApplications, opener.opens(name) else { return await stay(in: name, arguments: arguments) }
        guard let opened = await opener.open(name, for: self) else {
            setVariable("STASISSTATUS", "FAILED")
            return hangupRequested ? .hangup : .next
        }
        defer { opener.callLeft(opened) }
        applications.insert(name)
        return hangupRequested ? .hangup : await stay(in: opened, arguments: arguments)
    }

    private func stay(in name: String, arguments: [String]) async -> ApplicationResult {
        guard enterStasis(name, arguments: arguments) else { return .next }
        while true {
            switch await nextSignal() {
            case .hangup: return .hangup
            case .leftStasis:
                guard let target = pbx?.takeStasisContinuation() else { return .next }
                return .goTo(target)
            default: continue
            }
        }
    }
}

extension DialplanApplication {
    /// Hands the channel to an ARI application and waits until it lets go.
    static let stasis = DialplanApplication("Stasis") { channel, arguments in
        let texts = arguments.map(\.string)
        guard let name = texts.first, !name.isEmpty else {
            channel.core.log.warning("Stasis needs the name of an application", channel: channel)
            return .hangup
        }
        return await channel.stayInStasis(name, arguments: Array(texts.dropFirst()))
    }

    /// Tells applications that are subscribed to the channel an event of the dialplan's own.
    static let userEvent = DialplanApplication("UserEvent") { channel, arguments in
        guard let name = arguments.first?.trimmed.string, !name.isEmpty else { return .next }
        var variables = JSONObject()
        for header in arguments.dropFirst() {
            let parts = header.split(at: UInt8(ascii: ":"), max: 2)
            variables[parts[0].trimmed.string] = .string(parts.count > 1 ? parts[1].trimmed.string : "")
        }
        let event = variables
        channel.emit(.channelUserevent(eventName: name, channel: channel.snapshot, variables: event))
        return .next
    }
}
