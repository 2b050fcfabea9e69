public import ARIModel
public import CallCore

/// What the event sockets need of the core: the applications that they serve.
@CallActor
public protocol EventSessions: AnyObject {
    /// Gives the applications to `sink`, from whoever has them now.
    /// - Returns: false when one of them can't be registered; none is then.
    ///
    /// - Parameter deliveries: what the client asks for, one for each application.
    func register(applications: [String], subscribeAll: Bool, deliveries: [EventDelivery], sink: any EventSink) -> Bool
    /// Takes the applications from `sink`, as far as it still has them.
    func unregister(applications: [String], sink: any EventSink)
    /// Changes what `sink` may hear of.
    func restrict(applications: [String], of sink: any EventSink, to scope: AccessScope)
    /// Tells whether the filter of an application lets a type of event through.
    func wants(_ type: EventType, application: String) -> Bool
}
