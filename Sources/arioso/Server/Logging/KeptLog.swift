import Foundation
import Logging
import Store
import Synchronization

/// The lines of the log that go into the history, for the console to show.
final class KeptLog: Sendable {
    /// Nil while none are kept.
    private let database = Mutex<HistoryDatabase?>(nil)
    /// Asked for every line that might be written.
    private let isKeeping = Atomic(false)
    private static let messageLimit = 1_000
    private static let detailLimit = 4_000

    /// Where lines go from now on; nil to keep none.
    func use(_ new: HistoryDatabase?) {
        database.withLock { $0 = new }
        isKeeping.store(new != nil, ordering: .relaxed)
    }

    /// The least level that is kept; nil while none is.
    var level: Logger.Level? { isKeeping.load(ordering: .relaxed) ? .info : nil }

    func write(_ event: LogEvent, _ details: @escaping @Sendable () -> String) {
        guard event.level >= .info, let database = database.withLock({ $0 }) else { return }
        let (level, message, atMs) = (event.level, event.message, Int64(Date().timeIntervalSince1970 * 1_000))
        database.keepLine {
            StoredLogLine(
                atMs: atMs, level: Self.stored(level), message: String(message.description.prefix(Self.messageLimit)),
                details: String(details().prefix(Self.detailLimit)))
        }
    }

    private static func stored(_ level: Logger.Level) -> StoredLogLine.Level {
        switch level {
        case .trace, .debug, .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error, .critical: .error
        }
    }
}
