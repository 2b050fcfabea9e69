public import ARIModel

/// A device or line that can be called: an extension with its registered contacts.
@CallActor
public final class Endpoint {
    public let technology: String
    public let resource: String
    unowned let core: CallCore
    /// How many calls make it BUSY; 0 for never.
    public var busyLimit: Int
    public private(set) var reachability: EndpointState = .offline
    private var channels: [ObjectIdentifier: Member] = [:]
    private var uses = UseCounts()
    private var contacts: [String: ContactStatus] = [:]
    private var roundTrips: [String: Int] = [:]
    public internal(set) var subscribers: [StasisApplication] = []
    private var lastDeviceState: DeviceStateValue = .unavailable

    public enum ContactStatus: String, Sendable {
        case nonQualified = "NonQualified"
        case reachable = "Reachable"
        case unreachable = "Unreachable"
        case removed = "Removed"
    }

    init(core: CallCore, technology: String, resource: String, busyLimit: Int) {
        self.core = core
        self.technology = technology
        self.resource = resource
        self.busyLimit = busyLimit
    }

    /// `<technology>/<resource>`.
    public var id: String { "\(technology)/\(resource)" }

    /// What ARI shows of the endpoint now.
    public var snapshot: ARIModel.Endpoint {
        ARIModel.Endpoint(
            technology: technology, resource: resource, state: reachability,
            channelIDs: channels.values.sorted { $0.channel.serial < $1.channel.serial }.map(\.channel.id))
    }

    // MARK: - Channels

    func add(_ channel: Channel) {
        let use = Use(channel)
        channels[ObjectIdentifier(channel)] = Member(channel: channel, use: use)
        uses.count(use, by: 1)
        core.events.publish(about: self, toAll: false) { .endpointStateChange(endpoint: self.snapshot) }
        refreshDeviceState()
    }

    func remove(_ channel: Channel) {
        guard let member = channels.removeValue(forKey: ObjectIdentifier(channel)) else { return }
        uses.count(member.use, by: -1)
        core.events.publish(about: self, toAll: false) { .endpointStateChange(endpoint: self.snapshot) }
        refreshDeviceState()
    }

    /// A channel of this endpoint is in another state.
    func channelChanged(_ channel: Channel) {
        guard let member = channels[ObjectIdentifier(channel)] else { return }
        let use = Use(channel)
        guard use != member.use else { return }
        uses.count(member.use, by: -1)
        uses.count(use, by: 1)
        channels[ObjectIdentifier(channel)]?.use = use
        refreshDeviceState()
    }

    private struct Member {
        let channel: Channel
        var use: Use
    }

    // MARK: - Contacts

    /// Takes the new status of a contact; `roundTripMicroseconds` is what the last OPTIONS took. Repeated news are not told.
    public func contact(_ uri: String, is status: ContactStatus, roundTripMicroseconds: Int = 0) {
        roundTrips[uri] = status == .reachable ? roundTripMicroseconds : nil
        guard contacts[uri] != status, !(status == .removed && contacts[uri] == nil) else { return }
        contacts[uri] = status == .removed ? nil : status
        refreshReachability()
        core.events.publish(about: self) {
            .contactStatusChange(
                endpoint: self.snapshot,
                contact: ContactInfo(
                    uri: uri, contactStatus: status.rawValue, aor: self.resource, roundtripUsec: "\(roundTripMicroseconds)"))
        }
    }

    /// Its contacts by URI, each with its status and what the last OPTIONS took.
    public var knownContacts: [(uri: String, status: ContactStatus, roundTripMicroseconds: Int)] {
        contacts.sorted { $0.key < $1.key }.map { ($0.key, $0.value, roundTrips[$0.key] ?? 0) }
    }

    /// A registration of this line with its provider came to be, failed, or ended.
    public func registration(_ status: String, user: String, domain: String, cause: String = "") {
        core.events.note(
            .registry(.init(technology: technology.lowercased(), user: user, domain: domain, status: status, cause: cause)))
    }

    private func refreshReachability() {
        let isOnline = contacts.values.contains { $0 != .unreachable }
        let new: EndpointState = isOnline ? .online : .offline
        guard new != reachability else { return }
        reachability = new
        core.events.publish(about: self, toAll: false) { .endpointStateChange(endpoint: self.snapshot) }
        core.events.publish(about: self) {
            .peerStatusChange(endpoint: self.snapshot, peer: Peer(peerStatus: isOnline ? "Reachable" : "Unreachable"))
        }
        refreshDeviceState()
    }

    // MARK: - Device state

    /// The state that DEVICE_STATE and `GET /deviceStates` give for this endpoint.
    public var deviceState: DeviceStateValue {
        let active = uses.ringing + uses.talking + uses.held
        if active == 0 { return reachability == .online ? .notInUse : .unavailable }
        if busyLimit > 0, active >= busyLimit { return .busy }
        if uses.ringing > 0 { return uses.ringing == active ? .ringing : .ringInUse }
        return uses.held == active ? .onHold : .inUse
    }

    private func refreshDeviceState() {
        let now = deviceState
        guard now != lastDeviceState else { return }
        lastDeviceState = now
        core.devices.changed(id, to: now)
    }

    /// Forgets the endpoint: its extension was removed.
    func dissolve() {
        for application in subscribers { application.forget(endpoint: self) }
        subscribers = []
    }
}

/// How a channel occupies its endpoint.
private enum Use {
    case idle, ringing, talking, held

    @CallActor
    init(_ channel: Channel) {
        switch channel.state {
        case .down, .reserved: self = .idle
        case .ringing: self = .ringing
        default: self = channel.holdsFarEnd ? .held : .talking
        }
    }
}

/// How many channels of an endpoint occupy it in which way, counted so that no call looks at all the others.
private struct UseCounts {
    private(set) var ringing = 0
    private(set) var talking = 0
    private(set) var held = 0

    mutating func count(_ use: Use, by change: Int) {
        switch use {
        case .idle: break
        case .ringing: ringing += change
        case .talking: talking += change
        case .held: held += change
        }
    }
}
