extension Configuration {
    /// The manager interface, line by line over TCP, for programs that watch and steer calls.
    public struct AMI: Sendable, Equatable {
        public var enabled = false
        /// A numeric IPv4 or IPv6 address.
        public var host = "127.0.0.1"
        /// 0: the system chooses a free port.
        public var port = 5038
        public var tlsEnabled = false
        public var tlsPort = 5039
        /// Each event tells when it was.
        public var timestampEvents = false
        /// Channel event logging is sent as events.
        public var cel = false
        /// The detail record of each call is sent as an event.
        public var cdr = false
        public var managers: [AMIManager] = []

        public init() {}
    }

    /// Someone who may log in there.
    public struct AMIManager: Sendable, Equatable {
        /// A kind of events, and of actions.
        public enum Class: String, Sendable, CaseIterable {
            case system, call, log, verbose, command, agent, user, config, dtmf, reporting, cdr, dialplan, originate, agi, cc, aoc, test,
                security, message, all
        }

        public var name = ""
        public var secret = ""
        /// May log in.
        public var enabled = true
        public var description = ""
        /// What it hears of.
        public var read: [Class] = []
        /// What it may have done.
        public var write: [Class] = []
        /// Regular expressions of events: with `!` before it those that are left out.
        public var eventFilters: [String] = []
        /// Where it may come from; empty: anywhere.
        public var allowedNetworks: [IPNetwork] = []

        public init() {}

        public init(name: String, secret: String) {
            self.name = name
            self.secret = secret
        }
    }
}

extension Configuration.AMI: Record {
    static let fields: [Field<Self>] = [
        Field("enabled", \.enabled, .flag),
        Field("host", \.host, .address, .notEmpty),
        Field("port", \.port, .port),
        Field("tlsEnabled", \.tlsEnabled, .flag),
        Field("tlsPort", \.tlsPort, .port),
        Field("timestampEvents", \.timestampEvents, .flag),
        Field("cel", \.cel, .flag),
        Field("cdr", \.cdr, .flag),
        Field("managers", \.managers, .list(.record(), 0...ConfigurationLimits.amiManagers)),
    ]
}

extension Configuration.AMIManager: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.ariUser), .required),
        Field("secret", \.secret, .text(.printable("secret", maxBytes: 128)), .required),
        Field("enabled", \.enabled, .flag),
        Field("description", \.description, .text(.printable("description", maxBytes: 255))),
        Field("read", \.read, .list(.choice, 0...Class.allCases.count)),
        Field("write", \.write, .list(.choice, 0...Class.allCases.count)),
        Field("eventFilters", \.eventFilters, .list(.text(.printable("filter", maxBytes: 1_000)), 0...ConfigurationLimits.amiFilters)),
        Field("allowedNetworks", \.allowedNetworks, .list(.network, 0...ConfigurationLimits.localNetworks)),
    ]
}
