/// A codec that both sides have, with the payload type of each direction.
public struct NegotiatedCodec: Sendable, Hashable {
    /// Name, rate and channels as this side's `CodecOffer` has them.
    public var name: String
    public var clockRate: Int
    public var channels: Int
    /// Payload type that the other side named: the one to send with.
    public var sendPayloadType: UInt8
    /// Payload type that this side named: the one that arrives.
    public var receivePayloadType: UInt8
    /// The other side's format parameters, to be kept when sending.
    public var remoteParameters: String?

    public init(
        name: String, clockRate: Int, channels: Int = 1, sendPayloadType: UInt8, receivePayloadType: UInt8,
        remoteParameters: String? = nil
    ) {
        self.name = name
        self.clockRate = clockRate
        self.channels = channels
        self.sendPayloadType = sendPayloadType
        self.receivePayloadType = receivePayloadType
        self.remoteParameters = remoteParameters
    }
}

/// What both sides agreed on for the audio stream.
public struct NegotiatedMedia: Sendable, Hashable {
    /// Index of the m= line.
    public var mediaIndex: Int
    /// Where to send RTP: numeric address or host name, and port.
    public var remoteAddress: String
    public var remotePort: Int
    /// Where to send RTCP.
    public var remoteRTCPAddress: String
    public var remoteRTCPPort: Int
    /// Codec to send with.
    public var codec: NegotiatedCodec
    /// All codecs that may arrive; `codec` is the first.
    public var codecs: [NegotiatedCodec]
    /// Telephone events; nil when the sides don't have them in common.
    public var telephoneEvent: NegotiatedCodec?
    /// Length of the packets to send, in ms.
    public var ptimeMs: Int
    /// Flow as this side sees it.
    public var direction: MediaDirection
    /// Whether the other side wants nothing from here (sendonly, inactive or 0.0.0.0).
    public var isHeldByRemote: Bool
    public var rtcpMux: Bool
    public var transport: String
    /// Extensions of RTP headers that both sides have.
    public var headerExtensions: [ExtensionMap] = []
    /// The name of the section; nil when it has none.
    public var mid: String?
}

/// An answer and what it means.
public struct Answer: Sendable, Hashable {
    public var description: SessionDescription
    public var media: NegotiatedMedia

    public init(description: SessionDescription, media: NegotiatedMedia) {
        self.description = description
        self.media = media
    }
}

/// Says why two descriptions don't come together; the response to such an offer is 488 (RFC 3261 section 13.3.1.3).
public enum NegotiationError: Error, Equatable, CustomStringConvertible {
    /// No audio section, or all of them with port 0.
    case noAudio
    /// Audio only over a transport that is not accepted here.
    case transportNotAccepted(String)
    /// None of the other side's codecs is known here.
    case noCommonCodec([String])
    /// Audio without an address to send to.
    case noAddress
    /// An answer that has no section for the audio that was offered.
    case answerLacksSection

    /// The SIP status that rejects the offer.
    public static let statusCode = 488

    public var description: String {
        switch self {
        case .noAudio: "no audio is offered"
        case .transportNotAccepted(let transport): "audio is only offered over \(transport), which is not accepted here"
        case .noCommonCodec(let names): "no codec in common with \(names.joined(separator: ", "))"
        case .noAddress: "audio has no connection address"
        case .answerLacksSection: "the answer has no audio section in the place of the one offered"
        }
    }
}
