extension Configuration {
    /// What is kept of calls that are over, and of the log.
    public struct History: Sendable, Equatable {
        public var enabled = true
        /// How long a call is kept; 0: for ever.
        public var days = 365
        /// Whether it is kept what happened in each call, and when.
        public var timeline = true
        /// Whether the log is kept, from info on, for the console to show.
        public var log = true
        /// How long; 0: for ever.
        public var logDays = 30

        public init() {}
    }
}

extension Configuration.History: Record {
    static let fields: [Field<Self>] = [
        Field("enabled", \.enabled, .flag),
        Field("days", \.days, .integer(0...36_500)),
        Field("timeline", \.timeline, .flag),
        Field("log", \.log, .flag),
        Field("logDays", \.logDays, .integer(0...36_500)),
    ]
}
