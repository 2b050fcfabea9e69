public import ARIModel

/// Takes the events of an application: a WebSocket, or a program inside this process.
@CallActor
public protocol EventSink: AnyObject {
    /// Takes one event for `application`; must not block.
    ///
    /// - Parameter sequence: its number in this application's stream, for a connection that asked for numbers.
    func deliver(_ event: EncodedEvent, application: String, sequence: Int?)
}

/// An ARI application: what it is subscribed to, which events it wants, and where they go.
///
/// While nobody is connected it is deactivated: it keeps its subscriptions, new channels can't enter it, and events are kept for a while only
/// where the client asked for numbers.
@CallActor
public final class StasisApplication {
    public let name: String
    let seesAll: Bool
    unowned let core: CallCore
    /// Its connections: one, or any number that share it.
    private(set) var consumers: [EventConsumer] = []
    private var shared = SharedCalls()

    private var channels: [String: Int] = [:]
    private var bridges: [String: Int] = [:]
    private var endpoints: [String: Int] = [:]
    private var devices: [String: Int] = [:]
    private var wholeKinds: Set<EventBus.Kind> = []

    public private(set) var allowed: [EventFilterEntry] = []
    public private(set) var disallowed: [EventFilterEntry] = []

    init(name: String, seesAll: Bool, core: CallCore) {
        self.name = name
        self.seesAll = seesAll
        self.core = core
        if seesAll {
            for kind: EventBus.Kind in [.channel, .bridge, .endpoint, .device] { subscribe(all: kind) }
        }
    }

    public var isActive: Bool { consumers.contains(where: \.isConnected) }
    var isListening: Bool { consumers.contains(where: \.isListening) }
    var wantsFinalEvents: Bool { consumers.contains(where: \.delivery.wantsFinalEvents) }
    /// Whether connections share the application, so that one more does not replace the others.
    var isShared: Bool { consumers.contains { $0.delivery.isShared } }
    var hasSubscriptions: Bool {
        !(channels.isEmpty && bridges.isEmpty && endpoints.isEmpty && devices.isEmpty && wholeKinds.isEmpty)
    }

    func add(_ consumer: EventConsumer) { consumers.append(consumer) }

    /// Removes a connection for good; others that share the application take over its calls and are told.
    func remove(_ gone: EventConsumer) {
        consumers.removeAll { $0 === gone }
        gone.grace?.cancel()
        if consumers.isEmpty {
            for kind in wholeKinds { core.events.remove(self, all: kind) }
            wholeKinds = []
            // Who comes next gets all calls that still run.
            shared = SharedCalls()
            return
        }
        for (id, next) in shared.handOver(from: gone, to: consumers) {
            guard let channel = core.channels[id] else { continue }
            next.take(
                core.events.encode(.channelAssigned(channel: channel.snapshot, args: channel.stasis?.arguments ?? [])), application: name)
        }
    }

    /// Hands over an event unless the filter holds it back, to connections that may hear of its subject.
    ///
    /// - Parameter isAddressed: whether the event is meant for this application, and not overheard by it.
    func deliver(_ event: EncodedEvent, about subject: EventSubject, isAddressed: Bool = false) {
        guard wants(event.type), let first = consumers.first else { return }
        // One that shares is noted as having the call even while it is alone: others may come.
        if consumers.count == 1, !first.delivery.isShared {
            if isAddressed || first.delivery.scope.hears(of: subject) { first.take(event, application: name) }
            return
        }
        for consumer in shared.consumers(for: subject, among: consumers) where isAddressed || consumer.delivery.scope.hears(of: subject) {
            consumer.take(event, application: name)
        }
    }

    /// Hands over the end of a channel that the application has seen, to a client that wants to know.
    func deliverEnd(_ event: EncodedEvent, of channel: Channel) {
        guard wants(event.type), !consumers.isEmpty else { return }
        for consumer in shared.consumers(for: .channel(channel), among: consumers) where consumer.delivery.wantsFinalEvents {
            consumer.take(event, application: name)
        }
    }

    /// Whether the filter lets events of this type through: disallowed first, then an empty allowed list lets all pass.
    public func wants(_ type: EventType) -> Bool {
        if allowed.isEmpty, disallowed.isEmpty { return true }
        if disallowed.contains(where: { $0.type == type.rawValue }) { return false }
        return allowed.isEmpty || allowed.contains { $0.type == type.rawValue }
    }

    /// Changes which events are let through; nil leaves a list as it is.
    public func setFilter(allowed: [EventFilterEntry]?, disallowed: [EventFilterEntry]?) {
        if let allowed { self.allowed = allowed }
        if let disallowed { self.disallowed = disallowed }
    }

    // MARK: - Subscriptions

    func subscribe(_ channel: Channel) {
        if channels[channel.id, default: 0] == 0 { channel.subscribers.append(self) }
        channels[channel.id, default: 0] += 1
    }

    /// Takes one subscription back.
    /// - Returns: false when there was none.
    @discardableResult func unsubscribe(_ channel: Channel) -> Bool {
        let left = drop(channel.id, from: &channels)
        if left == 0 {
            channel.subscribers.removeAll { $0 === self }
            if !wantsFinalEvents {
                shared.forget(channel)
            } else if !channel.lookers.contains(where: { $0 === self }) {
                channel.lookers.append(self)
            }
        }
        return left != nil
    }

    /// Forgets who has a channel or a bridge that is gone.
    func forgetShare(of channel: Channel) { shared.forget(channel) }
    func forgetShare(of bridge: Bridge) { shared.forget(bridge) }

    func forget(channel: Channel) {
        channels[channel.id] = nil
        core.applications.collect(self)
    }

    func subscribe(_ bridge: Bridge) {
        if bridges[bridge.id, default: 0] == 0 { bridge.subscribers.append(self) }
        bridges[bridge.id, default: 0] += 1
    }

    @discardableResult func unsubscribe(_ bridge: Bridge) -> Bool {
        let left = drop(bridge.id, from: &bridges)
        if left == 0 { bridge.subscribers.removeAll { $0 === self } }
        return left != nil
    }

    func forget(bridge: Bridge) {
        bridges[bridge.id] = nil
        core.applications.collect(self)
    }

    func subscribe(_ endpoint: Endpoint) {
        if endpoints[endpoint.id, default: 0] == 0 { endpoint.subscribers.append(self) }
        endpoints[endpoint.id, default: 0] += 1
    }

    func unsubscribe(_ endpoint: Endpoint) -> Bool {
        let left = drop(endpoint.id, from: &endpoints)
        if left == 0 { endpoint.subscribers.removeAll { $0 === self } }
        return left != nil
    }

    func forget(endpoint: Endpoint) {
        endpoints[endpoint.id] = nil
    }

    func subscribe(technology: String) {
        if endpoints[technology, default: 0] == 0 { core.events.add(self, technology: technology) }
        endpoints[technology, default: 0] += 1
    }

    func unsubscribe(technology: String) -> Bool {
        let left = drop(technology, from: &endpoints)
        if left == 0 { core.events.remove(self, technology: technology) }
        return left != nil
    }

    func subscribe(device: String) {
        if devices[device, default: 0] == 0 { core.events.add(self, device: device) }
        devices[device, default: 0] += 1
    }

    func unsubscribe(device: String) -> Bool {
        let left = drop(device, from: &devices)
        if left == 0 { core.events.remove(self, device: device) }
        return left != nil
    }

    func subscribe(all kind: EventBus.Kind) {
        if wholeKinds.insert(kind).inserted { core.events.add(self, all: kind) }
    }

    func unsubscribe(all kind: EventBus.Kind) -> Bool {
        guard wholeKinds.remove(kind) != nil else { return false }
        core.events.remove(self, all: kind)
        return true
    }

    /// Takes one off a use count.
    /// - Returns: what is left, nil when there was none.
    private func drop(_ id: String, from counts: inout [String: Int]) -> Int? {
        guard let count = counts[id] else { return nil }
        counts[id] = count > 1 ? count - 1 : nil
        return count - 1
    }

    /// Removes what remains of the subscriptions when the application itself goes.
    func dissolve() {
        for technology in endpoints.keys where !technology.contains("/") { core.events.remove(self, technology: technology) }
        for device in devices.keys { core.events.remove(self, device: device) }
        for kind in wholeKinds { core.events.remove(self, all: kind) }
    }

    // MARK: - What ARI shows

    /// The channels and bridges of which a connection of the application hears, oldest first, as far as `limit` of each goes.
    func snapshot(limit: Int, for scope: AccessScope) -> (channels: [ARIModel.Channel], bridges: [ARIModel.Bridge], isComplete: Bool) {
        let (allChannels, allBridges) = (wholeKinds.contains(.channel), wholeKinds.contains(.bridge))
        let seenChannels = core.channels.all.filter { (allChannels || channels[$0.id] != nil) && scope.includes($0) }
        let seenBridges = core.bridges.all.filter { (allBridges || bridges[$0.id] != nil) && scope.includes($0) }
        return (
            seenChannels.prefix(limit).map(\.snapshot), seenBridges.prefix(limit).map(\.snapshot),
            max(seenChannels.count, seenBridges.count) <= limit
        )
    }

    public var model: ARIModel.Application {
        func ids(_ counts: [String: Int], _ kind: EventBus.Kind, _ topic: String) -> [String] {
            counts.keys.sorted() + (wholeKinds.contains(kind) ? [topic] : [])
        }
        return ARIModel.Application(
            name: name,
            channelIDs: ids(channels, .channel, "__AST_CHANNEL_ALL_TOPIC"),
            bridgeIDs: ids(bridges, .bridge, "__AST_BRIDGE_ALL_TOPIC"),
            endpointIDs: ids(endpoints, .endpoint, "__AST_ENDPOINT_ALL_TOPIC"),
            deviceNames: ids(devices, .device, "__AST_DEVICE_STATE_ALL_TOPIC"),
            eventsAllowed: allowed.map(\.json), eventsDisallowed: disallowed.map(\.json))
    }
}

/// One entry of an event filter, kept as the client wrote it.
public struct EventFilterEntry: Sendable {
    public let type: String
    public let json: JSONValue

    /// Takes an object with a non-empty `type`; nil for anything else.
    public init?(_ json: JSONValue) {
        guard case .object = json, let type = json["type"]?.string, !type.isEmpty else { return nil }
        self.type = type
        self.json = json
    }
}
