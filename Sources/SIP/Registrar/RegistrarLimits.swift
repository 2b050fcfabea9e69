/// What a registrar allows for one address of record (RFC 3261 10.3).
public struct RegistrarLimits: Sendable, Hashable {
    /// Bindings at one time; a request that would exceed it gets 403, unless `removesExisting`.
    public var maximumContacts: Int
    /// Shorter registrations get 423 with Min-Expires.
    public var minimumExpiresSeconds: Int
    /// Longer registrations are shortened to this.
    public var maximumExpiresSeconds: Int
    /// Counts when the request asks for no expiry.
    public var defaultExpiresSeconds: Int
    /// Says that the oldest bindings make room for new ones.
    public var removesExisting: Bool

    public init(
        maximumContacts: Int = 5, minimumExpiresSeconds: Int = 60, maximumExpiresSeconds: Int = 3600,
        defaultExpiresSeconds: Int = 3600, removesExisting: Bool = false
    ) {
        self.maximumContacts = maximumContacts
        self.minimumExpiresSeconds = minimumExpiresSeconds
        self.maximumExpiresSeconds = maximumExpiresSeconds
        self.defaultExpiresSeconds = defaultExpiresSeconds
        self.removesExisting = removesExisting
    }
}
