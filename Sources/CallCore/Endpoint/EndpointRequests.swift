public import ARIModel

/// A text to be sent to an endpoint (ARI operation `sendMessage`).
public struct OutgoingMessage: Sendable {
    /// Who it comes from, as the endpoint's protocol writes it; nil for nobody.
    public var from: String?
    public var body: String
    /// Header fields to send along, where the protocol has such.
    public var variables: [NamedValue]

    public init(from: String?, body: String, variables: [NamedValue] = []) {
        self.from = from
        self.body = body
        self.variables = variables
    }
}

/// An endpoint to be sent elsewhere outside of a call (ARI operation `refer`).
public struct EndpointReferral: Sendable {
    public var from: String?
    /// Where it is to call.
    public var referTo: String
    /// Whether `referTo` is to be reached through this server.
    public var isToSelf: Bool
    public var displayName: String?
    public var variables: [NamedValue]

    public init(from: String?, referTo: String, isToSelf: Bool = false, displayName: String? = nil, variables: [NamedValue] = []) {
        self.from = from
        self.referTo = referTo
        self.isToSelf = isToSelf
        self.displayName = displayName
        self.variables = variables
    }
}

extension CallCore {
    /// Sends a text to an endpoint, the technology in any case.
    /// - Returns: false when there is no such endpoint or no way to it.
    public func send(_ message: OutgoingMessage, technology: String, resource: String) -> Bool {
        technologyNamed(technology)?.send(message, to: resource) ?? false
    }

    /// Sends an endpoint elsewhere, the technology in any case.
    /// - Returns: false when there is no such endpoint or no way to it.
    public func refer(_ referral: EndpointReferral, technology: String, resource: String) -> Bool {
        technologyNamed(technology)?.refer(referral, at: resource) ?? false
    }

    private func technologyNamed(_ name: String) -> (any ChannelTechnology)? {
        technologies.first { $0.key.lowercased() == name.lowercased() }?.value
    }
}

extension Endpoint {
    /// A text came from the endpoint.
    /// - Returns: whether anybody listens.
    public func received(_ message: TextMessage) -> Bool {
        guard core.events.hasListeners(of: self) else { return false }
        core.events.publish(about: self) { .textMessageReceived(message: message, endpoint: self.snapshot) }
        return true
    }
}
