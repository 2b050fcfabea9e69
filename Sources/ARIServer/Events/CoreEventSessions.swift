public import ARIModel
public import CallCore

/// Gives event sockets the applications of the call core.
@CallActor
public final class CoreEventSessions: EventSessions {
    private let core: CallCore

    public init(_ core: CallCore) {
        self.core = core
    }

    public func register(applications: [String], subscribeAll: Bool, deliveries: [EventDelivery], sink: any EventSink) -> Bool {
        guard applications.allSatisfy({ !$0.isEmpty && $0.utf8.count <= StasisApplications.nameLimit }) else { return false }
        return zip(applications, deliveries).allSatisfy {
            core.applications.register($0, subscribeAll: subscribeAll, delivery: $1, sink: sink)
        }
    }

    public func unregister(applications: [String], sink: any EventSink) {
        for name in applications { core.applications.unregister(name, sink: sink) }
    }

    public func restrict(applications: [String], of sink: any EventSink, to scope: AccessScope) {
        for name in applications { core.applications.restrict(name, of: sink, to: scope) }
    }

    public func wants(_ type: EventType, application: String) -> Bool {
        core.applications[application]?.wants(type) ?? true
    }
}
