import ARIModel
import Dialplan

/// Gathers what is to be kept of a call while it goes on.
@CallActor
final class CallInProgress {
    /// Moments of one call that are kept; further ones are counted.
    static let momentLimit = 1_000
    /// Channels of one call that are told apart in its moments.
    static let channelLimit = 500

    private let history: CallHistory
    private var record: CallRecord
    /// The first channel; the call is its.
    private weak var first: Channel?
    private var living = 0

    init(_ first: Channel, history: CallHistory) {
        self.history = history
        self.first = first
        record = CallRecord(
            id: first.callID, startedMs: first.createdMs, answeredMs: nil, endedMs: 0, caller: .empty, callerEndpoint: "", dialled: "",
            answeredBy: "", application: "", accountCode: "", disposition: .unanswered, cause: .unknown, channels: [], moments: [],
            lostMoments: 0)
        record.moments.reserveCapacity(16)
    }

    /// A channel of the call was made.
    func begin(_ channel: Channel) {
        living += 1
        if channel === first, !channel.isOutbound { record.dialled = channel.location.exten.string }
        guard record.channels.count < Self.channelLimit else { return }
        channel.placeInCall = UInt16(record.channels.count)
        record.channels.append(channel.name)
    }

    func note(_ kind: CallMoment.Kind, _ channel: Channel, _ detail: CallMoment.Detail = .none) {
        guard let place = channel.placeInCall else { return }
        guard record.moments.count < Self.momentLimit else {
            record.lostMoments += 1
            return
        }
        let atMs = UInt32(clamping: channel.core.scheduler.nowMs - record.startedMs)
        record.moments.append(CallMoment(kind: kind, atMs: atMs, channel: place, detail: detail.bounded))
    }

    func enters(_ application: String, _ channel: Channel) {
        record.application = application
        note(.entersApplication, channel, .text(application))
    }

    /// A channel of the call answered.
    func answered(_ channel: Channel) {
        note(.answered, channel)
        if channel === first { record.answeredMs = channel.core.scheduler.nowMs }
        guard channel !== first || channel.isOutbound, record.answeredBy.isEmpty, channel.technology != "Local"
        else { return }
        record.answeredBy = channel.endpoint?.id ?? channel.dialName
    }

    /// A channel of the call is gone; with the last one the call is over.
    func end(_ channel: Channel) {
        note(.ended, channel, .cause(channel.hangupCause))
        if channel === first { take(channel) }
        living -= 1
        guard living <= 0 else { return }
        record.endedMs = channel.core.scheduler.nowMs
        history.keep(record)
    }

    private func take(_ channel: Channel) {
        record.caller = channel.isOutbound ? channel.connected : channel.caller
        record.callerEndpoint = channel.isOutbound ? "" : channel.endpoint?.id ?? ""
        if channel.isOutbound { record.dialled = channel.dialName }
        record.accountCode = channel.accountCode
        record.cause = channel.hangupCause
        record.disposition = record.answeredMs == nil ? Self.disposition(channel.hangupCause) : .answered
    }

    private static func disposition(_ cause: HangupCause) -> CallRecord.Disposition {
        switch cause {
        case .userBusy: .busy
        case .congestion, 42: .congestion
        case .normalClearing, .noAnswer, .unknown, 18, 21, 127: .unanswered
        default: .failed
        }
    }
}
