import Foundation
import Logging

/// Writes log lines to the console and to the files that clients added.
struct TeeLogHandler: LogHandler {
    private var console: StreamLogHandler
    private let files: LogFiles

    init(label: String, files: LogFiles) {
        console = .standardError(label: label)
        self.files = files
    }

    var metadata: Logger.Metadata {
        get { console.metadata }
        set { console.metadata = newValue }
    }

    /// A file may want more than the console.
    var logLevel: Logger.Level {
        get { files.lowestLevel.map { min($0, console.logLevel) } ?? console.logLevel }
        set { console.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { console[metadataKey: key] }
        set { console[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        if event.level >= console.logLevel { console.log(event: event) }
        files.write(event.level, Self.line(event, metadata))
    }

    private static func line(_ event: LogEvent, _ own: Logger.Metadata) -> String {
        let metadata = own.merging(event.metadata ?? [:]) { $1 }
        let details = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        return "\(Date().ISO8601Format()) \(event.level.rawValue) \(event.message)\(details)"
    }
}
