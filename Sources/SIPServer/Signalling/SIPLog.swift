import CallCore
import Logging
import NIOCore

/// Writes the log of the SIP side. Warnings come from whoever sends packets, so there is a bound on how many are written.
@CallActor
final class SIPLog {
    /// Warnings written per window; the rest is counted and told at the window's end.
    static let warningsPerWindow = 20
    static let window = TimeAmount.seconds(10)

    private let logger: Logger
    private var windowEnd = NIODeadline.now()
    private var written = 0
    private var suppressed = 0

    init(_ logger: Logger) {
        self.logger = logger
    }

    var isDebugging: Bool { logger.logLevel <= .debug }

    func debug(_ text: @autoclosure () -> String, _ detail: @autoclosure () -> String = "", callID: String? = nil) {
        guard isDebugging else { return }
        write(.debug, text(), detail(), callID)
    }

    func info(_ text: String, _ detail: @autoclosure () -> String = "", callID: String? = nil) {
        guard logger.logLevel <= .info else { return }
        write(.info, text, detail(), callID)
    }

    func warning(_ text: String, _ detail: @autoclosure () -> String = "", callID: String? = nil) {
        let now = NIODeadline.now()
        if now >= windowEnd {
            if suppressed > 0 { logger.warning("further warnings were left out", metadata: ["count": "\(suppressed)"]) }
            (windowEnd, written, suppressed) = (now + Self.window, 0, 0)
        }
        guard written < Self.warningsPerWindow else {
            suppressed += 1
            return
        }
        written += 1
        write(.warning, text, detail(), callID)
    }

    func error(_ text: String, _ detail: String = "") {
        write(.error, text, detail, nil)
    }

    private func write(_ level: Logger.Level, _ text: String, _ detail: String, _ callID: String?) {
        var metadata: Logger.Metadata = [:]
        if !detail.isEmpty { metadata["detail"] = "\(detail)" }
        if let callID { metadata["call"] = "\(callID)" }
        logger.log(level: level, "\(text)", metadata: metadata)
    }
}
