public import ARIModel
public import Dialplan
import Media

/// One leg of a call: its state, its parties, its place in the dialplan, and who drives it.
///
/// What ARI shows of a channel is a snapshot. Changing a property changes what the next snapshot says; ``publish()`` tells the
/// applications that are subscribed what is different from the snapshot published before.
@CallActor
public final class Channel {
    /// The unique id: `<epoch>.<n>`, or what the client chose.
    public let id: String
    /// `<technology>/<resource>-<serial>`.
    public let name: String
    public let technology: String
    /// The unique id of the channel on whose behalf, in the end, this one was made; its own for a call's first channel.
    public let callID: String
    /// The same, until the channel meets others in a bridge: all inside take over that of the oldest call.
    public var linkedID: String { linkage.id }
    /// The call that the channel is counted to now, and its age.
    var linkage: (id: String, serial: UInt64)
    /// The account code of whom the channel talks to.
    public internal(set) var peerAccountCode = ""
    /// The order in which channels were made.
    public let serial: UInt64
    public let createdMs: Int64
    public unowned let core: CallCore

    public var state: ChannelState { didSet { changed() } }
    /// The Call-ID of a SIP leg; empty for channels without one.
    public var protocolID = "" { didSet { changed() } }
    public var caller: PartyID { didSet { changed() } }
    public var connected = PartyID.empty { didSet { changed() } }
    /// The number first dialled, when the call was redirected.
    public var redirectingNumber = "" { didSet { changed() } }
    public var accountCode: String { didSet { changed() } }
    public var language: String { didSet { changed() } }
    public var musicClass = "default"
    /// Where the dialplan is, or where it would start.
    public var location: DialplanLocation { didSet { changed() } }
    public internal(set) var applicationName = "" { didSet { changed() } }
    public internal(set) var applicationData = "" { didSet { changed() } }

    /// The driver's side; nil once the channel is gone.
    public internal(set) var leg: (any ChannelLeg)?
    public internal(set) weak var endpoint: Endpoint?
    /// Whether we called the far end.
    public let isOutbound: Bool

    /// Who the far end turned out to be; the snapshot takes it over with the next change that is told.
    var newIdentity: PartyID?
    /// Who the far end is, told or not.
    var identity: PartyID { newIdentity ?? caller }

    var variables = ChannelVariables()
    var reportedVariables: Set<String> = []

    /// The application the channel is in, while it is in Stasis.
    public internal(set) var stasis: StasisSession?
    public internal(set) var bridge: Bridge? {
        didSet { for monitor in monitors { monitor.bridgeChanged() } }
    }
    /// While the call is offered to applications, and until the one that got it lets it go.
    var broadcast: CallBroadcast?
    /// The dialplan that runs this channel, if one does.
    var pbx: PBX?
    /// What the channel is to do instead of what its dialplan does now.
    var detour: ChannelDetour?
    var dial: DialAttempt?
    /// The number that an incoming call asked for.
    public var dialledNumber = ""
    /// The dial string the channel was made with.
    public var dialName = ""
    /// Made by `create` and not dialled by anybody else.
    var isCreated = false
    /// The other half of a Local channel.
    weak var localPeer: Channel?
    /// What the snapshot shows as application once Stasis or the dialplan has ended.
    var applicationAfterStasis = (name: "", data: "")
    lazy var player = {
        hasPlayer = true
        return PlayQueue(target: self)
    }()
    private(set) var hasPlayer = false
    /// Who carries out the transfers that the far end asks for.
    var transferHandling = TransferHandling.core
    var pendingTransfer: PendingTransfer?
    /// Asks somebody before a transfer.
    var isConsulting = false
    /// Those who listen in on the channel.
    var snoops: [Eavesdropper] = []
    /// What the dialplan records of the call meanwhile.
    var monitors: [CallMonitor] = []
    /// The channel's recordings that wait or run.
    var recordings: [Recording] = []
    /// What the channel counts as, by category: GROUP().
    var groups: [String: String] = [:]
    /// The names of the applications that the channel was made for or has been in.
    public internal(set) var applications: Set<String> = []
    public internal(set) var subscribers: [StasisApplication] = []
    /// Applications that heard of the channel, hear no more, and want to know its end.
    var lookers: [StasisApplication] = []

    public internal(set) var hangupCause: HangupCause = .unknown
    /// The SIP status that ended the call, when one did.
    public internal(set) var technologyCause: Int?
    var hangupRequested = false
    public internal(set) var isGone = false
    /// When the call was answered, in epoch milliseconds.
    public internal(set) var answeredMs: Int64?
    /// The far end put us on hold.
    var isOnHold = false
    /// The far end's first audio has come.
    var hasHeardAudio = false
    /// An application put the far end on hold.
    public internal(set) var holdsFarEnd = false
    var mutedIncoming = false
    var mutedOutgoing = false
    /// What the leg hears while nothing else plays: music on hold or the silence of an open channel.
    var background: ChannelBackground = .none
    var timeouts = ChannelTimeouts()
    var detection = ChannelDetection()
    var inbox = ChannelInbox()
    var deferredDigits: [Character] = []

    /// What is kept of the call that this channel belongs to; nil when nothing is.
    var call: CallInProgress?
    /// Which of the call's channels this is; nil when it has too many.
    var placeInCall: UInt16?

    private var snapshotCache: ARIModel.Channel?
    private var published: PublishedFields?

    init(core: CallCore, identity: ChannelIdentity, setup: ChannelSetup) {
        self.core = core
        id = identity.id
        name = identity.name
        technology = identity.technology
        let requester = setup.requesterID.flatMap { core.channels[$0] }
        callID = requester?.callID ?? identity.id
        linkage = requester?.linkage ?? (identity.id, identity.serial)
        serial = identity.serial
        createdMs = core.scheduler.nowMs
        isOutbound = setup.isOutbound
        state = setup.state
        caller = setup.caller
        accountCode = setup.accountCode
        language = setup.language ?? core.settings.defaultLanguage
        location = setup.location
        endpoint = setup.endpoint
        call = core.history.call(of: self, requester: requester)
        call?.begin(self)
    }

    private func changed() {
        snapshotCache = nil
    }

    /// What ARI shows of the channel now.
    public var snapshot: ARIModel.Channel {
        if let snapshotCache { return snapshotCache }
        let made = snapshot(showing: shownVariables())
        snapshotCache = made
        return made
    }

    /// What ARI shows of the channel now, with every variable that it has.
    public var fullSnapshot: ARIModel.Channel {
        snapshot(showing: variables.all.map { NamedValue($0.name, $0.value) })
    }

    private func snapshot(showing shown: [NamedValue]) -> ARIModel.Channel {
        ARIModel.Channel(
            id: id, name: name, state: state, protocolID: protocolID,
            caller: ARIModel.CallerID(name: caller.name, number: caller.number),
            connected: ARIModel.CallerID(name: connected.name, number: connected.number),
            accountCode: accountCode,
            dialplan: ARIModel.DialplanCEP(
                context: location.context, exten: location.extension, priority: location.priority,
                appName: applicationName, appData: applicationData),
            creationTime: core.timestamp(createdMs), language: language,
            channelVars: shown, callerRDNIS: redirectingNumber.isEmpty ? nil : redirectingNumber)
    }

    private func shownVariables() -> [NamedValue] {
        let names = core.settings.channelVariables + reportedVariables.sorted()
        return names.isEmpty ? [] : names.map { NamedValue($0, variable($0)?.string ?? "") }
    }

    func invalidateSnapshot() {
        changed()
    }
}

/// What tells a channel from others, decided by the registry.
struct ChannelIdentity {
    var id: String
    var name: String
    var technology: String
    var serial: UInt64
}

/// What a channel starts with.
public struct ChannelSetup {
    public var state: ChannelState
    public var isOutbound: Bool
    public var caller: PartyID
    public var accountCode: String
    public var language: String?
    public var location: DialplanLocation
    public var endpoint: Endpoint?
    /// The channel on whose behalf this one is made.
    public var requesterID: String?

    public init(
        state: ChannelState, isOutbound: Bool, caller: PartyID = .empty, accountCode: String = "", language: String? = nil,
        location: DialplanLocation, endpoint: Endpoint? = nil, requesterID: String? = nil
    ) {
        self.state = state
        self.isOutbound = isOutbound
        self.caller = caller
        self.accountCode = accountCode
        self.language = language
        self.location = location
        self.endpoint = endpoint
        self.requesterID = requesterID
    }
}

// MARK: - Publishing

private struct PublishedFields: Equatable {
    var state: ChannelState
    var location: DialplanLocation
    var applicationName: String
    var applicationData: String
    var caller: PartyID
    var connected: PartyID
}

extension Channel {
    private var fields: PublishedFields {
        PublishedFields(
            state: state, location: location, applicationName: applicationName, applicationData: applicationData,
            caller: caller, connected: connected)
    }

    /// Tells the subscribers what changed since the last time: state, place in the dialplan, caller, connected line, in that order.
    /// The first time it is ChannelCreated.
    public func publish() {
        takeIdentity()
        let now = fields
        guard let before = published else {
            published = now
            call?.note(.created, self, .text(isOutbound ? dialName : location.exten.string))
            emit(.channelCreated(channel: snapshot))
            return
        }
        guard now != before else { return }
        published = now
        if now.state != before.state {
            if now.state == .ringing { call?.note(.ringing, self) }
            if now.state == .up { call?.answered(self) }
            emit(.channelStateChange(channel: snapshot))
            endpoint?.channelChanged(self)
        }
        let moved =
            now.location != before.location || now.applicationName != before.applicationName
            || now.applicationData != before.applicationData
        if moved, !now.applicationName.isEmpty {
            call?.note(.runs, self, .application(applicationName, data: applicationData))
            emit(.channelDialplan(channel: snapshot, app: applicationName, appData: applicationData))
        }
        if now.caller != before.caller {
            emit(
                .channelCallerId(
                    channel: snapshot, presentation: caller.presentation.rawValue, presentationText: caller.presentation.text))
        }
        if now.connected != before.connected { emit(.channelConnectedLine(channel: snapshot)) }
    }

    /// Shows who the far end turned out to be.
    func takeIdentity() {
        guard let identity = newIdentity else { return }
        caller = identity
        newIdentity = nil
    }

    /// Takes the present state as published without telling anyone.
    func markPublished() {
        published = fields
    }

    /// Sends an event about this channel to every application that is subscribed to it, its endpoint or all channels.
    func emit(_ body: @autoclosure () -> EventBody) {
        core.events.publish(about: self, body)
    }

    /// Changes the state and tells it.
    public func setState(_ new: ChannelState) {
        guard state != new else { return }
        state = new
        if new == .up, answeredMs == nil { answeredMs = core.scheduler.nowMs }
        publish()
    }
}
