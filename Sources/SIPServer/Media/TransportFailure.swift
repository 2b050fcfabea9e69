import CallCore
import SecureMedia

/// Why the audio of a call has no way to the far end any more, which ends the call.
enum TransportFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case ice(ICEFailure)
    case dtls(DTLSFailure)
    /// The keys that were agreed on are of no use.
    case keys(String)
    /// The far end has closed DTLS, such as a browser whose page is left, and nothing followed.
    case closed

    /// What the channel's hangup says.
    var cause: HangupCause {
        switch self {
        case .ice, .dtls(.timedOut): .recoveryOnTimerExpiry
        case .dtls, .keys: .bearerCapabilityNotAvailable
        case .closed: .normalClearing
        }
    }

    var description: String {
        switch self {
        case .ice(let failure): failure.description
        case .dtls(let failure): failure.description
        case .keys(let reason): reason
        case .closed: "the far end has ended its audio"
        }
    }
}
