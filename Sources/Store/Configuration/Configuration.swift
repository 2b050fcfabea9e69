/// Everything that an administrator can set, with a default for each value.
///
/// The database is the one truth; YAML files are read into this type and written from it (`ConfigurationFile`).
/// Paths that do not start with `/` are relative to the data folder.
public struct Configuration: Sendable, Equatable {
    public var identity = Identity()
    public var log = Log()
    public var sip = SIP()
    public var rtp = RTP()
    public var http = HTTP()
    public var ari = ARI()
    public var ami = AMI()
    public var security = Security()
    public var console = Console()
    public var history = History()
    public var audioSocket = AudioSocket()
    /// Programs to which WebSockets are opened.
    public var webSocketClients: [WebSocketClient] = []
    /// Folders searched for sounds, first match wins; each has one sub-folder per language.
    public var sounds = ["/usr/share/asterisk/sounds"]
    /// The language of channels whose extension sets none.
    public var defaultLanguage = "en"
    /// Sounds of other hosts.
    public var remoteMedia = RemoteMedia()
    /// Music on hold: class name to the folder with its sound files.
    public var music = ["default": "/usr/share/asterisk/moh"]
    /// Where recordings are kept.
    public var recordings = "recordings"
    /// The country whose tones (ringing, busy …) are played, as a two-letter code.
    public var indications = "us"
    public var extensions: [Extension] = []
    /// Lines to telephone providers.
    public var providers: [Provider] = []
    /// Where calls from providers go; the first that fits.
    public var incomingRoutes: [IncomingRoute] = []
    /// What may be called through providers; the first that fits.
    public var outgoingRoutes: [OutgoingRoute] = []
    /// Dialplan files in the order in which they are loaded.
    public var dialplan: [DialplanFile] = []
    /// Numbers that run a few dialplan lines each.
    public var dialplanApplications: [DialplanApplication] = []

    /// Makes the configuration in which every value has its default.
    public init() {}

    /// The configuration of a new installation: ARI off, nobody can log in, no extensions, no anonymous calls.
    public static let secureDefault = Configuration()
}

extension Configuration: Record {
    static let fields: [Field<Configuration>] = [
        Field("identity", \.identity, .record()),
        Field("log", \.log, .record()),
        Field("sip", \.sip, .record()),
        Field("rtp", \.rtp, .record()),
        Field("http", \.http, .record()),
        Field("ari", \.ari, .record()),
        Field("ami", \.ami, .record()),
        Field("security", \.security, .record()),
        Field("console", \.console, .record()),
        Field("history", \.history, .record()),
        Field("audioSocket", \.audioSocket, .record()),
        Field("webSocketClients", \.webSocketClients, .list(.record(), 0...ConfigurationLimits.webSocketClients)),
        Field("sounds", \.sounds, .list(.text(.path), 0...ConfigurationLimits.soundFolders)),
        Field("defaultLanguage", \.defaultLanguage, .text(.language), .notEmpty),
        Field("remoteMedia", \.remoteMedia, .record()),
        Field("music", \.music, .names(.musicClass, to: .text(.path), max: ConfigurationLimits.musicClasses)),
        Field("recordings", \.recordings, .text(.path), .notEmpty),
        Field("indications", \.indications, .text(.country), .notEmpty),
        Field("extensions", \.extensions, .list(.record(), 0...ConfigurationLimits.extensions)),
        Field("providers", \.providers, .list(.record(), 0...ConfigurationLimits.providers)),
        Field("incomingRoutes", \.incomingRoutes, .list(.record(), 0...ConfigurationLimits.routes)),
        Field("outgoingRoutes", \.outgoingRoutes, .list(.record(), 0...ConfigurationLimits.routes)),
        Field("dialplan", \.dialplan, .list(.record(), 0...ConfigurationLimits.dialplanFiles)),
        Field(
            "dialplanApplications", \.dialplanApplications, .list(.record(), 0...ConfigurationLimits.dialplanApplications)),
    ]
}

/// How much a configuration may hold.
public enum ConfigurationLimits {
    /// Bytes of a YAML file, and of a dialplan file it refers to.
    public static let fileBytes = 8 << 20
    /// Nesting of lists and mappings in a YAML file.
    public static let nesting = 16
    /// Values in a YAML file, aliases counted each time they are used.
    public static let values = 1_000_000
    public static let sipListeners = 64
    public static let extensions = 10_000
    public static let providers = 500
    /// Incoming or outgoing ones.
    public static let routes = 2_000
    /// Providers that one outgoing route tries.
    public static let routeProviders = 10
    public static let ariUsers = 1_000
    public static let amiManagers = 500
    /// Filters of one manager.
    public static let amiFilters = 100
    public static let webSocketClients = 200
    public static let outboundWebSockets = 200
    public static let ariUserApplications = 200
    public static let allowedOrigins = 200
    public static let channelVariables = 100
    public static let soundFolders = 100
    public static let musicClasses = 500
    public static let mediaHosts = 200
    public static let localNetworks = 200
    public static let dialplanFiles = 500
    /// Bytes of one dialplan file.
    public static let dialplanFileBytes = 2 << 20
    public static let dialplanApplications = 5_000
    /// Lines of one dialplan application.
    public static let dialplanApplicationSteps = 500
    /// Contacts that one extension may register at a time.
    public static let contacts = 5
}
