public import ARIModel
import Dialplan
import Media

/// Channels that talk to one another.
@CallActor
public final class Bridge {
    public let id: String
    public let name: String
    public let kind: BridgeKind
    /// `stasis` for bridges made by an application, `basic` for those that Dial() makes.
    public let bridgeClass: String
    public let createdMs: Int64
    let creator: String
    let serial: UInt64
    private unowned let core: CallCore
    public private(set) var channels: [Channel] = []
    private var options: [ObjectIdentifier: BridgeMemberOptions] = [:]
    /// Applications whose channels brought them their subscription, with the number of those channels inside.
    private var implied: [(application: StasisApplication, count: Int)] = []
    public internal(set) var subscribers: [StasisApplication] = []
    private(set) var isGone = false

    init(core: CallCore, id: String, name: String, kind: BridgeKind, bridgeClass: String, creator: String, serial: UInt64) {
        self.core = core
        self.id = id
        self.name = name
        self.kind = kind
        self.bridgeClass = bridgeClass
        self.creator = creator
        self.serial = serial
        createdMs = core.scheduler.nowMs
    }

    /// What ARI shows of the bridge now.
    public var snapshot: ARIModel.Bridge {
        ARIModel.Bridge(
            id: id, technology: technology, bridgeType: kind.type, bridgeClass: bridgeClass, creator: creator, name: name,
            channels: channels.map(\.id), creationTime: core.timestamp(createdMs),
            videoMode: bridgeClass == "stasis" ? kind.videoMode : "none")
    }

    /// Packets pass without being decoded as soon as two channels of a bridge that allows it talk.
    private var technology: String {
        if kind.type == "holding" { return "holding_bridge" }
        return isNative ? "native_rtp" : "simple_bridge"
    }

    private var isNative = false

    // MARK: - Entering and leaving

    /// Channels a bridge can hold before a mixer is needed.
    static let partyLimit = 2

    /// Whether so many more channels can enter.
    public func hasRoom(for newcomers: Int) -> Bool {
        channels.count + newcomers <= Self.partyLimit
    }

    /// Puts a channel in, taking it out of the bridge where it is first.
    public func add(_ channel: Channel, options memberOptions: BridgeMemberOptions = BridgeMemberOptions()) {
        guard !isGone, !channel.hangupRequested else { return }
        channel.bridge?.remove(channel, because: .removed)
        if let application = channel.stasis?.application { imply(application) }
        channel.publish()
        channels.append(channel)
        options[ObjectIdentifier(channel)] = memberOptions
        channel.bridge = self
        core.events.publish(about: self) { .channelEnteredBridge(channel: channel.snapshot, bridge: self.snapshot) }
        connectAudio()
        announcePeers()
        if !memberOptions.inhibitsConnectedLine { exchangeConnectedLines(newcomer: channel) }
    }

    /// Takes a channel out; it stays in its application.
    public func release(_ channel: Channel) {
        remove(channel, because: .removed)
    }

    enum LeaveReason { case removed, hangup, dissolved }

    /// Takes a channel out; it stays where it was before, in its application or its dialplan.
    func remove(_ channel: Channel, because reason: LeaveReason) {
        guard let index = channels.firstIndex(where: { $0 === channel }) else { return }
        if reason == .hangup, channel.hangupCause == .unknown { channel.hangupCause = .normalClearing }
        forgetPeers(of: channel)
        if bridgeClass == "basic" { for other in channels where other !== channel { forgetPeers(of: other) } }
        channel.publish()
        channels.remove(at: index)
        options[ObjectIdentifier(channel)] = nil
        channel.bridge = nil
        channel.leg?.port?.connect(to: nil)
        for other in channels { other.leg?.port?.connect(to: nil) }
        connectAudio()
        core.events.publish(about: self) { .channelLeftBridge(channel: channel.snapshot, bridge: self.snapshot) }
        // A channel that ends inside leaves its application subscribed, as in the reference.
        if reason != .hangup, let application = channel.stasis?.application { takeBack(application) }
        channel.applyBackground()
        onLeave?(channel)
    }

    /// Called when a channel has left, for whoever made the bridge.
    var onLeave: ((Channel) -> Void)?

    /// Ends the bridge; channels inside go back to where they were.
    public func destroy() {
        guard !isGone else { return }
        for channel in channels { remove(channel, because: .dissolved) }
        isGone = true
        core.events.publish(about: self) { .bridgeDestroyed(bridge: self.snapshot) }
        for application in subscribers { application.forget(bridge: self) }
        subscribers = []
        implied = []
        core.bridges.remove(self)
    }

    private func imply(_ application: StasisApplication) {
        if let index = implied.firstIndex(where: { $0.application === application }) {
            implied[index].count += 1
        } else {
            implied.append((application, 1))
            application.subscribe(self)
        }
    }

    private func takeBack(_ application: StasisApplication) {
        guard let index = implied.firstIndex(where: { $0.application === application }) else { return }
        implied[index].count -= 1
        guard implied[index].count == 0 else { return }
        implied.remove(at: index)
        application.unsubscribe(self)
    }

    // MARK: - Audio

    private func connectAudio() {
        guard kind.type == "mixing", channels.count == 2, let first = channels[0].leg?.port, let second = channels[1].leg?.port else {
            return
        }
        first.connect(to: second)
        second.connect(to: first)
    }

    /// A leg inside has other audio than before.
    func mediaChanged(_ channel: Channel) {
        connectAudio()
    }

    /// A member's far end put the call on hold: the others hear music meanwhile.
    func held(_ channel: Channel, _ onHold: Bool) {
        for other in channels where other !== channel {
            if onHold { other.startMusic(class: channel.musicClass) } else { other.stopBackground() }
        }
    }

    // MARK: - Who talks to whom

    private func announcePeers() {
        guard channels.count == 2 else { return }
        let pairs = [(channels[0], channels[1]), (channels[1], channels[0])]
        // The newcomer is told first, unless it is still being called or half of a Local channel.
        let newcomer = channels[1]
        for (channel, peer) in newcomer.state == .up && !newcomer.protocolID.isEmpty ? pairs.reversed() : pairs {
            channel.setVariable("BRIDGEPEER", peer.name)
            if !peer.protocolID.isEmpty { channel.setVariable("BRIDGEPVTCALLID", peer.protocolID) }
        }
        if bridgeClass == "basic" { isNative = channels.allSatisfy { $0.leg?.port is any RTPPort } }
    }

    private func forgetPeers(of channel: Channel) {
        for name in ["BRIDGEPEER", "BRIDGEPVTCALLID"] where channel.variable(name)?.isEmpty == false {
            channel.setVariable(name, "")
        }
    }

    private func exchangeConnectedLines(newcomer: Channel) {
        guard channels.count == 2, let other = channels.first(where: { $0 !== newcomer }) else { return }
        newcomer.updateConnectedLine(other.identity)
        other.updateConnectedLine(newcomer.identity)
    }

    /// A member's own identity changed: the others see it.
    func callerChanged(_ channel: Channel) {
        for other in channels where other !== channel { other.updateConnectedLine(channel.identity) }
    }
}

extension Channel {
    /// Takes over who the channel talks to, tells the subscribers and the far end.
    func updateConnectedLine(_ party: PartyID) {
        guard !party.isEmpty, party != connected else { return }
        connected = party
        publish()
        leg?.indicate(.connectedLine)
    }
}

/// How one channel takes part in a bridge.
public struct BridgeMemberOptions: Sendable {
    public var role: String?
    public var absorbsDigits: Bool
    public var inhibitsConnectedLine: Bool

    public init(role: String? = nil, absorbsDigits: Bool = false, inhibitsConnectedLine: Bool = false) {
        self.role = role
        self.absorbsDigits = absorbsDigits
        self.inhibitsConnectedLine = inhibitsConnectedLine
    }
}

/// What a bridge was asked to be: the comma list of `POST /bridges`.
public struct BridgeKind: Sendable, Hashable {
    public let type: String
    public let videoMode: String

    public static let mixing = BridgeKind(type: "mixing", videoMode: "talker")

    private init(type: String, videoMode: String) {
        self.type = type
        self.videoMode = videoMode
    }

    /// Reads a list such as `mixing,dtmf_events`; empty means mixing. Nil for a word it does not know or words that exclude one another.
    public init?(list: String?) {
        var type: String?
        var video = "talker"
        for word in (list ?? "").split(separator: ",").map({ $0.trimmingBlanks() }) {
            switch word {
            case "mixing", "holding":
                if let type, type != word { return nil }
                type = word
            case "dtmf_events", "proxy_media", "sdp_label": break
            case "video_sfu": video = "sfu"
            case "video_single": video = "single"
            default: return nil
            }
        }
        self.init(type: type ?? "mixing", videoMode: video)
    }
}
