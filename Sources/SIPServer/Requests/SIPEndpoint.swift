import CallCore
import SIP

/// An account in force: its settings, the endpoint that ARI shows, and how many calls it has.
@CallActor
final class SIPEndpoint {
    let name: String
    var settings: SIPEndpointSettings
    let shown: Endpoint
    var callCount = 0

    init(_ settings: SIPEndpointSettings, shown: Endpoint) {
        name = settings.name
        self.settings = settings
        self.shown = shown
    }

    /// What proves the account's user; nil when it can't authenticate.
    var secret: DigestSecret? { settings.secret.isEmpty ? nil : .password(settings.secret) }

    var registrarLimits: RegistrarLimits {
        RegistrarLimits(
            maximumContacts: max(1, settings.maxContacts), minimumExpiresSeconds: settings.minExpires,
            maximumExpiresSeconds: settings.maxExpires, defaultExpiresSeconds: settings.maxExpires,
            removesExisting: settings.removeExisting)
    }
}
