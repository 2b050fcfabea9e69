import ARIModel
import Dialplan

extension DialplanApplication {
    /// Hands the channel to an ARI application and waits until it lets go.
    static let stasis = DialplanApplication("Stasis") { channel, arguments in
        let texts = arguments.map(\.string)
        guard let name = texts.first, !name.isEmpty else {
            channel.core.log.warning("Stasis needs the name of an application", channel: channel)
            return .hangup
        }
        guard channel.enterStasis(name, arguments: Array(texts.dropFirst())) else { return .next }
        while true {
            switch await channel.nextSignal() {
            case .hangup: return .hangup
            case .leftStasis:
                guard let target = channel.pbx?.takeStasisContinuation() else { return .next }
                return .goTo(target)
            default: continue
            }
        }
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
