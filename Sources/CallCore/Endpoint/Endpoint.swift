public import ARIModel

/// A device or line that can be called: an extension with its registered contacts.
@CallActor
public final class Endpoint {
    public let technology: String
    public let resource: String
    private unowned let core: CallCore
    /// How many calls make it BUSY; 0 for never.
    public var busyLimit: Int
    public private(set) var reachability: EndpointState = .offline
    private(set) var channels: [Channel] = []
    private var contacts: [String: ContactStatus] = [:]
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
            channelIDs: channels.map(\.id))
    }

    // MARK: - Channels

    func add(_ channel: Channel) {
        channels.append(channel)
        core.events.publish(about: self, toAll: false) { .endpointStateChange(endpoint: self.snapshot) }
        refreshDeviceState()
    }

    func remove(_ channel: Channel) {
        channels.removeAll { $0 === channel }
        core.events.publish(about: self, toAll: false) { .endpointStateChange(endpoint: self.snapshot) }
        refreshDeviceState()
    }

    func channelChanged() {
        refreshDeviceState()
    }

    // MARK: - Contacts

    /// Takes the new status of a contact; `roundTripMicroseconds` is what the last OPTIONS took. Repeated news are not told.
    public func contact(_ uri: String, is status: ContactStatus, roundTripMicroseconds: Int = 0) {
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
        var state = DeviceStateValue.notInUse
        var active = 0
        var ringing = false
        var held = 0
        for channel in channels {
            switch channel.state {
            case .down, .reserved: continue
            case .ringing:
                ringing = true
                active += 1
            default:
                active += 1
                if channel.holdsFarEnd { held += 1 }
            }
        }
        if active == 0 { return reachability == .online ? .notInUse : .unavailable }
        let talking = active - (ringing ? channels.count { $0.state == .ringing } : 0)
        if ringing { state = talking > 0 ? .ringInUse : .ringing } else { state = held == active ? .onHold : .inUse }
        if busyLimit > 0, active >= busyLimit { state = .busy }
        return state
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
