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

    /// Gives an application to `sink`. One that another sink has is taken over: that one gets ApplicationReplaced and no more events.
    /// - Returns: false when the name is empty or too long.
    public func register(_ name: String, subscribeAll: Bool, sink: any EventSink) -> Bool {
        guard !name.isEmpty, name.utf8.count <= Self.nameLimit else { return false }
        if let present = byName[name] {
            if present.isActive { core.events.publish(to: present, .applicationReplaced) }
            present.attach(sink)
        } else {
            let fresh = StasisApplication(name: name, seesAll: subscribeAll, core: core)
            byName[name] = fresh
            fresh.attach(sink)
        }
        return true
    }

    /// Takes an application from `sink`, if it still has it. It stays deactivated while it holds subscriptions.
    public func unregister(_ name: String, sink: any EventSink) {
        guard let application = byName[name], application.sink === sink else { return }
        application.detach()
        collect(application)
    }

    /// Removes a deactivated application that holds no subscription any more.
    func collect(_ application: StasisApplication) {
        guard !application.isActive, !application.hasSubscriptions, byName[application.name] === application else { return }
        application.dissolve()
        byName[application.name] = nil
    }
}
