import Audio
import CallCore
import Media
import SIP

/// The channel technology `PJSIP`: makes channels of calls that come in, and legs for calls that go out.
@CallActor
final class SIPTechnology: ChannelTechnology {
    nonisolated let name = SIPSettings.technology
    /// The place of outgoing channels that have none in the dialplan yet.
    static let startExtension = "s"
    /// The context of calls to addresses that belong to no endpoint.
    static let defaultContext = "default"

    unowned let core: CallCore
    let signalling: Signalling
    let directory: EndpointDirectory
    let registrations: RegistrationService
    let providers: ProviderLines
    /// What calls with DTLS share; nil where there is none.
    private let secureMedia: SecureMediaEnvironment?

    init(
        core: CallCore, signalling: Signalling, directory: EndpointDirectory, registrations: RegistrationService, providers: ProviderLines,
        secureMedia: SecureMediaEnvironment?
    ) {
        self.core = core
        self.signalling = signalling
        self.directory = directory
        self.registrations = registrations
        self.providers = providers
        self.secureMedia = secureMedia
    }

    /// Opens a port and makes the leg around it.
    func makeLeg(
        _ direction: SIPLeg.Direction, _ endpoint: SIPEndpoint?, _ settings: SIPEndpointSettings, _ codecs: [AudioCodec], _ flow: SIPFlow
    ) throws(DialRefusal) -> SIPLeg {
        let place = mediaPlace(for: flow)
        let relay = MediaEventRelay()
        do {
            let isOfferer = if case .outgoing = direction { true } else { false }
            let media = try LegMedia(
                plane: core.media,
                settings: LegMediaSettings(
                    address: place.told, bindHost: place.bound, peerHost: flow.remote.host, codecs: codecs,
                    sendsEvents: settings.dtmf != .info, isSymmetric: settings.symmetricRTP, encryption: settings.encryption,
                    isOfferer: isOfferer, candidateHosts: signalling.transports.candidateHosts(bound: place.bound, told: place.told),
                    sessionID: signalling.randomNumber()),
                environment: secureMedia, events: { relay.leg?.mediaEvent($0) })
            let leg = SIPLeg(
                direction, endpoint: endpoint, settings: settings, media: media, scheduler: core.scheduler, signalling: signalling)
            relay.leg = leg
            media.onFailure = { relay.leg?.mediaFailed($0) }
            return leg
        } catch {
            throw .noMedia("\(error)")
        }
    }

    /// Lets a call find a registered far end that comes back over another connection.
    func follow(_ call: SIPCall, _ endpoint: SIPEndpoint?) {
        guard let name = endpoint?.name else { return }
        call.findFarEnd = { [weak registrations] uri in registrations?.flow(to: uri, of: name) }
    }

    /// Where audio of a call is received, and the address that the far end is told for it.
    private func mediaPlace(for flow: SIPFlow) -> (bound: String, told: String) {
        let own = signalling.ownAddress(for: flow).host
        let isIPv6 = NumericAddress.isIPv6(own)
        guard let wanted = signalling.settings.mediaAddress, NumericAddress.isIPv6(wanted) == isIPv6 else {
            return (flow.transport == .udp ? flow.local.host : isIPv6 ? "::" : "0.0.0.0", own)
        }
        return (wanted, own == signalling.settings.advertisedAddress ? own : wanted)
    }
}

/// Leads a port's events to its leg, which is made after it.
@CallActor
private final class MediaEventRelay {
    weak var leg: SIPLeg?
}
