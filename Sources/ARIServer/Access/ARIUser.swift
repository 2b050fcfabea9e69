public import CallCore

/// Somebody who may use the interface.
public struct ARIUser: Sendable {
    public enum Password: Sendable {
        case plain(String)
        /// A stored hash, and how to check a password against it. The check runs outside of the control loop when it suspends there, and
        /// its success is remembered as long as `hash` stays the same.
        case hashed(hash: String, verify: @Sendable (String) async -> Bool)

        /// What changes when the password changes.
        var identity: String {
            switch self {
            case .plain(let password): password
            case .hashed(let hash, _): hash
            }
        }
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

    /// What the user may see and control.
    public var scope: AccessScope { AccessScope(applications: applications) }

    /// Tells whether the user may act for an application.
    public func mayUse(application: String) -> Bool {
        guard let applications, !applications.contains(application) else { return true }
        // A connection of one call has a name of its own: that of its application, a colon, and the channel's.
        return application.split(separator: ":", maxSplits: 1).first.map { applications.contains(String($0)) } ?? false
    }
}

/// Knows the users. Asked at each request, so a change applies at once.
@CallActor
public protocol ARIUserDirectory: AnyObject {
    func user(named name: String) -> ARIUser?
    /// Somebody proved to be the user; called with each request, so that it must cost nothing.
    func used(_ name: String, from address: String)
}

extension ARIUserDirectory {
    public func used(_ name: String, from address: String) {}
}
