import CallCore
import Foundation
import Logging
import Store

/// Keeps calls that are over as the configuration wants it.
@CallActor
final class KeptCalls {
    /// Nil when the file can't be used; calls go on without it.
    let database: CallHistoryDatabase?
    private let core: CallCore
    private var settings = Configuration.History()
    private var cleaning: ScheduledAction?
    private static let hourMs = 3_600_000
    private static let dayMs: Int64 = 86_400_000

    init(core: CallCore, folder: String, logger: Logger) {
        self.core = core
        do {
            database = try CallHistoryDatabase(folder: folder, logger: logger)
        } catch {
            logger.error("calls are not kept: the call history can't be used", metadata: ["reason": "\(error)"])
            database = nil
        }
    }

    func apply(_ settings: Configuration.History) {
        self.settings = settings
        guard settings.enabled, let database else { return core.history.keeper = nil }
        core.history.keeper = { [hasTimeline = settings.timeline] record in
            database.keep { StoredCall(record, hasTimeline: hasTimeline) }
        }
        clean()
    }

    /// Deletes what is too old, now and every hour.
    private func clean() {
        cleaning?.cancel()
        guard settings.days > 0, let database else { return }
        database.remove(endedBeforeMs: core.scheduler.nowMs - Int64(settings.days) * Self.dayMs)
        cleaning = core.scheduler.schedule(afterMs: Self.hourMs) { [weak self] in self?.clean() }
    }

    func stop() {
        cleaning?.cancel()
        database?.close()
    }
}

extension StoredCall {
    fileprivate init(_ record: CallRecord, hasTimeline: Bool) {
        self.init(
            channel: record.id, startedMs: record.startedMs, answeredMs: record.answeredMs, endedMs: record.endedMs,
            callerName: record.caller.name, callerNumber: record.caller.number, callerEndpoint: record.callerEndpoint,
            dialled: record.dialled, answeredBy: record.answeredBy, application: record.application, accountCode: record.accountCode,
            disposition: record.disposition.rawValue, cause: record.cause.number, timeline: hasTimeline ? record.timeline : "")
    }
}

extension CallRecord {
    fileprivate var timeline: String {
        var writer = StoredTimeline.Writer(channels: channels, moments: moments.count)
        for moment in moments {
            writer.add(ms: Int(moment.atMs), what: moment.kind.word, channel: Int(moment.channel), detail: moment.detail.text)
        }
        return writer.text
    }
}

extension CallMoment.Kind {
    fileprivate var word: StaticString {
        switch self {
        case .created: "created"
        case .ringing: "ringing"
        case .answered: "answered"
        case .runs: "dialplan"
        case .entersApplication: "enters application"
        case .leavesApplication: "leaves application"
        case .entersBridge: "enters bridge"
        case .leavesBridge: "leaves bridge"
        case .held: "on hold"
        case .resumed: "off hold"
        case .transferred: "transferred"
        case .plays: "plays"
        case .records: "records"
        case .ended: "ended"
        }
    }
}
