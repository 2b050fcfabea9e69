import Audio
import CallCore
import Media
import RTP
import SDP
import SIP
import SecureMedia

/// Why a session description can't be accepted; the response is 488.
struct MediaRefusal: Error, CustomStringConvertible {
    let description: String
}

/// What a leg's audio is made with.
struct LegMediaSettings {
    /// The address told in descriptions.
    var address: String
    /// The address to receive at.
    var bindHost: String
    /// Where the far end's signalling comes from.
    var peerHost: String
    /// Those to offer or accept in order; at least one.
    var codecs: [AudioCodec]
    var sendsEvents: Bool
    var isSymmetric: Bool
    /// How audio may be carried.
    var encryption: MediaEncryption
    /// Whether the far end is called, and we offer first.
    var isOfferer: Bool
    /// Where browsers may reach the port, the preferred address first.
    var candidateHosts: [String]
    var sessionID: UInt64
}

/// The audio of one leg: its port, and what was agreed on with the far end.
@CallActor
final class LegMedia {
    /// Payload type of telephone events in our offers.
    private static let telephoneEventPayloadType: UInt8 = 101

    let port: any RTPPort
    private let settings: LegMediaSettings
    private let environment: SecureMediaEnvironment?
    private let local: LocalMedia
    /// Our descriptions sent last, whose sections, payload types and version later ones follow; one for each way to carry audio until the
    /// far end has chosen.
    private var ours: [MediaSecurity: SessionDescription] = [:]
    private(set) var security = MediaSecurity.none
    private(set) var negotiated: NegotiatedMedia?
    /// What is sent: the codec agreed on, before that the one preferred.
    private(set) var codec: AudioCodec
    private(set) var isStarted = false
    private var remote: MediaAddress?
    private var transport: SecureTransport?
    /// Where ICE found the far end.
    private var selected: MediaAddress?
    private var sdes = SDESExchange()
    /// Told when there is no way to the far end any more.
    var onFailure: (@CallActor (TransportFailure) -> Void)?

    /// Opens a port.
    init(
        plane: any MediaPlane, settings: LegMediaSettings, environment: SecureMediaEnvironment?,
        events: @escaping @CallActor (MediaEvent) -> Void
    ) throws {
        let peer = settings.isSymmetric ? MediaAddress(host: settings.peerHost, port: 0) : nil
        let relay = DatagramRelay()
        port = try plane.openRTP(localHost: settings.bindHost, forPeer: peer) { event in
            CallActor.assumeIsolated {
                if case .datagram(let datagram) = event { relay.media?.transport?.received(datagram) } else { events(event) }
            }
        }
        self.settings = settings
        self.environment = environment
        codec = settings.codecs.first ?? .pcmu
        local = LocalMedia(
            address: settings.address, port: port.localAddress.port, codecs: settings.codecs.map(CodecOffer.init),
            telephoneEvents: settings.sendsEvents, telephoneEventPayloadType: Self.telephoneEventPayloadType,
            // Only Opus has longer packets than are kept here.
            maxptimeMs: settings.codecs.contains(.opus) ? 60 : nil,
            // Some phones read it as a signed number.
            sessionID: settings.sessionID >> 2, sessionName: "Arioso")
        relay.media = self
    }

    /// Whether the far end wants to hear nothing.
    var isHeld: Bool { negotiated?.isHeldByRemote ?? false }

    /// Whether digits can be sent as telephone events.
    var sendsEvents: Bool { negotiated?.telephoneEvent != nil }

    var remoteAddress: MediaAddress? { remote }

    /// Finds out where the port is seen from outside, where a STUN server is set and audio may be carried by WebRTC; then goes on.
    func prepare(for security: MediaSecurity, _ goOn: @escaping @CallActor () -> Void) {
        guard security == .dtls, let server = environment?.stunServer(), let transport = try? secureTransport(),
            server.isIPv6 == port.localAddress.isIPv6
        else { return goOn() }
        transport.findReflexiveAddress(at: server) { [weak self] in
            self?.renewAnswer()
            goOn()
        }
    }

    /// Our description by now.
    var description: [UInt8]? { ours[security]?.encode() }

    /// Puts candidates that were found since into an answer that was not sent yet.
    private func renewAnswer() {
        guard let index = negotiated?.mediaIndex, security == .dtls, var answer = ours[.dtls], answer.media.indices.contains(index),
            let all = try? secureTransport().attributes(isOffer: false).filter({ $0.name == "candidate" })
        else { return }
        let kept = answer.media[index].attributes.filter { $0.name != "candidate" && $0.name != "end-of-candidates" }
        answer.media[index].attributes = kept + all + [SDPAttribute("end-of-candidates")]
        ours[.dtls] = answer
    }

    // MARK: - Offers and answers

    /// Makes our offer, or a new one that follows the description before.
    ///
    /// - Parameter wanted: How audio is to be carried; nil for as it is, or for plain RTP where that is allowed.
    func offer(_ wanted: MediaSecurity? = nil) throws(MediaRefusal) -> [UInt8] {
        let security = wanted ?? (negotiated == nil ? settings.encryption.security(over: .udp) : security)
        let attributes = try attributes(of: security, isOffer: true)
        let offer = OfferAnswer.makeOffer(local: local(security, attributes), previous: ours[security])
        ours[security] = offer
        return offer.encode()
    }

    /// Answers an offer.
    func answer(_ offer: [UInt8]) throws(MediaRefusal) -> [UInt8] {
        let description = try Self.parse(offer)
        let (section, chosen) = try acceptable(description)
        try takeTransport(description.transport(of: description.media[section]), chosen, isOffer: true)
        let local = local(chosen, try attributes(of: chosen, isOffer: false))
        do {
            let answer = try OfferAnswer.answer(offer: description, section: section, local: local, previous: ours[chosen])
            ours = [chosen: answer.description]
            security = chosen
            take(answer.media)
            return answer.description.encode()
        } catch {
            throw MediaRefusal(description: error.description)
        }
    }

    /// Takes the answer to our latest offer of a kind.
    func accept(_ answer: [UInt8], to offered: MediaSecurity? = nil) throws(MediaRefusal) {
        let kind = offered ?? security
        guard let offer = ours[kind] else { return }
        let description = try Self.parse(answer)
        let media: NegotiatedMedia
        do {
            media = try OfferAnswer.negotiated(from: description, to: offer, local: local(kind, []))
        } catch {
            throw MediaRefusal(description: error.description)
        }
        try takeTransport(description.transport(of: description.media[media.mediaIndex]), kind, isOffer: false)
        security = kind
        take(media)
    }

    private static func parse(_ bytes: [UInt8]) throws(MediaRefusal) -> SessionDescription {
        do {
            return try SessionDescription(parsing: bytes)
        } catch {
            throw MediaRefusal(description: error.description)
        }
    }

    private func take(_ media: NegotiatedMedia) {
        negotiated = media
        if let known = AudioCodec(encodingName: media.codec.name, clockRate: media.codec.clockRate) { codec = known }
        if isStarted { configure() }
    }

    // MARK: - How audio is carried

    /// Finds the first audio with a codec of ours that can be carried as the account allows, and how.
    private func acceptable(_ offer: SessionDescription) throws(MediaRefusal) -> (section: Int, MediaSecurity) {
        var reason = "no audio is offered"
        for (index, section) in offer.media.enumerated() where section.media == "audio" && !section.isDeclined {
            guard let security = MediaSecurity(section, of: offer) else {
                reason = "audio is offered over \(section.transport) without what that needs: keys, or ICE, rtcp-mux and a fingerprint"
                continue
            }
            guard settings.encryption.allows(security) else {
                reason = "audio over \(section.transport) is not allowed here: the account's media encryption is \(settings.encryption)"
                continue
            }
            do {
                try OfferAnswer.checkCodecs(of: section, local)
                return (index, security)
            } catch {
                reason = error.description
            }
        }
        throw MediaRefusal(description: reason)
    }

    private func local(_ security: MediaSecurity, _ attributes: [SDPAttribute]) -> LocalMedia {
        var local = local
        local.transport = security.offeredTransport
        local.mediaAttributes = attributes
        if security == .dtls {
            local.rtcpMux = true
            local.isBundled = true
            local.headerExtensions = HeaderExtensions.uris
            // Where losses are to be expected, the codec that mends them comes first.
            local.codecs = local.codecs.filter { $0.name == "opus" } + local.codecs.filter { $0.name != "opus" }
        }
        return local
    }

    private func attributes(of security: MediaSecurity, isOffer: Bool) throws(MediaRefusal) -> [SDPAttribute] {
        switch security {
        case .none: []
        case .sdes: sdes.attributes(isOffer: isOffer)
        case .dtls:
            // Without a stream, pages would get a track that belongs to nothing.
            try secureTransport().attributes(isOffer: isOffer) + [SDPAttribute("msid", "arioso audio")]
        }
    }

    private func takeTransport(_ remote: TransportDescription, _ security: MediaSecurity, isOffer: Bool) throws(MediaRefusal) {
        switch security {
        case .none: break
        case .sdes: protect(try sdes.take(remote.cryptos, isOffer: isOffer))
        case .dtls: try secureTransport().take(remote, isOffer: isOffer)
        }
    }

    private func protect(_ keys: SRTPKeys?) {
        guard let keys else { return }
        do {
            port.protect(try MediaProtection(keys))
        } catch {
            onFailure?(.keys(error.description))
        }
    }

    private func secureTransport() throws(MediaRefusal) -> SecureTransport {
        if let transport { return transport }
        guard let environment else { throw MediaRefusal(description: "OpenSSL offers no DTLS here: see the log of the start") }
        let made = SecureTransport(
            port: port, isOfferer: settings.isOfferer, candidates: candidates, environment: environment,
            tell: { [weak self] in self?.transportEvent($0) })
        transport = made
        return made
    }

    private var candidates: [ICECandidate] {
        settings.candidateHosts.enumerated().compactMap { order, host in
            NetworkAddress(host: host, port: UInt16(clamping: port.localAddress.port)).map { ICECandidate(own: .host, $0, order: order) }
        }
    }

    private func transportEvent(_ event: SecureTransportEvent) {
        switch event {
        case .selected(let address):
            selected = MediaAddress(address)
            if isStarted { configure() }
        case .secured(let protection): port.protect(protection)
        case .failed(let failure): onFailure?(failure)
        }
    }

    // MARK: - The port

    /// Lets audio flow as agreed; later agreements take effect at once.
    func start() {
        guard !isStarted, negotiated != nil else { return }
        isStarted = true
        configure()
    }

    private func configure() {
        guard let negotiated else { return }
        port.configure(stream(negotiated))
    }

    private func stream(_ media: NegotiatedMedia) -> MediaStream {
        var accepted: [UInt8: AudioCodec] = [:]
        for common in media.codecs {
            accepted[common.receivePayloadType] = AudioCodec(encodingName: common.name, clockRate: common.clockRate)
        }
        remote = security == .dtls ? selected : signalledRemote(media)
        var stream = MediaStream(
            remote: remote, codec: codec, payloadType: media.codec.sendPayloadType, acceptedPayloadTypes: accepted,
            telephoneEventPayloadType: media.telephoneEvent?.sendPayloadType, ptimeMs: media.ptimeMs, sends: media.direction.sends,
            receives: media.direction.receives, strictSource: !settings.isSymmetric || security == .dtls, rtcpMux: media.rtcpMux,
            remoteRTCP: security == .dtls ? nil : Self.unusualRTCP(media))
        stream.isProtected = security != .none
        stream.usesICE = security == .dtls
        stream.headerExtensions = HeaderExtensions(media)
        if codec == .opus { stream.opus = OpusParameters(parsing: media.codec.remoteParameters) }
        if let event = media.telephoneEvent { stream.telephoneEventClockRate = event.clockRate }
        return stream
    }

    /// Where the far end's description says to send to.
    private func signalledRemote(_ media: NegotiatedMedia) -> MediaAddress? {
        // A phone on hold may give no address; what it had stays, for the end of the hold.
        guard !NumericAddress.isWildcard(media.remoteAddress) else { return remote }
        return MediaAddress(host: media.remoteAddress, port: media.remotePort)
            ?? MediaAddress(host: settings.peerHost, port: media.remotePort)
    }

    /// Where RTCP goes when the far end wants it elsewhere than beside its RTP.
    private static func unusualRTCP(_ media: NegotiatedMedia) -> MediaAddress? {
        let isUsual = media.remoteRTCPAddress == media.remoteAddress && media.remoteRTCPPort == media.remotePort + 1
        guard !media.rtcpMux, !isUsual, !NumericAddress.isWildcard(media.remoteRTCPAddress) else { return nil }
        return MediaAddress(host: media.remoteRTCPAddress, port: media.remoteRTCPPort)
    }

    func close() {
        guard let transport else { return port.close() }
        transport.close { [port] in port.close() }
    }
}

/// Leads datagrams to a leg's media, which are made after the port.
@CallActor
private final class DatagramRelay {
    weak var media: LegMedia?
}

extension HeaderExtensions {
    private static let audioLevelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
    private static let absoluteSendTimeURI = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
    private static let midURI = "urn:ietf:params:rtp-hdrext:sdes:mid"

    /// The names of all, as descriptions have them.
    static let uris = [audioLevelURI, absoluteSendTimeURI, midURI]

    /// Reads what was agreed on.
    init(_ media: NegotiatedMedia) {
        self.init()
        for map in media.headerExtensions {
            switch map.uri {
            case Self.audioLevelURI: audioLevel = map.number
            case Self.absoluteSendTimeURI: absoluteSendTime = map.number
            case Self.midURI: if let mid = media.mid { setMid(map.number, mid) }
            default: break
            }
        }
    }
}

extension CodecOffer {
    /// Describes a codec as offers and answers name it.
    init(_ codec: AudioCodec) {
        self.init(
            name: codec.encodingName, clockRate: codec.rtpClockRate, channels: codec.encodingChannels, payloadType: codec.staticPayloadType,
            fmtp: codec == .opus ? OpusParameters.fmtp : nil)
    }
}
