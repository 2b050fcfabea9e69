import AMI

/// What managers may hear of and do, as manager.conf groups it.
public struct AMIClasses: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let system = AMIClasses(rawValue: 1 << 0)
    public static let call = AMIClasses(rawValue: 1 << 1)
    public static let log = AMIClasses(rawValue: 1 << 2)
    public static let verbose = AMIClasses(rawValue: 1 << 3)
    public static let command = AMIClasses(rawValue: 1 << 4)
    public static let agent = AMIClasses(rawValue: 1 << 5)
    public static let user = AMIClasses(rawValue: 1 << 6)
    public static let config = AMIClasses(rawValue: 1 << 7)
    public static let dtmf = AMIClasses(rawValue: 1 << 8)
    public static let reporting = AMIClasses(rawValue: 1 << 9)
    public static let cdr = AMIClasses(rawValue: 1 << 10)
    public static let dialplan = AMIClasses(rawValue: 1 << 11)
    public static let originate = AMIClasses(rawValue: 1 << 12)
    public static let agi = AMIClasses(rawValue: 1 << 13)
    public static let cc = AMIClasses(rawValue: 1 << 14)
    public static let aoc = AMIClasses(rawValue: 1 << 15)
    public static let test = AMIClasses(rawValue: 1 << 16)
    public static let security = AMIClasses(rawValue: 1 << 17)
    public static let message = AMIClasses(rawValue: 1 << 18)
    public static let all = AMIClasses(rawValue: (1 << 19) - 1)

    /// The words in the order in which they are told.
    public static let words: [(word: String, classes: AMIClasses)] = [
        ("system", .system), ("call", .call), ("log", .log), ("verbose", .verbose), ("command", .command), ("agent", .agent),
        ("user", .user), ("config", .config), ("dtmf", .dtmf), ("reporting", .reporting), ("cdr", .cdr), ("dialplan", .dialplan),
        ("originate", .originate), ("agi", .agi), ("cc", .cc), ("aoc", .aoc), ("test", .test), ("security", .security),
        ("message", .message), ("all", .all),
    ]

    /// Reads words between commas, `all` among them; words that mean nothing are left out.
    public init(words text: String) {
        self.init(names: text.split(separator: ",").map { $0.trimmingBlanks().lowercased() })
    }

    public init(names: [String]) {
        self = names.reduce(into: []) { classes, name in
            if let known = Self.words.first(where: { $0.word == name }) { classes.formUnion(known.classes) }
        }
    }

    /// As in `Privilege:` of an event.
    var privilege: String {
        (Self.words.filter { $0.word != "all" && contains($0.classes) }.map(\.word) + ["all"]).joined(separator: ",")
    }

    /// As ListCommands shows what an action takes.
    var required: String {
        isEmpty ? "<none>" : privilege
    }
}

/// Who may log in.
public struct ManagerLogin: Sendable, Equatable {
    public var name: String
    public var secret: String
    public var read: AMIClasses
    public var write: AMIClasses
    /// Filters that its events pass from the start; see ``EventFilter``.
    public var eventFilters: [String]
    /// Whether it may log in from an address.
    public var allows: @Sendable (String) -> Bool
    /// What `allows` is made of, to tell one setting from another.
    public var networks: [String]

    public init(
        name: String, secret: String, read: AMIClasses, write: AMIClasses, eventFilters: [String] = [], networks: [String] = [],
        allows: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.name = name
        self.secret = secret
        self.read = read
        self.write = write
        self.eventFilters = eventFilters
        self.networks = networks
        self.allows = allows
    }

    public static func == (left: ManagerLogin, right: ManagerLogin) -> Bool {
        (left.name, left.secret, left.read, left.write) == (right.name, right.secret, right.read, right.write)
            && left.eventFilters == right.eventFilters && left.networks == right.networks
    }
}

public struct AMISettings: Sendable, Equatable {
    public var managers: [ManagerLogin] = []
    /// Whether each event tells when it was.
    public var timestampsEvents = false
    /// Whether CEL events are sent.
    public var tellsCEL = false
    /// Whether a Cdr event is sent for each call.
    public var tellsCDR = false
    /// Variables whose values each event about a channel tells.
    public var channelVariables: [String] = []

    public init() {}
}
