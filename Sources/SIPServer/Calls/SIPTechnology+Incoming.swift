import CallCore
import Dialplan
import SIP

import enum ARIModel.ChannelState

extension SIPTechnology {
    /// Takes an INVITE from an endpoint that proved who it is.
    func receive(_ id: ServerTransactionID, _ request: SIPRequest, over flow: SIPFlow, from endpoint: SIPEndpoint) {
        let provider = endpoint.settings.provider
        let dialled = (provider.map { $0.dialled(in: request) } ?? request.target.sip?.user) ?? Self.startExtension
        let location = DialplanLocation(context: endpoint.settings.context, dialed: dialled)
        let caller = caller(of: request, endpoint.settings)
        if let rejection = rejection(location, caller, endpoint) { return signalling.respondStatelessly(id, rejection) }
        let session = InviteSession(
            answering: request, id, configuration: signalling.sessionConfiguration(for: flow), tokens: signalling.newTokenSource())
        let isDirect = request.headers.all("Via").count == 1
        let call = SIPCall(session, invite: request, flow: flow, isDirect: isDirect, signalling: signalling)
        let arrival = Arrival()
        call.owner = arrival
        call.start(invite: id)
        // Refused by the session, which has said so.
        guard case .invited(let offer)? = arrival.event else { return }
        open(
            call, offer, flow, endpoint,
            ChannelSetup(
                state: .ring, isOutbound: false, caller: caller, accountCode: endpoint.settings.accountCode,
                language: endpoint.settings.language.isEmpty ? nil : endpoint.settings.language, location: location,
                endpoint: endpoint.shown))
    }

    /// The account's caller ID, or what the phone says where the account has none.
    private func caller(of request: SIPRequest, _ settings: SIPEndpointSettings) -> PartyID {
        guard settings.callerID.isEmpty else { return settings.callerID }
        if let asserted = settings.provider?.caller(in: request) { return asserted }
        let from = request.headers.from
        return PartyID(name: from?.displayName ?? "", number: from?.uri.sip?.user ?? "")
    }

    private func rejection(_ location: DialplanLocation, _ caller: PartyID, _ endpoint: SIPEndpoint) -> SIPRejection? {
        guard core.dialplan.exists(location, callerNumber: caller.number) else {
            signalling.log.info("no such extension", "\(location.exten.string)@\(location.context) called by \(endpoint.name)")
            return SIPRejection(404)
        }
        let isFull =
            isFull(endpoint) || endpoint.callCount >= signalling.settings.limits.callsPerEndpoint
            || core.channels.count >= core.settings.channelLimit
        guard !isFull else {
            signalling.log.warning("a call was refused: too many at one time", endpoint.name)
            return SIPRejection(503, headers: [.init("Retry-After", String(signalling.settings.limits.transactions.retryAfterS))])
        }
        return nil
    }

    private func open(_ call: SIPCall, _ offer: [UInt8]?, _ flow: SIPFlow, _ endpoint: SIPEndpoint, _ setup: ChannelSetup) {
        let leg: SIPLeg
        do {
            leg = try makeLeg(.incoming, endpoint, endpoint.settings, endpoint.settings.codecs, flow)
        } catch {
            signalling.log.warning("a call was refused: no port for its audio", "\(error)", callID: call.leg.callID)
            return call.reject(status: 503, reasons: [.q850(HangupCause.congestion.number)])
        }
        do {
            if let offer { try leg.takeOffer(offer) }
        } catch {
            signalling.log.info("a call was refused: no audio in common", error.description, callID: call.leg.callID)
            leg.media.close()
            return call.reject(
                status: 488, reasons: [.q850(HangupCause.bearerCapabilityNotAvailable.number, text: error.description)])
        }
        leg.main = call
        leg.calls = [call]
        call.owner = leg
        follow(call, endpoint)
        start(call, leg, setup, endpoint)
    }

    private func start(_ call: SIPCall, _ leg: SIPLeg, _ setup: ChannelSetup, _ endpoint: SIPEndpoint) {
        let channel = core.makeChannel(
            name: "\(name)/\(endpoint.name)-\(core.nextNameSerial())", technology: name, setup: setup)
        leg.attach(to: channel)
        core.attach(leg, to: channel)
        signalling.log.debug("call", "\(channel.name) to \(setup.location.exten.string)@\(setup.location.context)", callID: call.leg.callID)
        channel.dialledNumber = setup.location.exten.string
        channel.publish()
        channel.protocolID = call.leg.callID
        channel.setVariable("SIPDOMAIN", call.invite?.target.sip?.host ?? "")
        leg.media.prepare(for: leg.media.security) { [weak leg, weak channel] in
            if leg?.isOver == false { channel?.startPBX(at: setup.location) }
        }
    }
}

/// Catches the first word of a session, which decides whether there will be a channel.
@CallActor
private final class Arrival: SIPCallOwner {
    private(set) var event: SessionEvent?

    func call(_ call: SIPCall, did event: SessionEvent) {
        self.event = self.event ?? event
    }
}
