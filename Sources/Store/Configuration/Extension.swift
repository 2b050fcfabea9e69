extension Configuration {
    /// A phone's account: who may register, and what its calls are like.
    public struct Extension: Sendable, Equatable {
        /// How digits travel.
        public enum DTMF: String, Sendable, CaseIterable {
            /// As telephone events in the audio stream (RFC 4733).
            case rfc4733
            /// As SIP INFO requests.
            case info
            /// As telephone events when the phone offers them, otherwise as SIP INFO.
            case autoInfo = "auto_info"
        }

        /// How audio may be carried.
        public enum MediaEncryption: String, Sendable, CaseIterable {
            /// As the phone offers it; browsers are called with DTLS, others with plain RTP.
            case automatic
            /// SRTP only, with keys in the session description.
            case sdes
            /// SRTP with DTLS and ICE only, over whatever transport.
            case dtls
        }

        /// How a device is connected.
        public enum Transport: String, Sendable, CaseIterable {
            case udp, tcp, tls, ws, wss
        }

        /// A way to encode audio.
        public enum Codec: String, Sendable, CaseIterable {
            case ulaw, alaw, g722, opus
        }

        /// The name and number that the called party sees.
        public struct CallerID: Sendable, Equatable {
            public var name = ""
            /// Empty: the extension's number.
            public var number = ""

            public init(name: String = "", number: String = "") {
                self.name = name
                self.number = number
            }

            public init() { self.init(name: "") }
        }

        /// Where calls go that the extension does not take itself; empty: nowhere.
        public struct Forwarding: Sendable, Equatable {
            public var always = ""
            public var busy = ""
            public var unanswered = ""
            /// No device of it is there.
            public var unavailable = ""

            public init() {}
        }

        /// How much may be called through providers.
        public struct OutsideCalls: Sendable, Equatable {
            /// Calls at one time; 0: no limit.
            public var maxCalls = 0
            /// Minutes of one call; 0: no limit.
            public var maxMinutes = 0

            public init() {}
        }

        /// The number or name that is dialled (`PJSIP/201`) and that the phone logs in with.
        public var number = ""
        /// The password of the phone.
        public var secret = ""
        /// The dialplan context of its calls.
        public var context = "internal"
        /// Whether it has to prove by the secret who it is.
        public var authenticate = true
        /// The dialplan context of its text messages; empty: `context`.
        public var messageContext = ""
        public var callerID = CallerID()
        /// Allowed codecs, the preferred one first.
        public var codecs: [Codec] = [.ulaw, .alaw, .g722, .opus]
        public var dtmf = DTMF.rfc4733
        public var mediaEncryption = MediaEncryption.automatic
        /// How its devices may be connected; none: in any way.
        public var transports: [Transport] = []
        /// How long it rings when others call it.
        public var ringSeconds = 30
        public var forwarding = Forwarding()
        public var outside = OutsideCalls()
        /// How many devices may be registered at a time, 1–5.
        public var maxContacts = ConfigurationLimits.contacts
        /// A registration beyond `maxContacts` takes the place of the oldest one; otherwise it is refused.
        public var removeExisting = true
        /// Registered devices are asked with OPTIONS every so often whether they are there; 0: never.
        public var qualifySeconds = 60
        /// From so many calls on the device state is BUSY, instead of RINGING, INUSE or ONHOLD; 0: never.
        public var busyLimit = 1
        /// The language of its channels; empty: `defaultLanguage`.
        public var language = ""
        public var accountCode = ""
        /// The voicemail box whose state the phone is told, such as `201@default`.
        public var mailbox = ""

        public init() {}

        public init(number: String, secret: String) {
            self.number = number
            self.secret = secret
        }
    }
}

extension Configuration.Extension: Record {
    static let fields: [Field<Self>] = [
        Field("number", \.number, .text(.word("extension", maxBytes: 64, also: "_.+*#-")), .required),
        Field("secret", \.secret, .text(.printable("secret", maxBytes: 128)), .required),
        Field("authenticate", \.authenticate, .flag),
        Field("context", \.context, .text(.context), .notEmpty),
        Field("messageContext", \.messageContext, .text(.context)),
        Field("callerID", \.callerID, .record()),
        Field("codecs", \.codecs, .list(.choice, 1...Codec.allCases.count)),
        Field("dtmf", \.dtmf, .choice),
        Field("mediaEncryption", \.mediaEncryption, .choice),
        Field("transports", \.transports, .list(.choice, 0...Transport.allCases.count)),
        Field("ringSeconds", \.ringSeconds, .integer(1...600)),
        Field("forwarding", \.forwarding, .record()),
        Field("outside", \.outside, .record()),
        Field("maxContacts", \.maxContacts, .integer(1...ConfigurationLimits.contacts)),
        Field("removeExisting", \.removeExisting, .flag),
        Field("qualifySeconds", \.qualifySeconds, .integer(0...3600)),
        Field("busyLimit", \.busyLimit, .integer(0...1000)),
        Field("language", \.language, .text(.language)),
        Field("accountCode", \.accountCode, .text(.printable("account code", maxBytes: 80))),
        Field("mailbox", \.mailbox, .text(.word("mailbox", maxBytes: 80, also: "_.@-"))),
    ]
}

extension Configuration.Extension.Forwarding: Record {
    static let fields: [Field<Self>] = [
        Field("always", \.always, .text(.dialledNumber)),
        Field("busy", \.busy, .text(.dialledNumber)),
        Field("unanswered", \.unanswered, .text(.dialledNumber)),
        Field("unavailable", \.unavailable, .text(.dialledNumber)),
    ]
}

extension Configuration.Extension.OutsideCalls: Record {
    static let fields: [Field<Self>] = [
        Field("maxCalls", \.maxCalls, .integer(0...1_000)),
        Field("maxMinutes", \.maxMinutes, .integer(0...1_440)),
    ]
}

extension Configuration.Extension.CallerID: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.printable("caller name", maxBytes: 80))),
        Field("number", \.number, .text(.word("caller number", maxBytes: 80, also: "_.+*#-"))),
    ]
}
