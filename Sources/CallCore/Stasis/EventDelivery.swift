/// What a client asks for beyond the events themselves when it opens a connection for an application.
public struct EventDelivery: Sendable, Equatable {
    /// Every event carries its number, and what is missed can be asked for (`seq`).
    public var isNumbered = false
    /// Where an earlier connection broke off (`resume`, `after`); implies ``isNumbered``.
    public var resumePoint: ResumePoint?
    /// Calls are shared out among all connections that say so (`consumers=shared`).
    public var isShared = false
    /// ChannelDestroyed comes for every channel that the application ever saw (`finalEvents`).
    public var wantsFinalEvents = false

    /// What the client may hear of: an application never widens it.
    public var scope = AccessScope.everything

    public init() {}
}

/// How far a client got in the events of an application.
public struct ResumePoint: Sendable, Equatable {
    /// The token from EventStreamStarted, EventStreamResumed or ResumeFailed.
    public let token: String
    /// The number of the last event that it got; 0 for none.
    public let sequence: Int

    public init(token: String, sequence: Int) {
        self.token = token
        self.sequence = sequence
    }
}
