import ARIModel

/// What a program asks over its media WebSocket, as plain text or JSON.
enum MediaSocketCommand: Equatable {
    case answer
    case hangUp
    case startBuffering
    case stopBuffering(id: String?)
    case mark(id: String?)
    case flush
    case pause
    case resume
    case status
    case reportDrained
    case setDirection(MediaSocketDirection)

    /// Longest command in bytes of the plain form, of an id in either.
    static let plainLimit = 128

    /// Tells why a text is no command.
    struct Problem: Error, Equatable { let text: String }

    init(_ text: String, isJSON: Bool) throws(Problem) {
        if isJSON { try self.init(json: text) } else { try self.init(plain: text) }
    }

    private init(plain text: String) throws(Problem) {
        guard text.utf8.count <= Self.plainLimit else { throw Problem(text: "a command has at most \(Self.plainLimit) bytes") }
        let parts = text.split(separator: " ", maxSplits: 1).map { $0.trimmingBlanks() }
        try self.init(word: parts.first ?? "", id: parts.count > 1 ? parts[1] : nil, direction: nil)
    }

    private init(json text: String) throws(Problem) {
        guard let object = try? JSONParser.parse(Array(text.utf8)), let word = object["command"]?.string else {
            throw Problem(text: "a command is an object with the member 'command'")
        }
        try self.init(word: word, id: object["correlation_id"]?.string, direction: object["direction"]?.string)
    }

    private init(word: String, id: String?, direction: String?) throws(Problem) {
        let id = id.flatMap { $0.isEmpty ? nil : String($0.prefix(Self.plainLimit)) }
        switch word {
        case "ANSWER": self = .answer
        case "HANGUP": self = .hangUp
        case "START_MEDIA_BUFFERING": self = .startBuffering
        case "STOP_MEDIA_BUFFERING": self = .stopBuffering(id: id)
        case "MARK_MEDIA": self = .mark(id: id)
        case "FLUSH_MEDIA": self = .flush
        case "PAUSE_MEDIA": self = .pause
        case "CONTINUE_MEDIA": self = .resume
        case "GET_STATUS": self = .status
        case "REPORT_QUEUE_DRAINED": self = .reportDrained
        case "SET_MEDIA_DIRECTION":
            guard let direction = MediaSocketDirection(rawValue: direction ?? "") else {
                throw Problem(text: "SET_MEDIA_DIRECTION needs a direction: both, in or out")
            }
            self = .setDirection(direction)
        default: throw Problem(text: "'\(word.prefix(40))' is no command")
        }
    }
}

/// Which way audio goes: `in` from the program into the call, `out` from the call to the program.
enum MediaSocketDirection: String {
    case both
    case `in`
    case out
}
