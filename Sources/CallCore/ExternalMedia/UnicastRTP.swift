import ARIModel
import Audio
import Dialplan
import Media

/// Plain RTP to and from one address, without any signalling: `UnicastRTP/host:port/c(format)`.
///
/// The host is a numeric address. Where packets are received is in the variables UNICASTRTP_LOCAL_ADDRESS and UNICASTRTP_LOCAL_PORT.
@CallActor
final class UnicastRTP: ChannelTechnology {
    let name = "UnicastRTP"
    private unowned let core: CallCore

    init(core: CallCore) {
        self.core = core
    }

    func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> Channel {
        let parts = destination.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let remote = MediaAddress(parts[0]), remote.port > 0 else { throw .unknownDestination(destination) }
        let options = LetterOptions(parts.dropFirst().joined(separator: "/"))
        guard let codec = options.codec(formats: request.formats, default: .pcmu) else { throw .noCommonCodec }
        let channel = core.makeChannel(
            id: request.channelID, name: "UnicastRTP/\(parts[0])-\(core.nextNameSerial())", technology: name,
            setup: ChannelSetup(
                state: .down, isOutbound: true, location: DialplanLocation(context: "default", extension: "s"),
                requesterID: request.requesterID))
        do {
            let leg = try UnicastRTPLeg(channel: channel, remote: remote, codec: codec)
            core.attach(leg, to: channel)
            channel.setVariable("UNICASTRTP_LOCAL_ADDRESS", leg.localAddress.host)
            channel.setVariable("UNICASTRTP_LOCAL_PORT", String(leg.localAddress.port))
        } catch {
            channel.requestHangup(cause: .congestion, by: .silent)
            throw .noMedia("\(error)")
        }
        channel.dialName = "UnicastRTP/\(destination)"
        channel.publish()
        return channel
    }
}

/// The leg of a UnicastRTP channel; it answers itself.
@CallActor
final class UnicastRTPLeg: ChannelLeg {
    private weak var channel: Channel?
    private let rtp: any RTPPort
    private let stream: MediaStream
    let localAddress: MediaAddress
    var port: (any MediaPort)? { rtp }
    var sampleRate: Int { stream.codec.sampleRate }

    init(channel: Channel, remote: MediaAddress, codec: AudioCodec) throws {
        self.channel = channel
        stream = MediaStream(remote: remote, codec: codec, payloadType: codec.customaryPayloadType, strictSource: false)
        rtp = try channel.core.media.openRTP(localHost: try MediaAddress.localHost(toward: remote), forPeer: remote) {
            [weak channel] event in
            // A far side may have nothing to say for as long as it likes.
            guard event != .rtpTimedOut else { return }
            CallActor.assumeIsolated { channel?.legMediaEvent(event) }
        }
        localAddress = rtp.localAddress
    }

    func call() -> Bool {
        rtp.configure(stream)
        channel?.core.afterThisTurn { [weak channel] in channel?.legAnswered() }
        return true
    }

    func answer() {}
    func indicate(_ indication: ChannelIndication) {}
    func hangUp(cause: HangupCause) { rtp.close() }
}

extension AudioCodec {
    /// The payload type by which a side without signalling knows a format: the static one, or what Asterisk uses.
    fileprivate var customaryPayloadType: UInt8 {
        switch self {
        case .pcmu, .pcma, .g722: staticPayloadType ?? 96
        case .slin: 11
        case .slin16: 118
        case .opus: 107
        default: 96
        }
    }
}
