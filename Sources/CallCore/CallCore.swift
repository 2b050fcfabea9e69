public import ARIModel
import Audio
public import Dialplan
public import Media

/// The heart: channels, bridges, playbacks, endpoints, device states, applications, and the dialplan that moves them.
/// It knows no SIP, HTTP or SQL; drivers and doors come to it.
@CallActor
public final class CallCore {
    public let scheduler: any CallScheduler
    public let media: any MediaPlane
    public let sounds: any SoundSource
    public let log: any CallLog
    public private(set) var settings: CallSettings

    public internal(set) var channels = ChannelRegistry()
    public internal(set) var playbacks = PlaybackRegistry()
    public internal(set) var globals: GlobalVariables
    public private(set) lazy var events = EventBus(core: self)
    public private(set) lazy var applications = StasisApplications(core: self)
    public private(set) lazy var bridges = BridgeRegistry(core: self)
    public private(set) lazy var endpoints = EndpointRegistry(core: self)
    public private(set) lazy var devices = DeviceStates(core: self, store: store)
    public private(set) lazy var mediaSockets = MediaSockets(core: self)
    public private(set) lazy var mailboxes = Mailboxes(store: store)
    public private(set) lazy var dialplan = DialplanInForce(core: self)
    public let recordings: Recordings
    public let history = CallHistory()
    /// Opens connections for single calls, where there are such.
    public weak var callApplications: (any CallApplicationOpener)?
    /// What dialplan and programs keep: DB() and its kin.
    public let store: any KeyValueStore
    private(set) var technologies: [String: any ChannelTechnology] = [:]
    private var random: any RandomNumberGenerator & Sendable
    private var nameSerial: UInt32 = 0
    public let startedMs: Int64
    public internal(set) var reloadedMs: Int64
    private var idleWaiters: [@CallActor () -> Void] = []

    public init(
        settings: CallSettings, scheduler: any CallScheduler, media: any MediaPlane, sounds: any SoundSource,
        recordings: RecordingStore, store: any KeyValueStore, log: any CallLog,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.settings = settings
        self.scheduler = scheduler
        self.media = media
        self.sounds = sounds
        self.recordings = Recordings(store: recordings, owners: RecordingOwners(store: store))
        self.store = store
        self.log = log
        self.random = random
        globals = GlobalVariables()
        startedMs = scheduler.nowMs
        reloadedMs = scheduler.nowMs
        technologies["Local"] = LocalTechnology(core: self)
        technologies["UnicastRTP"] = UnicastRTP(core: self)
        technologies["WebSocket"] = mediaSockets
    }

    /// The types of the core by names that differ from those of the ARI model, for who imports both.
    public typealias LiveChannel = Channel
    public typealias LiveBridge = Bridge
    public typealias LivePlayback = Playback
    public typealias LiveEndpoint = Endpoint

    /// Whether `name` is an audio format that calls can be made with.
    public nonisolated static func isKnownFormat(_ name: String) -> Bool {
        AudioCodec.allCases.contains { $0.formatName == name }
    }

    /// Adds a way to reach the outside world.
    public func add(_ technology: any ChannelTechnology) {
        technologies[technology.name] = technology
    }

    /// Whether programs may connect to us over a technology.
    public func takesConnections(of technology: String) -> Bool { technologies[technology]?.takesConnections ?? false }

    public var technologyNames: [String] { technologies.keys.sorted() }

    /// Takes new settings; calls that run keep going.
    public func apply(_ new: CallSettings) {
        settings = new
        reloadedMs = scheduler.nowMs
    }

    /// Puts another dialplan in force. Calls in the old one find the new one at their next step.
    public func replaceDialplan(_ new: Dialplan, globals initial: [(name: String, value: String)]) {
        dialplan.current = new
        for (name, value) in initial { globals.set(name, ExpandedText(value)) }
        reloadedMs = scheduler.nowMs
    }

    // MARK: - Making channels

    /// Makes a channel without a leg, known to the registry but not yet published.
    public func makeChannel(id: String? = nil, name: String, technology: String, setup: ChannelSetup) -> Channel {
        let identity = ChannelIdentity(
            id: id ?? freshChannelID(), name: name, technology: technology, serial: channels.takeSerial())
        let channel = Channel(core: self, identity: identity, setup: setup)
        channels.insert(channel)
        setup.endpoint?.add(channel)
        return channel
    }

    /// Gives a channel its driver.
    public func attach(_ leg: any ChannelLeg, to channel: Channel) {
        channel.leg = leg
    }

    func freshChannelID() -> String {
        channels.freshID(nowMs: scheduler.nowMs, systemName: settings.systemName)
    }

    /// Eight hexadecimal digits that make channel names differ.
    public func nextNameSerial() -> String {
        nameSerial &+= 1
        let hex = String(nameSerial, radix: 16)
        return String(repeating: "0", count: 8 - hex.count) + hex
    }

    // MARK: - Time, randomness, order

    public func timestamp(_ epochMs: Int64) -> Timestamp {
        Timestamp(epochMs: epochMs, utcOffsetSeconds: Int32(truncatingIfNeeded: scheduler.utcOffsetSeconds))
    }

    func randomBits() -> UInt64 { random.next() }

    /// The elements in random order.
    func shuffled<Element>(_ elements: [Element]) -> [Element] {
        elements.shuffled(using: &random)
    }

    /// A version 4 UUID in lower case (RFC 9562).
    public func randomUUID() -> String {
        var bytes: [UInt8] = []
        for _ in 0..<16 { bytes.append(UInt8.random(in: .min ... .max, using: &random)) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }

    /// Runs `action` after what is being done now, before anything that comes from outside later.
    public func afterThisTurn(_ action: @escaping @CallActor () -> Void) {
        _ = scheduler.schedule(afterMs: 0, action)
    }

    // MARK: - Shutting down

    /// Ends all calls and runs `completion` when the last channel is gone.
    public func endAllCalls(completion: @escaping @CallActor () -> Void) {
        idleWaiters.append(completion)
        for channel in channels.all { channel.requestHangup(cause: .normalClearing) }
        channelGone()
    }

    func channelGone() {
        guard channels.count == 0, !idleWaiters.isEmpty else { return }
        let waiters = idleWaiters
        idleWaiters = []
        for waiter in waiters { waiter() }
    }
}

/// Settings of the call core that can change while it runs.
public struct CallSettings: Sendable, Equatable {
    public var entityID = "00:00:00:00:00:00"
    public var systemName = ""
    public var defaultLanguage = "en"
    public var indicationsCountry = "us"
    /// Variables that every channel shows in `channelvars`.
    public var channelVariables: [String] = []
    /// Channels at one time; a new one beyond is refused.
    public var channelLimit = 20_000

    public init() {}
}

/// Global variables of the dialplan.
@CallActor
public struct GlobalVariables {
    static let limit = 4_096
    private var values: [String: ExpandedText] = [:]

    nonisolated init() {}

    public func value(_ name: String) -> ExpandedText? { values[name] }

    /// Sets a variable; nil removes it.
    public mutating func set(_ name: String, _ value: ExpandedText?) {
        guard value == nil || values[name] != nil || values.count < Self.limit else { return }
        values[name] = value
    }
}

extension CallCore {
    /// Sets a global variable, tells whoever sees all channels.
    public func setGlobalVariable(_ name: String, _ value: String?) {
        globals.set(name, value.map { ExpandedText($0) })
        events.publishToAll { .channelVarset(channel: nil, variable: name, value: value ?? "") }
    }
}
