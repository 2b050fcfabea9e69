/// A call that is over, as it is kept.
public struct StoredCall: Sendable, Equatable {
    /// Its place among the calls that are kept; 0 before it is stored.
    public var row = 0
    /// The unique id of its first channel.
    public var channel: String
    /// Milliseconds since the epoch.
    public var startedMs: Int64
    /// Nil when nobody answered.
    public var answeredMs: Int64?
    public var endedMs: Int64
    public var callerName: String
    public var callerNumber: String
    /// The endpoint that called; empty for a call that a program made.
    public var callerEndpoint: String
    public var dialled: String
    /// The endpoint that answered; empty when none did.
    public var answeredBy: String
    /// The ARI application that had it last; empty for none.
    public var application: String
    public var accountCode: String
    /// `ANSWERED`, `NO ANSWER`, `BUSY`, `CONGESTION` or `FAILED`.
    public var disposition: String
    /// The Q.850 cause with which it ended.
    public var cause: Int
    /// What happened in it, as `StoredTimeline` reads it; empty when that is not kept.
    public var timeline: String

    public init(
        channel: String, startedMs: Int64, answeredMs: Int64?, endedMs: Int64, callerName: String, callerNumber: String,
        callerEndpoint: String, dialled: String, answeredBy: String, application: String, accountCode: String, disposition: String,
        cause: Int, timeline: String
    ) {
        self.channel = channel
        self.startedMs = startedMs
        self.answeredMs = answeredMs
        self.endedMs = endedMs
        self.callerName = callerName
        self.callerNumber = callerNumber
        self.callerEndpoint = callerEndpoint
        self.dialled = dialled
        self.answeredBy = answeredBy
        self.application = application
        self.accountCode = accountCode
        self.disposition = disposition
        self.cause = cause
        self.timeline = timeline
    }
}

/// Which of the calls that are kept are wanted, the latest first.
public struct CallQuery: Sendable, Equatable {
    /// Part of the caller's name or number, of what was dialled, who answered, the application, the account code or the channel's id.
    public var text = ""
    /// Milliseconds since the epoch; calls that began from then on.
    public var fromMs: Int64?
    /// Calls that began before.
    public var toMs: Int64?
    /// Empty for all.
    public var disposition = ""
    /// Only calls before this row.
    public var beforeRow: Int?
    public var limit = 100

    public init() {}
}
