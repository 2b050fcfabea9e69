/// What is kept of a call when its last channel is gone: all channels that began with, or on behalf of, one.
public struct CallRecord: Sendable, Equatable {
    /// How a call came out, in the words of call detail records.
    public enum Disposition: String, Sendable, CaseIterable {
        case answered = "ANSWERED"
        case unanswered = "NO ANSWER"
        case busy = "BUSY"
        case congestion = "CONGESTION"
        case failed = "FAILED"
    }

    /// The unique id of its first channel.
    public var id: String
    /// Milliseconds since the epoch.
    public var startedMs: Int64
    /// Nil when nobody answered.
    public var answeredMs: Int64?
    public var endedMs: Int64
    /// Who called.
    public var caller: PartyID
    /// The endpoint that called, such as `PJSIP/201`; empty for a call that a program or an application made.
    public var callerEndpoint: String
    /// The number that was dialled, or the endpoint that a program called.
    public var dialled: String
    /// The endpoint that answered; empty when none did.
    public var answeredBy: String
    /// The ARI application that had the call last; empty for none.
    public var application: String
    public var accountCode: String
    public var disposition: Disposition
    /// The Q.850 cause with which it ended.
    public var cause: HangupCause
    /// The names of its channels, in the order in which they were made.
    public var channels: [String]
    public var moments: [CallMoment]
    /// Moments that came after the limit and are not kept.
    public var lostMoments: Int
}

/// Something that happened in a call.
public struct CallMoment: Sendable, Equatable {
    public enum Kind: UInt8, Sendable, CaseIterable {
        case created, ringing, answered, runs, entersApplication, leavesApplication, entersBridge, leavesBridge, held, resumed, transferred,
            plays, records, ended
    }

    /// What exactly; put into words only when somebody reads it, which is not while the call goes on.
    public enum Detail: Sendable, Equatable {
        case none
        case text(String)
        case application(String, data: String)
        case cause(HangupCause)

        /// Characters that are kept of a text.
        static let limit = 200

        public var text: String {
            switch self {
            case .none: ""
            case .text(let text): text
            case .application(let name, let data): "\(name)(\(data))"
            case .cause(let cause): "\(cause.number) \(cause.text)"
            }
        }

        /// The same with a long text cut off, so that a call can't keep much of what a dialplan or a program makes up.
        var bounded: Detail {
            switch self {
            case .text(let text) where text.utf8.count > Self.limit: .text(String(text.prefix(Self.limit)) + "…")
            case .application(let name, let data) where data.utf8.count > Self.limit:
                .application(name, data: String(data.prefix(Self.limit)) + "…")
            default: self
            }
        }
    }

    public var kind: Kind
    /// Milliseconds since the start of the call.
    public var atMs: UInt32
    /// Which of the call's channels.
    public var channel: UInt16
    public var detail: Detail
}
