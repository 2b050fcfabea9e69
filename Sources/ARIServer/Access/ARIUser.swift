public import CallCore

/// Somebody who may use the interface.
public struct ARIUser: Sendable {
    public enum Password: Sendable {
        case plain(String)
        /// A stored hash, and how to check a password against it. The check runs outside of the control loop when it suspends there, and
        /// its success is remembered as long as `hash` stays the same.
        case hashed(hash: String, verify: @Sendable (String) async -> Bool)
    }

    public var name: String
    public var password: Password
    /// Whether only reading is allowed: GET, OPTIONS, and the event WebSocket.
    public var isReadOnly: Bool
    /// The applications that the user may act for; nil for all.
    public var applications: Set<String>?
    /// Tells whether the user may come from an IP address; nil lets all addresses in.
    public var permitsAddress: (@Sendable (String) -> Bool)?

    public init(
        name: String, password: Password, isReadOnly: Bool = false, applications: Set<String>? = nil,
        permitsAddress: (@Sendable (String) -> Bool)? = nil
    ) {
        self.name = name
        self.password = password
        self.isReadOnly = isReadOnly
        self.applications = applications
        self.permitsAddress = permitsAddress
    }

    /// Tells whether the user may act for an application.
    public func mayUse(application: String) -> Bool {
        applications?.contains(application) ?? true
    }
}

/// Knows the users. Asked at each request, so a change applies at once.
@CallActor
public protocol ARIUserDirectory: AnyObject {
    func user(named name: String) -> ARIUser?
}
