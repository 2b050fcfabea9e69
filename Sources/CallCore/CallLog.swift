/// Takes what the call core has to say to the person who runs it; every line about a call carries the call's id.
@CallActor
public protocol CallLog: AnyObject {
    func record(_ level: CallLogLevel, _ message: String, channelID: String?, detail: String)
}

public enum CallLogLevel: Sendable, Equatable { case debug, info, notice, warning, error }

extension CallLog {
    func notice(_ message: String, channel: Channel? = nil, detail: String = "") {
        record(.notice, message, channelID: channel?.id, detail: detail)
    }

    func warning(_ message: String, channel: Channel? = nil, detail: String = "") {
        record(.warning, message, channelID: channel?.id, detail: detail)
    }

    func debug(_ message: String, channel: Channel? = nil, detail: String = "") {
        record(.debug, message, channelID: channel?.id, detail: detail)
    }
}
