import Audio
import CallCore
import Dialplan
import SIP

import enum ARIModel.ChannelState

extension SIPTechnology {
    func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> Channel {
        guard let target = DialTarget(destination) else { throw .unknownDestination(destination) }
        var endpoint: SIPEndpoint?
        if let name = target.endpoint {
            guard let known = directory[name] else { throw .unknownDestination(destination) }
            endpoint = known
        }
        let settings = endpoint?.settings ?? stranger(target)
        let targets = try targets(of: target, destination)
        let codecs = codecs(settings, request)
        guard !codecs.isEmpty else { throw .noCommonCodec }
        guard let flow = targets.first.map({ signalling.expectedFlow(to: $0) }) else { throw .notRegistered(destination) }
        if let endpoint, isFull(endpoint) { throw .channelLimit }
        let callID = "\(signalling.newToken())\(signalling.newToken())"
        let leg = try makeLeg(.outgoing(targets, callID: callID), endpoint, settings, codecs, flow)
        leg.findsFarEnd = { [weak self, weak endpoint] call in self?.follow(call, endpoint) }
        return start(leg, settings, endpoint, destination, callID, request)
    }

    private func start(
        _ leg: SIPLeg, _ settings: SIPEndpointSettings, _ endpoint: SIPEndpoint?, _ destination: String, _ callID: String,
        _ request: OutboundRequest
    ) -> Channel {
        let location = DialplanLocation(context: settings.context, exten: ExpandedText(Self.startExtension))
        let channel = core.makeChannel(
            id: request.channelID, name: "\(name)/\(settings.name)-\(core.nextNameSerial())", technology: name,
            setup: ChannelSetup(
                state: .down, isOutbound: true, caller: settings.callerID, accountCode: settings.accountCode,
                language: settings.language.isEmpty ? nil : settings.language, location: location, endpoint: endpoint?.shown,
                requesterID: request.requesterID))
        leg.attach(to: channel)
        core.attach(leg, to: channel)
        channel.dialName = "\(name)/\(destination)"
        channel.publish()
        channel.protocolID = callID
        return channel
    }

    /// The settings of calls to an address that belongs to no endpoint.
    private func stranger(_ target: DialTarget) -> SIPEndpointSettings {
        SIPEndpointSettings(
            name: target.uri?.host ?? "", secret: "", context: Self.defaultContext, symmetricRTP: false)
    }

    func targets(of target: DialTarget, _ destination: String) throws(DialRefusal) -> [CallTarget] {
        if let uri = target.uri {
            guard !uri.isSecure else { throw .unknownDestination(destination) }
            return [CallTarget(uri: uri)]
        }
        let name = target.endpoint ?? ""
        if let provider = directory[name]?.settings.provider, provider.registration != .inbound {
            // One that doesn't answer is given up at once, so that another can be tried.
            guard providers[name]?.isReachable ?? false else { throw .notRegistered(destination) }
            return [CallTarget(provider, number: target.user)]
        }
        let targets = devices(of: name, user: target.user)
        guard !targets.isEmpty else { throw .notRegistered(destination) }
        return targets
    }

    /// Whether a line to a provider has as many calls as it may have.
    func isFull(_ endpoint: SIPEndpoint) -> Bool {
        endpoint.settings.provider.map { $0.maxCalls > 0 && endpoint.callCount >= $0.maxCalls } ?? false
    }

    /// The registered devices of an endpoint, the preferred ones first; `user` is who to ask for there.
    ///
    /// A device that keeps several flows open is called over the one that it refreshed last (RFC 5626 section 5.1).
    func devices(of endpoint: String, user: String? = nil) -> [CallTarget] {
        let bindings = registrations.bindings(of: endpoint)
        let latest = Dictionary(grouping: bindings.filter { $0.regID != nil }, by: \.instanceID).mapValues { flows in
            flows.max { ($0.expiresAt, $0.id) < ($1.expiresAt, $1.id) }?.id
        }
        return bindings.filter { $0.regID == nil || latest[$0.instanceID] == $0.id }.compactMap { callTarget($0, user: user) }
    }

    func callTarget(_ binding: RegistrarBinding, user: String?) -> CallTarget? {
        guard var uri = binding.uri else { return nil }
        if let user { uri.user = user }
        return CallTarget(binding, at: uri)
    }

    /// The codecs to offer: the wanted ones that the account allows, first the one that the calling channel has, so that nobody has to
    /// convert.
    private func codecs(_ settings: SIPEndpointSettings, _ request: OutboundRequest) -> [AudioCodec] {
        if !request.formats.isEmpty {
            return request.formats.compactMap { AudioCodec(formatName: $0) }.filter(settings.codecs.contains)
        }
        let caller = request.requesterID.flatMap { core.channels[$0]?.leg as? SIPLeg }
        guard let caller, caller.media.negotiated != nil, settings.codecs.contains(caller.media.codec) else { return settings.codecs }
        return [caller.media.codec] + settings.codecs.filter { $0 != caller.media.codec }
    }
}
