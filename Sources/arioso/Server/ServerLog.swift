import CallCore
import Logging

/// Writes what the call core says to the log, with the id of the call beside it.
@CallActor
final class ServerLog: CallLog {
    private let logger: Logger

    init(_ logger: Logger) {
        self.logger = logger
    }

    func record(_ level: CallLogLevel, _ message: String, channelID: String?, detail: String) {
        var metadata: Logger.Metadata = [:]
        if let channelID { metadata["call"] = "\(channelID)" }
        if !detail.isEmpty { metadata["detail"] = "\(detail)" }
        logger.log(level: Self.level(level), "\(message)", metadata: metadata)
    }

    private static func level(_ level: CallLogLevel) -> Logger.Level {
        switch level {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
