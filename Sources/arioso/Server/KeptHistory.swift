import CallCore
import Foundation
import Logging
import Store

/// Keeps calls that are over, and the log, as the configuration wants it.
@CallActor
final class KeptHistory {
    /// Nil when the file can't be used; calls go on without it.
    let database: HistoryDatabase?
    private let core: CallCore
    private let log: KeptLog
    private var settings = Configuration.History()
    private var cleaning: ScheduledAction?
    private static let hourMs = 3_600_000
    private static let dayMs: Int64 = 86_400_000

    init(core: CallCore, folder: String, log: KeptLog, logger: Logger) {
        self.core = core
        self.log = log
        do {
            database = try HistoryDatabase(folder: folder, logger: logger)
        } catch {
            logger.error("neither calls nor the log are kept: the history can't be used", metadata: ["reason": "\(error)"])
            database = nil
        }
    }

    func apply(_ settings: Configuration.History) {
        self.settings = settings
        guard let database else { return }
        if settings.enabled {
            core.history.keeper = { [hasTimeline = settings.timeline] record in
                database.keepCall { StoredCall(record, hasTimeline: hasTimeline) }
            }
        } else {
            core.history.keeper = nil
        }
        log.use(settings.log ? database : nil)
        clean()
    }

    /// Deletes what is too old, now and every hour.
    private func clean() {
        cleaning?.cancel()
        guard let database else { return }
        func start(days: Int) -> Int64? { days > 0 ? core.scheduler.nowMs - Int64(days) * Self.dayMs : nil }
        if let start = start(days: settings.days) { database.removeCalls(endedBeforeMs: start) }
        database.removeLines(beforeMs: start(days: settings.logDays))
        cleaning = core.scheduler.schedule(afterMs: Self.hourMs) { [weak self] in self?.clean() }
    }

    func stop() {
        cleaning?.cancel()
        log.use(nil)
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
