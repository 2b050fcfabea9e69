/// Something that the server said, as it is kept.
public struct StoredLogLine: Sendable, Equatable {
    public enum Level: Int, Sendable, CaseIterable, Comparable {
        case info, notice, warning, error

        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// Its place among the lines that are kept; 0 before it is stored.
    public var row = 0
    /// Milliseconds since the epoch.
    public var atMs: Int64
    public var level: Level
    public var message: String
    /// `name=value …`, as in the log on the screen.
    public var details: String

    public init(atMs: Int64, level: Level, message: String, details: String) {
        self.atMs = atMs
        self.level = level
        self.message = message
        self.details = details
    }
}

/// Which lines of the log are wanted, the latest first.
public struct LogQuery: Sendable, Equatable {
    /// Part of the message or of the details.
    public var text = ""
    /// Lines of this level and above.
    public var level = StoredLogLine.Level.info
    /// Milliseconds since the epoch; lines from then on.
    public var fromMs: Int64?
    /// Lines before.
    public var toMs: Int64?
    /// Only lines before this row.
    public var beforeRow: Int?
    public var limit = 100

    public init() {}
}
