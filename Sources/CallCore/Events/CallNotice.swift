public import ARIModel

/// What happens in calls that ARI has no event for, for interfaces that do.
public enum CallNotice {
    public enum DigitDirection: String, Sendable { case received = "Received", sent = "Sent" }

    /// Both halves of a Local channel are connected: `first` was dialled, `second` runs the dialplan.
    case localBridge(first: Channel, second: Channel)
    case musicStarted(Channel, className: String)
    case musicStopped(Channel)
    case digit(Channel, Character, DigitDirection, durationMs: Int)
    case spyStarted(spy: Channel, target: Channel)
    case spyStopped(spy: Channel, target: Channel)
    /// What UserEvent() or a client of another interface made up, for whoever listens.
    case userEvent(name: String, channel: Channel?, fields: [(name: String, value: String)])
    /// A registration with a provider came to be, failed, or ended.
    case registry(Registry)

    public struct Registry: Sendable, Equatable {
        public var technology: String
        /// With which user name.
        public var user: String
        /// Where.
        public var domain: String
        /// `Registered`, `Unregistered`, `Rejected` or `Failed`.
        public var status: String
        public var cause: String

        public init(technology: String, user: String, domain: String, status: String, cause: String = "") {
            self.technology = technology
            self.user = user
            self.domain = domain
            self.status = status
            self.cause = cause
        }
    }
}

/// Something that a ``CallWitness`` is told.
public enum CallOccurrence {
    case event(EventBody)
    case notice(CallNotice)
}

/// Somebody who hears of everything that happens, as it happens and not encoded, until ``end()``.
@CallActor
public final class CallWitness {
    let hear: @CallActor (CallOccurrence) -> Void
    private weak var bus: EventBus?

    init(bus: EventBus, _ hear: @escaping @CallActor (CallOccurrence) -> Void) {
        self.bus = bus
        self.hear = hear
    }

    public func end() { bus?.remove(self) }
}
