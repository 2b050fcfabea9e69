import Dialplan

/// A dialplan function that needs a channel, the clock of a call or the core. The pure ones belong to the Dialplan module.
struct DialplanFunction: Sendable {
    /// Gives the value; nil when the arguments make no sense.
    let read: (@CallActor @Sendable (FunctionCall) -> ExpandedText?)?
    /// Takes a new value.
    /// - Returns: false when the arguments make no sense.
    let write: (@CallActor @Sendable (FunctionCall, ExpandedText) -> Bool)?

    init(
        read: (@CallActor @Sendable (FunctionCall) -> ExpandedText?)? = nil,
        write: (@CallActor @Sendable (FunctionCall, ExpandedText) -> Bool)? = nil
    ) {
        self.read = read
        self.write = write
    }

    private static let byName: [String: DialplanFunction] = [
        "CALLERID": .callerID, "CONNECTEDLINE": .connectedLine, "REDIRECTING": .redirecting, "CHANNEL": .channel,
        "GLOBAL": .global, "DB": .database, "DB_EXISTS": .databaseExists, "DB_DELETE": .databaseDelete, "DB_KEYS": .databaseKeys,
        "TIMEOUT": .timeout, "DEVICE_STATE": .deviceState, "EXTENSION_STATE": .extensionState, "HINT": .hint,
        "GROUP": .group, "GROUP_COUNT": .groupCount, "PJSIP_HEADER": .sipHeader, "HANGUPCAUSE": .hangupCause, "EXTEN": .exten,
        "TALK_DETECT": .talkDetect, "TONE_DETECT": .toneDetect, "PJSIP_TRANSFER_HANDLING": .transferHandling,
    ]

    static func named(_ name: String) -> DialplanFunction? { byName[name.uppercased()] }
}

/// One use of a function: where, on which channel, with what.
@CallActor
struct FunctionCall {
    let core: CallCore
    let channel: Channel?
    let arguments: [ExpandedText]

    subscript(index: Int) -> String {
        index < arguments.count ? arguments[index].trimmed.string : ""
    }
}

/// Marks what the far end said as data.
func fromCaller(_ text: String) -> ExpandedText {
    ExpandedText(text, tainted: true)
}
