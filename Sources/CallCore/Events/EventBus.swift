public import ARIModel

/// What an event is about, which decides who gets it among connections that share an application.
enum EventSubject {
    case nothing
    /// What all share, such as a global variable: only for who may see everything.
    case server
    case channel(Channel)
    case channels([Channel])
    case bridge(Bridge)
}

/// Carries events to the applications that are subscribed to what they are about.
///
/// An event is built and encoded only when somebody listens, and only once however many do.
@CallActor
public final class EventBus {
    private unowned let core: CallCore
    /// Applications that see everything of a kind.
    private var all: [Kind: [StasisApplication]] = [:]
    private var technologies: [String: [StasisApplication]] = [:]
    private var devices: [String: [StasisApplication]] = [:]

    private var observers: [ObjectIdentifier: EventObservation] = [:]

    enum Kind: Hashable { case channel, bridge, endpoint, device }

    init(core: CallCore) {
        self.core = core
    }

    func add(_ application: StasisApplication, all kind: Kind) {
        all[kind, default: []].append(application)
    }

    func remove(_ application: StasisApplication, all kind: Kind) {
        all[kind]?.removeAll { $0 === application }
    }

    func add(_ application: StasisApplication, technology: String) {
        technologies[technology, default: []].append(application)
    }

    func remove(_ application: StasisApplication, technology: String) {
        technologies[technology]?.removeAll { $0 === application }
    }

    func add(_ application: StasisApplication, device: String) {
        devices[device, default: []].append(application)
    }

    func remove(_ application: StasisApplication, device: String) {
        devices[device]?.removeAll { $0 === application }
        if devices[device]?.isEmpty == true { devices[device] = nil }
    }

    /// Lets `observer` see every event, whoever it is for, without being an application.
    public func observe(_ observer: @escaping @CallActor (EncodedEvent) -> Void) -> EventObservation {
        let observation = EventObservation(bus: self, observer)
        observers[ObjectIdentifier(observation)] = observation
        return observation
    }

    private var witnesses: [ObjectIdentifier: CallWitness] = [:]

    /// Lets somebody hear of everything before it is encoded for anybody.
    public func witness(_ hear: @escaping @CallActor (CallOccurrence) -> Void) -> CallWitness {
        let witness = CallWitness(bus: self, hear)
        witnesses[ObjectIdentifier(witness)] = witness
        return witness
    }

    func remove(_ witness: CallWitness) { witnesses[ObjectIdentifier(witness)] = nil }

    /// Tells the witnesses of what ARI has no event for.
    public func note(_ notice: @autoclosure () -> CallNotice) {
        guard !witnesses.isEmpty else { return }
        let occurrence = CallOccurrence.notice(notice())
        for witness in witnesses.values { witness.hear(occurrence) }
    }

    private func tellWitnesses(_ body: () -> EventBody) {
        guard !witnesses.isEmpty else { return }
        let occurrence = CallOccurrence.event(body())
        for witness in witnesses.values { witness.hear(occurrence) }
    }

    fileprivate func remove(_ observation: EventObservation) { observers[ObjectIdentifier(observation)] = nil }

    // MARK: - Publishing

    /// Publishes an event about one channel.
    func publish(about channel: Channel, _ body: () -> EventBody) {
        deliver(body, about: .channel(channel), to: listeners(to: channel))
    }

    private func listeners(to channel: Channel) -> Audience {
        var audience = Audience(channel.subscribers)
        audience.add(all[.channel])
        addListeners(of: channel.endpoint, to: &audience)
        return audience
    }

    /// Publishes the end of a channel, also to applications that have seen it and want to know.
    func publish(endOf channel: Channel, _ body: () -> EventBody) {
        let audience = listeners(to: channel)
        deliver(body, about: .channel(channel), to: audience)
        let others = channel.lookers.filter { looker in !audience.members.contains { $0 === looker } }
        guard !others.isEmpty else { return }
        let event = encode(body())
        for application in others { application.deliverEnd(event, of: channel) }
    }

    /// Publishes an event about a dial: its caller's listeners and its peer's hear it once.
    func publish(about channels: [Channel], _ body: () -> EventBody) {
        var audience = Audience([])
        for channel in channels {
            audience.add(channel.subscribers)
            addListeners(of: channel.endpoint, to: &audience)
        }
        audience.add(all[.channel])
        deliver(body, about: .channels(channels), to: audience)
    }

    /// Publishes an event about a bridge, entering and leaving included.
    func publish(about bridge: Bridge, _ body: () -> EventBody) {
        var audience = Audience(bridge.subscribers)
        audience.add(all[.bridge])
        deliver(body, about: .bridge(bridge), to: audience)
    }

    /// Publishes that one bridge took in another: the listeners of both hear it once.
    func publish(about bridge: Bridge, merging other: Bridge, _ body: () -> EventBody) {
        var audience = Audience(bridge.subscribers)
        audience.add(other.subscribers)
        audience.add(all[.bridge])
        deliver(body, about: .bridge(bridge), to: audience)
    }

    /// Publishes an event about an endpoint; `toAll` says whether applications that see all endpoints get it.
    func publish(about endpoint: Endpoint, toAll: Bool = true, _ body: () -> EventBody) {
        var audience = Audience([])
        addListeners(of: endpoint, to: &audience)
        if toAll { audience.add(all[.endpoint]) }
        deliver(body, about: .nothing, to: audience)
    }

    /// Whether somebody hears of an endpoint.
    func hasListeners(of endpoint: Endpoint) -> Bool {
        var audience = Audience(all[.endpoint] ?? [])
        addListeners(of: endpoint, to: &audience)
        return audience.members.contains(where: \.isListening)
    }

    func publish(aboutDevice name: String, _ body: () -> EventBody) {
        var audience = Audience(devices[name] ?? [])
        audience.add(all[.device])
        deliver(body, about: .nothing, to: audience)
    }

    /// Publishes to whoever sees all channels: a global variable.
    func publishToAll(_ body: () -> EventBody) {
        deliver(body, about: .server, to: Audience(all[.channel] ?? []))
    }

    /// Publishes an event to one application.
    func publish(to application: StasisApplication, about subject: EventSubject = .nothing, _ body: EventBody) {
        tellWitnesses { body }
        guard application.isListening || !observers.isEmpty else { return }
        let event = encode(body)
        for observation in observers.values { observation.observer(event) }
        if application.isListening { application.deliver(event, about: subject, isAddressed: true) }
    }

    /// Encodes an event with the time of now.
    func encode(_ body: EventBody) -> EncodedEvent {
        Event(body, timestamp: core.timestamp(core.scheduler.nowMs)).encode(asteriskID: core.settings.entityID)
    }

    private func addListeners(of endpoint: Endpoint?, to audience: inout Audience) {
        guard let endpoint else { return }
        audience.add(endpoint.subscribers)
        audience.add(technologies[endpoint.technology])
    }

    private func deliver(_ body: () -> EventBody, about subject: EventSubject, to audience: Audience) {
        tellWitnesses(body)
        var encoded: EncodedEvent?
        if !observers.isEmpty {
            let event = encode(body())
            encoded = event
            for observation in observers.values { observation.observer(event) }
        }
        for application in audience.members where application.isListening {
            let event = encoded ?? encode(body())
            encoded = event
            application.deliver(event, about: subject)
        }
    }
}

/// Somebody who sees every event until ``end()``.
@CallActor
public final class EventObservation {
    fileprivate let observer: @CallActor (EncodedEvent) -> Void
    private weak var bus: EventBus?

    fileprivate init(bus: EventBus, _ observer: @escaping @CallActor (EncodedEvent) -> Void) {
        self.bus = bus
        self.observer = observer
    }

    public func end() { bus?.remove(self) }
}

/// The applications that get one event, each once, without allocating for the common case of one.
private struct Audience {
    private(set) var members: [StasisApplication]

    init(_ members: [StasisApplication]) {
        self.members = members
    }

    mutating func add(_ more: [StasisApplication]?) {
        guard let more, !more.isEmpty else { return }
        if members.isEmpty {
            members = more
            return
        }
        for application in more where !members.contains(where: { $0 === application }) { members.append(application) }
    }
}
