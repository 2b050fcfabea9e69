/// What happened to a binding.
public enum RegistrarChange: Sendable, Hashable {
    public enum RemovalReason: Sendable, Hashable {
        /// The phone asked for it, with a zero expiry or the wildcard.
        case unregistered
        case expired
        /// A newer registration took its place, where `removesExisting` makes room.
        case replaced
        /// The connection that it needs is gone (RFC 5626 5.2).
        case flowLost
        /// The caller took it away, as when an account is closed.
        case administrative
    }

    case added(RegistrarBinding)
    /// The binding stays, with a new expiry and perhaps another contact or flow.
    case refreshed(RegistrarBinding)
    case removed(RegistrarBinding, RemovalReason)
}
