import Foundation
import Logging

/// Writes log lines to the console, to the files that clients added, and into the history.
struct TeeLogHandler: LogHandler {
    private var console: StreamLogHandler
    private let files: LogFiles
    private let kept: KeptLog

    init(label: String, files: LogFiles, kept: KeptLog) {
        console = .standardError(label: label)
        self.files = files
        self.kept = kept
    }

    var metadata: Logger.Metadata {
        get { console.metadata }
        set { console.metadata = newValue }
    }

    /// A file or the history may want more than the console.
    var logLevel: Logger.Level {
        get { [files.lowestLevel, kept.level].reduce(console.logLevel) { min($0, $1 ?? $0) } }
        set { console.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { console[metadataKey: key] }
        set { console[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        if event.level >= console.logLevel { console.log(event: event) }
        files.write(event.level, Self.line(event, metadata))
        kept.write(event) { [metadata] in Self.details(event, metadata).joined(separator: " ") }
    }

    private static func line(_ event: LogEvent, _ own: Logger.Metadata) -> String {
        "\(Date().ISO8601Format()) \(event.level.rawValue) \(event.message)\(details(event, own).map { " " + $0 }.joined())"
    }

    private static func details(_ event: LogEvent, _ own: Logger.Metadata) -> [String] {
        own.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}
