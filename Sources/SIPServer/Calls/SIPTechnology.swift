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

    init(core: CallCore, signalling: Signalling, directory: EndpointDirectory, registrations: RegistrationService) {
        self.core = core
        self.signalling = signalling
        self.directory = directory
        self.registrations = registrations
    }

    /// Opens a port and makes the leg around it.
    func makeLeg(
        _ direction: SIPLeg.Direction, _ endpoint: SIPEndpoint?, _ settings: SIPEndpointSettings, _ codecs: [AudioCodec], _ flow: SIPFlow
    ) throws(DialRefusal) -> SIPLeg {
        let own = signalling.ownAddress(for: flow)
        let listener = flow.local.host
        let bindHost = NumericAddress.isIPv6(own.host) ? "::" : "0.0.0.0"
        let relay = MediaEventRelay()
        do {
            let media = try LegMedia(
                plane: core.media, address: own.host, bindHost: flow.transport == .udp ? listener : bindHost, peerHost: flow.remote.host,
                codecs: codecs, sendsEvents: settings.dtmf != .info, isSymmetric: settings.symmetricRTP,
                sessionID: signalling.randomNumber(), events: { relay.leg?.mediaEvent($0) })
            let leg = SIPLeg(
                direction, endpoint: endpoint, settings: settings, media: media, scheduler: core.scheduler, signalling: signalling)
            relay.leg = leg
            return leg
        } catch {
            throw .noMedia("\(error)")
        }
    }
}

/// Leads a port's events to its leg, which is made after it.
@CallActor
private final class MediaEventRelay {
    weak var leg: SIPLeg?
}
