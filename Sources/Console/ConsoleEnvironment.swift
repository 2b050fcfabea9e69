public import ARIModel
public import CallCore
public import Logging
public import Store

/// What the console works on.
public struct ConsoleEnvironment: Sendable {
    public var store: Store
    public var core: CallCore
    /// Calls that are over; nil when they can't be kept.
    public var history: HistoryDatabase?
    /// Where own sounds are kept.
    public var soundsFolder: String
    /// Calls a number and records what is said there into the recording of that name; gives the id of the channel.
    public var recordByPhone: @CallActor @Sendable (_ number: String, _ recording: String) throws -> String
    /// Failed log-ins of ARI and SIP; the console's own are added.
    public var loginGuards: [LoginGuard]
    /// A last look at a configuration before it is stored, such as parsing the dialplan.
    public var check: @Sendable (Configuration) -> [ConfigurationProblem]
    /// What the server is made of and where it can be reached.
    public var report: @CallActor @Sendable () -> ServerReport
    /// Puts what was just stored into force; returns when that is done.
    public var putIntoForce: @Sendable () async -> Void
    /// Carries out an operation of ARI in the name of the administrator.
    public var callARI: @Sendable (_ method: String, _ path: String, _ fields: [NamedValue], _ body: JSONValue?) async -> ARICallAnswer
    public var log: Logger

    public init(
        store: Store, core: CallCore, history: HistoryDatabase?, soundsFolder: String,
        recordByPhone: @escaping @CallActor @Sendable (_ number: String, _ recording: String) throws -> String, loginGuards: [LoginGuard],
        check: @escaping @Sendable (Configuration) -> [ConfigurationProblem],
        report: @escaping @CallActor @Sendable () -> ServerReport, putIntoForce: @escaping @Sendable () async -> Void,
        callARI: @escaping @Sendable (_ method: String, _ path: String, _ fields: [NamedValue], _ body: JSONValue?) async -> ARICallAnswer,
        log: Logger
    ) {
        self.store = store
        self.core = core
        self.history = history
        self.soundsFolder = soundsFolder
        self.recordByPhone = recordByPhone
        self.loginGuards = loginGuards
        self.check = check
        self.report = report
        self.putIntoForce = putIntoForce
        self.callARI = callARI
        self.log = log
    }
}

/// What an operation of ARI answered.
public struct ARICallAnswer: Sendable {
    public var status: Int
    /// Nil when there is no body, or none in JSON.
    public var json: [UInt8]?

    public init(status: Int, json: [UInt8]?) {
        self.status = status
        self.json = json
    }
}

/// How a line to a provider is.
public struct ProviderReport: Sendable {
    public var name: String
    /// In a word or two, such as `registered`.
    public var state: String
    public var isGood: Bool
    /// Why, or how well; may be empty.
    public var detail: String

    public init(name: String, state: String, isGood: Bool, detail: String) {
        self.name = name
        self.state = state
        self.isGood = isGood
        self.detail = detail
    }
}

/// What the console tells of the server as a whole.
public struct ServerReport: Sendable {
    public var version = ""
    /// Names and addresses of the machine, the best known first.
    public var hosts: [String] = []
    public var sip: [String] = []
    public var httpPort: Int?
    public var httpsPort: Int?
    /// The fingerprint of the certificate (SHA-256), and whether the server made it itself.
    public var certificateFingerprint = ""
    public var isSelfSigned = false
    public var certificateEndsMs: Int64?
    public var providers: [ProviderReport] = []
    /// When ARI users were made and used last, by name.
    public var ariUserUses: [String: ARIUserUse] = [:]
    /// Connections of ARI clients: the applications of each.
    public var eventSockets: [[String]] = []

    public init() {}
}
