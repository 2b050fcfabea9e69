/// Hands calls that are over to whoever keeps them.
@CallActor
public final class CallHistory {
    /// Takes each call once it is over, at once and without waiting; nil to keep nothing of calls that begin from now on.
    public var keeper: (@CallActor (CallRecord) -> Void)?

    nonisolated init() {}

    /// The call that a new channel belongs to: that of the channel on whose behalf it was made, or one of its own.
    func call(of channel: Channel, requester: Channel?) -> CallInProgress? {
        if let requester { return requester.call }
        return keeper == nil ? nil : CallInProgress(channel, history: self)
    }

    func keep(_ record: CallRecord) { keeper?(record) }
}
