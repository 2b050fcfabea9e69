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
    unowned let core: CallCore
    public private(set) var channels: [Channel] = []
    private var options: [ObjectIdentifier: BridgeMemberOptions] = [:]
    /// Where the members are heard in a recording of two channels.
    private var sides: [ObjectIdentifier: MixerSide] = [:]
    private(set) var guests: [BridgeGuest] = []
    /// Applications whose channels brought them their subscription, with the number of those channels inside.
    private var implied: [(application: StasisApplication, count: Int)] = []
    /// The applications of whoever made the bridge; empty for somebody who may use all.
    public internal(set) var applications: Set<String> = []
    /// The applications of channels that were inside.
    private(set) var formerApplications: Set<String> = []
    public internal(set) var subscribers: [StasisApplication] = []
    private(set) var isGone = false

    /// What all inside are connected to, while it takes more than connecting two.
    var mixer: (any MediaPort)?
    var announcer: BridgeAnnouncer?
    var recorders: [BridgeRecorder] = []
    var music: (guest: BridgeGuest, className: String)?
    private var videoMode: String
    private var videoSource: String?
    private var variables: [String: String] = [:]
    private var reportedVariables: Set<String> = []
    /// Variables one bridge may hold.
    static let variableLimit = 1_024

    init(core: CallCore, id: String, name: String, kind: BridgeKind, bridgeClass: String, creator: String, serial: UInt64) {
        self.core = core
        self.id = id
        self.name = name
        self.kind = kind
        self.bridgeClass = bridgeClass
        self.creator = creator
        self.serial = serial
        createdMs = core.scheduler.nowMs
        videoMode = bridgeClass == "stasis" ? kind.videoMode : "none"
        technology = kind.isHolding ? "holding_bridge" : "simple_bridge"
    }

    /// What ARI shows of the bridge now.
    public var snapshot: ARIModel.Bridge {
        ARIModel.Bridge(
            id: id, technology: technology, bridgeType: kind.type, bridgeClass: bridgeClass, creator: creator, name: name,
            channels: channels.map(\.id), creationTime: core.timestamp(createdMs), videoMode: videoMode, videoSourceID: videoSource,
            bridgeVars: reportedVariables.sorted().map { NamedValue($0, variables[$0] ?? "") })
    }

    /// How the reference would carry the bridge out, as of the last change inside.
    public private(set) var technology: String

    private var suitableTechnology: String {
        if kind.isHolding { return "holding_bridge" }
        switch channels.count + guests.count {
        case 0, 1: return "simple_bridge"
        case 2: return kind.allowsNative && channels.count == 2 && channels.allSatisfy(\.hasRTP) ? "native_rtp" : "simple_bridge"
        default: return "softmix"
        }
    }

    /// The applications that the bridge belongs to now.
    var presentApplications: Set<String> { channels.reduce(applications) { $0.union($1.applications) } }

    func options(of channel: Channel) -> BridgeMemberOptions {
        options[ObjectIdentifier(channel)] ?? BridgeMemberOptions()
    }

    func side(of channel: Channel) -> MixerSide { sides[ObjectIdentifier(channel)] ?? .left }

    // MARK: - Entering and leaving

    /// Puts a channel in, taking it out of the bridge where it is first.
    public func add(_ channel: Channel, options memberOptions: BridgeMemberOptions = BridgeMemberOptions()) {
        guard !isGone, !channel.hangupRequested else { return }
        channel.bridge?.remove(channel, because: .removed)
        if let application = channel.stasis?.application { imply(application) }
        channel.publish()
        let rights = channels.count { side(of: $0) == .right }
        sides[ObjectIdentifier(channel)] = 2 * rights < channels.count ? .right : .left
        channels.append(channel)
        options[ObjectIdentifier(channel)] = memberOptions
        channel.bridge = self
        channel.leg?.port?.setAbsorbsDigits(memberOptions.absorbsDigits)
        channel.call?.note(.entersBridge, channel, .text(id))
        shareLinkage()
        core.events.publish(about: self) { .channelEnteredBridge(channel: channel.snapshot, bridge: self.snapshot) }
        rearrange()
    }

    /// Fits audio, peers and identities to who is inside now.
    private func rearrange() {
        connectAudio()
        // What Dial() made ends with the first who leaves.
        if bridgeClass == "stasis" || channels.count > 1 { technology = suitableTechnology }
        announcePeers()
        exchangeConnectedLines()
    }

    /// Takes a channel out; it stays in its application.
    public func release(_ channel: Channel) {
        remove(channel, because: .removed)
    }

    /// Puts a channel in the place of another one, which stays in its application.
    ///
    /// - Parameter entered: runs when the new one is inside, before anybody learns who talks to whom.
    func replace(_ channel: Channel, with newcomer: Channel, entered: () -> Void) {
        guard !isGone, let index = channels.firstIndex(where: { $0 === channel }) else { return }
        if channel.hangupCause == .unknown { channel.hangupCause = .normalClearing }
        forgetPeers(of: channel)
        channels.remove(at: index)
        formerApplications.formUnion(channel.applications)
        let kept = options(of: channel)
        options[ObjectIdentifier(newcomer)] = kept
        sides[ObjectIdentifier(newcomer)] = side(of: channel)
        options[ObjectIdentifier(channel)] = nil
        sides[ObjectIdentifier(channel)] = nil
        channel.bridge = nil
        channel.leg?.port?.connect(to: nil)
        channel.leg?.port?.setAbsorbsDigits(false)
        channel.call?.note(.leavesBridge, channel, .text(id))
        core.events.publish(about: self) { .channelLeftBridge(channel: channel.snapshot, bridge: self.snapshot) }
        if let application = newcomer.stasis?.application { imply(application) }
        channels.append(newcomer)
        newcomer.bridge = self
        newcomer.leg?.port?.setAbsorbsDigits(kept.absorbsDigits)
        newcomer.call?.note(.entersBridge, newcomer, .text(id))
        shareLinkage()
        core.events.publish(about: self) { .channelEnteredBridge(channel: newcomer.snapshot, bridge: self.snapshot) }
        entered()
        connectAudio()
        announcePeers()
        technology = suitableTechnology
        exchangeConnectedLines()
        forgetConnectedLine(with: newcomer)
        if let application = channel.stasis?.application { takeBack(application) }
        channel.applyBackground()
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
        formerApplications.formUnion(channel.applications)
        options[ObjectIdentifier(channel)] = nil
        sides[ObjectIdentifier(channel)] = nil
        channel.bridge = nil
        if let port = channel.leg?.port {
            port.connect(to: nil)
            port.setAbsorbsDigits(false)
        }
        channel.call?.note(.leavesBridge, channel, .text(id))
        core.events.publish(about: self) { .channelLeftBridge(channel: channel.snapshot, bridge: self.snapshot) }
        if reason == .dissolved { connectAudio() } else { rearrange() }
        // A channel that ends inside leaves its application subscribed, as in the reference.
        if reason != .hangup, let application = channel.stasis?.application { takeBack(application) }
        channel.applyBackground()
        onLeave?(channel)
    }

    /// Called when a channel has left, for whoever made the bridge.
    var onLeave: ((Channel) -> Void)?
    /// Whether a transfer took the bridge over from the Dial() that made it.
    var isHandedOn = false

    /// Lets somebody in who is no channel.
    func admit(_ guest: BridgeGuest) {
        guard !isGone else { return }
        guests.append(guest)
        rearrange()
    }

    func dismiss(_ guest: BridgeGuest) {
        guard let index = guests.firstIndex(of: guest) else { return }
        guests.remove(at: index)
        if !isGone { rearrange() }
    }

    /// Ends the bridge; channels inside go back to where they were.
    public func destroy() {
        guard !isGone else { return }
        isGone = true
        // Before the channels leave, which may take the subscriptions along.
        announcer?.queue.failAll()
        for recorder in recorders { recorder.recording?.targetEnds() }
        for channel in channels.reversed() { forgetPeers(of: channel) }
        for channel in channels.reversed() { remove(channel, because: .dissolved) }
        guests = []
        music = nil
        announcer = nil
        closeMixer()
        core.events.publish(about: self) { .bridgeDestroyed(bridge: self.snapshot) }
        for application in subscribers { application.forget(bridge: self) }
        subscribers = []
        core.applications.forgetShares(of: self)
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

    // MARK: - Variables

    public func variable(_ name: String) -> String? { variables[name] }

    /// Sets a variable; nil removes it. `isReported` shows it in every snapshot from now on.
    public func setVariable(_ name: String, _ value: String?, isReported: Bool = false) {
        if isReported { reportedVariables.insert(name) }
        guard let value else {
            variables[name] = nil
            reportedVariables.remove(name)
            return
        }
        guard variables[name] != nil || variables.count < Self.variableLimit else { return }
        variables[name] = value
    }

    /// Sets variables that a client names.
    public func assign(_ variables: [VariableAssignment]) {
        for variable in variables { setVariable(variable.name, variable.value, isReported: variable.reportsEvents) }
    }

    // MARK: - Video

    /// Shows the video of one channel to everybody (ARI operation `setVideoSource`).
    public func setVideoSource(_ channel: Channel) {
        let before = videoSource
        videoMode = "single"
        videoSource = channel.id
        guard before != channel.id else { return }
        core.events.publish(about: self) { .bridgeVideoSourceChanged(bridge: self.snapshot, oldVideoSourceID: before) }
    }

    /// Takes back ``setVideoSource(_:)``; the mode stays (ARI operation `clearVideoSource`).
    public func clearVideoSource() {
        videoMode = "single"
        videoSource = nil
    }
}

extension Channel {
    /// Whether the leg has RTP that the reference would let pass on directly.
    fileprivate var hasRTP: Bool { state == .up && leg?.port is any RTPPort && !(leg is UnicastRTPLeg) }
}
