import ARIModel

/// One connection of an application: where its events go, their numbers, and what it may miss while it is away.
@CallActor
final class EventConsumer {
    private(set) var delivery: EventDelivery
    private(set) weak var sink: (any EventSink)?
    /// Nil unless the client asked for numbers.
    let backlog: EventBacklog?
    /// Ends the time in which the client may come back.
    var grace: ScheduledAction?

    init(sink: any EventSink, delivery: EventDelivery, token: () -> String) {
        self.sink = sink
        self.delivery = delivery
        backlog = delivery.isNumbered ? EventBacklog(token: token()) : nil
    }

    var isConnected: Bool { sink != nil }
    /// Whether an event has somewhere to go: out, or into the backlog.
    var isListening: Bool { sink != nil || backlog != nil }

    /// Sends an event, or keeps it until the client is back.
    func take(_ event: EncodedEvent, application: String) {
        let sequence = backlog?.keep(event)
        sink?.deliver(event, application: application, sequence: sequence)
    }

    /// Sends what is only for this connection: it has no number and isn't kept.
    func tell(_ event: EncodedEvent, application: String) {
        sink?.deliver(event, application: application, sequence: nil)
    }

    /// Changes what it may hear of.
    func restrict(to scope: AccessScope) { delivery.scope = scope }

    func disconnect() { sink = nil }

    /// Lets another connection go on with the stream.
    func reconnect(_ new: any EventSink, delivery: EventDelivery) {
        grace?.cancel()
        grace = nil
        sink = new
        self.delivery = delivery
    }
}
