/// Why a call ended: an ITU-T Q.850 cause number with the text that ARI shows for it.
public struct HangupCause: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// 0 (not known) to 127.
    public let number: Int

    public init(_ number: Int) {
        self.number = (0...127).contains(number) ? number : 0
    }

    public init(integerLiteral value: Int) {
        self.init(value)
    }

    public static let unknown: HangupCause = 0
    public static let unallocated: HangupCause = 1
    public static let normalClearing: HangupCause = 16
    public static let userBusy: HangupCause = 17
    public static let noUserResponse: HangupCause = 18
    public static let noAnswer: HangupCause = 19
    public static let callRejected: HangupCause = 21
    public static let answeredElsewhere: HangupCause = 26
    public static let numberIncomplete: HangupCause = 28
    public static let normalUnspecified: HangupCause = 31
    public static let congestion: HangupCause = 34
    public static let failure: HangupCause = 38
    public static let bearerCapabilityNotAvailable: HangupCause = 58
    public static let recoveryOnTimerExpiry: HangupCause = 102
    public static let interworking: HangupCause = 127

    /// The words ARI accepts as `reason` of `DELETE /channels/{channelId}`.
    public init?(reason: String) {
        guard let cause = Self.reasons[reason] else { return nil }
        self = cause
    }

    private static let reasons: [String: HangupCause] = [
        "normal": .normalClearing, "busy": .userBusy, "congestion": .congestion, "no_answer": .noAnswer,
        "timeout": .noUserResponse, "rejected": .callRejected, "unallocated": .unallocated,
        "normal_unspecified": .normalUnspecified, "number_incomplete": .numberIncomplete,
        "codec_mismatch": .bearerCapabilityNotAvailable, "interworking": .interworking, "failure": .failure,
        "answered_elsewhere": .answeredElsewhere,
    ]

    /// The text of `cause_txt` in ChannelDestroyed.
    public var text: String {
        Self.texts[number] ?? "Unknown"
    }

    private static let texts: [Int: String] = [
        1: "Unallocated (unassigned) number", 2: "No route to specified transmit network", 3: "No route to destination",
        6: "Channel unacceptable", 7: "Call awarded and being delivered in an established channel", 16: "Normal Clearing",
        17: "User busy", 18: "No user responding", 19: "User alerting, no answer", 20: "Subscriber absent", 21: "Call Rejected",
        22: "Number changed", 26: "Answered elsewhere", 27: "Destination out of order", 28: "Invalid number format",
        29: "Facility rejected", 30: "Response to STATus ENQuiry", 31: "Normal, unspecified", 34: "Circuit/channel congestion",
        38: "Network out of order", 41: "Temporary failure", 42: "Switching equipment congestion", 43: "Access information discarded",
        44: "Requested channel not available", 45: "Pre-empted", 50: "Facility not subscribed", 52: "Outgoing call barred",
        54: "Incoming call barred", 57: "Bearer capability not authorized", 58: "Bearer capability not available",
        65: "Bearer capability not implemented", 66: "Channel not implemented", 69: "Facility not implemented",
        81: "Invalid call reference value", 88: "Incompatible destination", 95: "Invalid message unspecified",
        96: "Mandatory information element missing", 97: "Message type nonexist.", 98: "Wrong message",
        99: "Info. element nonexist or not implemented",
        100: "Invalid information element contents", 101: "Wrong call state", 102: "Recover on timer expiry",
        103: "Mandatory information element length error", 111: "Protocol error, unspecified", 127: "Interworking, unspecified",
    ]
}
