import Audio
import CallCore
import Media
import SDP
import SIP

/// Why a session description can't be accepted; the response is 488.
struct MediaRefusal: Error, CustomStringConvertible {
    let description: String
}

/// The audio of one leg: its port, and what was agreed on with the far end.
@CallActor
final class LegMedia {
    /// Payload type of telephone events in our offers.
    private static let telephoneEventPayloadType: UInt8 = 101

    let port: any RTPPort
    private var local: LocalMedia
    private let peerHost: String
    private let isSymmetric: Bool
    /// Our description sent last, whose sections, payload types and version later ones follow.
    private var ours: SessionDescription?
    private(set) var negotiated: NegotiatedMedia?
    /// What is sent: the codec agreed on, before that the one preferred.
    private(set) var codec: AudioCodec
    private(set) var isStarted = false
    private var remote: MediaAddress?

    /// Opens a port.
    ///
    /// - Parameters:
    ///   - address: where the far end reaches us, told in descriptions.
    ///   - bindHost: the address to receive at.
    ///   - peerHost: where the far end's signalling comes from.
    ///   - codecs: those to offer or accept in order; at least one.
    init(
        plane: any MediaPlane, address: String, bindHost: String, peerHost: String, codecs: [AudioCodec], sendsEvents: Bool,
        isSymmetric: Bool,
        sessionID: UInt64, events: @escaping @CallActor (MediaEvent) -> Void
    ) throws {
        let peer = isSymmetric ? MediaAddress(host: peerHost, port: 0) : nil
        port = try plane.openRTP(localHost: bindHost, forPeer: peer) { event in CallActor.assumeIsolated { events(event) } }
        self.peerHost = peerHost
        self.isSymmetric = isSymmetric
        codec = codecs.first ?? .pcmu
        local = LocalMedia(
            address: address, port: port.localAddress.port,
            codecs: codecs.map(CodecOffer.init),
            telephoneEvents: sendsEvents, telephoneEventPayloadType: Self.telephoneEventPayloadType,
            // Only Opus has longer packets than are kept here.
            maxptimeMs: codecs.contains(.opus) ? 60 : nil,
            // Some phones read it as a signed number.
            sessionID: sessionID >> 2, sessionName: "Arioso")
    }

    /// Whether the far end wants to hear nothing.
    var isHeld: Bool { negotiated?.isHeldByRemote ?? false }

    /// Whether digits can be sent as telephone events.
    var sendsEvents: Bool { negotiated?.telephoneEvent != nil }

    var remoteAddress: MediaAddress? { remote }

    // MARK: - Offers and answers

    /// Makes our offer, or a new one that follows the description before.
    func offer() -> [UInt8] {
        let offer = OfferAnswer.makeOffer(local: local, previous: ours)
        ours = offer
        return offer.encode()
    }

    /// Answers an offer.
    func answer(_ offer: [UInt8]) throws(MediaRefusal) -> [UInt8] {
        let description = try Self.parse(offer)
        do {
            let answer = try OfferAnswer.answer(offer: description, local: local, previous: ours)
            ours = answer.description
            take(answer.media)
            return answer.description.encode()
        } catch {
            throw MediaRefusal(description: error.description)
        }
    }

    /// Takes the answer to our latest offer.
    func accept(_ answer: [UInt8]) throws(MediaRefusal) {
        guard let ours else { return }
        let description = try Self.parse(answer)
        do {
            take(try OfferAnswer.negotiated(from: description, to: ours, local: local))
        } catch {
            throw MediaRefusal(description: error.description)
        }
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
        // A phone on hold may give no address; what it had stays, for the end of the hold.
        if !NumericAddress.isWildcard(media.remoteAddress) {
            remote = MediaAddress(host: media.remoteAddress, port: media.remotePort) ?? MediaAddress(host: peerHost, port: media.remotePort)
        }
        var accepted: [UInt8: AudioCodec] = [:]
        for common in media.codecs {
            accepted[common.receivePayloadType] = AudioCodec(encodingName: common.name, clockRate: common.clockRate)
        }
        var stream = MediaStream(
            remote: remote, codec: codec, payloadType: media.codec.sendPayloadType, acceptedPayloadTypes: accepted,
            telephoneEventPayloadType: media.telephoneEvent?.sendPayloadType, ptimeMs: media.ptimeMs, sends: media.direction.sends,
            receives: media.direction.receives, strictSource: !isSymmetric, rtcpMux: media.rtcpMux,
            remoteRTCP: Self.unusualRTCP(media))
        if codec == .opus { stream.opus = OpusParameters(parsing: media.codec.remoteParameters) }
        if let event = media.telephoneEvent { stream.telephoneEventClockRate = event.clockRate }
        return stream
    }

    /// Where RTCP goes when the far end wants it elsewhere than beside its RTP.
    private static func unusualRTCP(_ media: NegotiatedMedia) -> MediaAddress? {
        let isUsual = media.remoteRTCPAddress == media.remoteAddress && media.remoteRTCPPort == media.remotePort + 1
        guard !media.rtcpMux, !isUsual, !NumericAddress.isWildcard(media.remoteRTCPAddress) else { return nil }
        return MediaAddress(host: media.remoteRTCPAddress, port: media.remoteRTCPPort)
    }

    func close() {
        port.close()
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
