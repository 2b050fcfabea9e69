extension Configuration {
    /// Who this system is towards the programs that control it.
    public struct Identity: Sendable, Equatable {
        /// Six hexadecimal bytes such as `02:1a:2b:3c:4d:5e`, sent as `asterisk_id`; empty: made at the first start and kept.
        public var entityID = ""
        /// Starts every channel id (`name-1774412307.28`) when set.
        public var systemName = ""

        public init() {}
    }

    /// What is written to the log.
    public struct Log: Sendable, Equatable {
        /// How important a message must be to be logged.
        public enum Level: String, Sendable, CaseIterable {
            case trace, debug, info, notice, warning, error, critical
        }

        public var level = Level.info

        public init() {}
    }
}

extension Configuration.Identity: Record {
    static let fields: [Field<Self>] = [
        Field("entityId", \.entityID, .text(.entityID)),
        Field("systemName", \.systemName, .text(.word("system name", maxBytes: 32, also: "_-"))),
    ]
}

extension Configuration.Log: Record {
    static let fields: [Field<Self>] = [Field("level", \.level, .choice)]
}

extension TextRule {
    static let entityID = TextRule(
        name: "entity id", requirement: "Write six bytes in hexadecimal, such as 02:1a:2b:3c:4d:5e.", maxBytes: 17,
        accepts: { text in
            let bytes = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            return bytes.count == 6 && bytes.allSatisfy { $0.count == 2 && $0.allSatisfy(\.isASCIIHexDigit) }
        })
    static let language = word("language", maxBytes: 20, also: "_-")
    static let country = TextRule(
        name: "country", requirement: "Write a two-letter country code in small letters, such as us or de.", maxBytes: 2,
        accepts: { $0.utf8.count == 2 && $0.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } })
    static let musicClass = word("music class", maxBytes: 80, also: "_-.")
    static let path = printable("path", maxBytes: 4096)
    static let context = word("context name", maxBytes: 79, also: "_-")
}
