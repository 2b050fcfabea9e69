extension Configuration {
    /// Where a call from a provider goes. The first route that fits is taken.
    public struct IncomingRoute: Sendable, Equatable {
        public var name = ""
        public var enabled = true
        /// Which provider the call comes from; empty: any.
        public var provider = ""
        /// The number that is called, or a pattern; empty: any.
        public var number = ""
        /// The extension or dialplan application that gets the call.
        public var destination = ""
        /// The ARI application that gets it instead.
        public var application = ""
        /// How long an extension rings.
        public var seconds = 30
        /// The number that gets the call when nobody answered or the application isn't there.
        public var fallback = ""
        /// The ARI application that gets it then instead.
        public var fallbackApplication = ""

        public init() {}

        public init(name: String, destination: String) {
            self.name = name
            self.destination = destination
        }
    }

    /// Numbers that extensions may call through providers. The first route that fits is taken; without one nothing may be called.
    public struct OutgoingRoute: Sendable, Equatable {
        public var name = ""
        public var enabled = true
        /// The number that is dialled, or a pattern.
        public var pattern = ""
        /// How many characters at its start are left out.
        public var strip = 0
        /// What is put before the rest.
        public var prepend = ""
        /// Tried in this order until one takes the call.
        public var providers: [String] = []
        /// Which extensions may use it; none: all.
        public var extensions: [String] = []
        /// How long it rings.
        public var seconds = 60

        public init() {}

        public init(name: String, pattern: String, providers: [String]) {
            self.name = name
            self.pattern = pattern
            self.providers = providers
        }
    }
}

extension Configuration.IncomingRoute: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.routeName), .required),
        Field("enabled", \.enabled, .flag),
        Field("provider", \.provider, .text(.providerName)),
        Field("number", \.number, .text(.dialplanExtension)),
        Field("destination", \.destination, .text(.dialledNumber)),
        Field("application", \.application, .text(.application)),
        Field("seconds", \.seconds, .integer(1...600)),
        Field("fallback", \.fallback, .text(.dialledNumber)),
        Field("fallbackApplication", \.fallbackApplication, .text(.application)),
    ]
}

extension Configuration.OutgoingRoute: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.routeName), .required),
        Field("enabled", \.enabled, .flag),
        Field("pattern", \.pattern, .text(.dialplanExtension), .required),
        Field("strip", \.strip, .integer(0...32)),
        Field("prepend", \.prepend, .text(.word("prefix", maxBytes: 32, also: "+*#"))),
        Field("providers", \.providers, .list(.text(.providerName), 0...ConfigurationLimits.routeProviders)),
        Field("extensions", \.extensions, .list(.text(.dialledNumber), 0...ConfigurationLimits.extensions)),
        Field("seconds", \.seconds, .integer(1...600)),
    ]
}

extension TextRule {
    static let routeName = printable("name of a route", maxBytes: 80)
    static let dialledNumber = word("number", maxBytes: 64, also: "_.+*#-")
}
