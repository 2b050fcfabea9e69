import ARIModel

/// All applications by name, active and deactivated ones.
@CallActor
public final class StasisApplications {
    /// The longest name an application may have, in bytes.
    public static let nameLimit = 73

    private unowned let core: CallCore
    private var byName: [String: StasisApplication] = [:]

    init(core: CallCore) {
        self.core = core
    }

    public var all: [StasisApplication] { byName.values.sorted { $0.name < $1.name } }

    public subscript(name: String) -> StasisApplication? { byName[name] }

    /// Gives an application to `sink`. Whoever has it, and doesn't share it, gets ApplicationReplaced and no more events.
    /// - Returns: false when the name is empty or too long.
    public func register(
        _ name: String, subscribeAll: Bool, delivery: EventDelivery = EventDelivery(), sink: any EventSink,
        nameLimit: Int = StasisApplications.nameLimit
    ) -> Bool {
        guard !name.isEmpty, name.utf8.count <= nameLimit else { return false }
        let application = byName[name] ?? StasisApplication(name: name, seesAll: subscribeAll, core: core)
        byName[name] = application
        if let point = delivery.resumePoint, application.resume(at: point, delivery: delivery, sink: sink) { return true }
        let before = application.consumers
        let isKnown = before.contains { $0.backlog != nil && $0.backlog?.token == delivery.resumePoint?.token }
        let consumer = EventConsumer(sink: sink, delivery: delivery, token: core.randomUUID)
        if !(delivery.isShared && application.isShared), application.isActive { core.events.publish(to: application, .applicationReplaced) }
        application.add(consumer)
        application.greet(consumer, isKnown: isKnown)
        for old in before where !(old.isConnected && old.delivery.isShared && delivery.isShared) { application.remove(old) }
        return true
    }

    /// Takes an application from `sink`, if it still has it. It stays deactivated while it holds subscriptions; a client that asked for
    /// numbers may come back for a while, unless others share the application.
    public func unregister(_ name: String, sink: any EventSink) {
        guard let application = byName[name], let consumer = application.consumers.first(where: { $0.sink === sink }) else { return }
        consumer.disconnect()
        guard consumer.backlog != nil, application.consumers.count == 1 else { return remove(consumer, from: application) }
        consumer.grace = core.scheduler.schedule(afterMs: EventBacklog.graceMs) { [weak self, weak application, weak consumer] in
            guard let application, let consumer else { return }
            self?.remove(consumer, from: application)
        }
    }

    /// Changes what a connection may hear of.
    public func restrict(_ name: String, of sink: any EventSink, to scope: AccessScope) {
        byName[name]?.consumers.first { $0.sink === sink }?.restrict(to: scope)
    }

    private func remove(_ consumer: EventConsumer, from application: StasisApplication) {
        application.remove(consumer)
        collect(application)
    }

    /// Lets the applications that connections share forget who has a channel that is gone.
    func forgetShares(of channel: Channel) {
        for application in byName.values where application.isShared { application.forgetShare(of: channel) }
    }

    /// Lets the applications that connections share forget who has a bridge that is gone.
    func forgetShares(of bridge: Bridge) {
        for application in byName.values where application.isShared { application.forgetShare(of: bridge) }
    }

    /// Removes a deactivated application that holds no subscription any more.
    func collect(_ application: StasisApplication) {
        guard !application.isListening, !application.hasSubscriptions, byName[application.name] === application else { return }
        application.dissolve()
        byName[application.name] = nil
    }
}
