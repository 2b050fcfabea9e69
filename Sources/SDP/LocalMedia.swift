/// A coding that this side can send and receive.
public struct CodecOffer: Sendable, Hashable {
    /// Encoding name such as `PCMU`; compared without case.
    public var name: String
    /// Rate of the RTP timestamps in Hz (8000 for G722).
    public var clockRate: Int
    public var channels: Int
    /// Payload type in offers; nil for the static one, or a free dynamic one.
    public var payloadType: UInt8?
    /// Format parameters to say in the description.
    public var fmtp: String?

    public init(name: String, clockRate: Int, channels: Int = 1, payloadType: UInt8? = nil, fmtp: String? = nil) {
        self.name = name
        self.clockRate = clockRate
        self.channels = channels
        self.payloadType = payloadType
        self.fmtp = fmtp
    }
}

/// Whose order of codecs decides when both sides have several in common.
public enum CodecOrder: Sendable, Hashable {
    /// The order of the other side's description.
    case remote
    /// The order of `LocalMedia.codecs`.
    case local
}

/// How many codecs an answer names.
public enum AnsweredCodecs: Sendable, Hashable {
    /// Only the one that will be used, so that the other side doesn't change it in mid-call.
    case first
    /// All that both sides have.
    case all
}

/// What this side can do with one stream of audio: the input of offers and answers.
public struct LocalMedia: Sendable, Hashable {
    /// Numeric address at which media is received.
    public var address: String
    /// RTP port at which media is received.
    public var port: Int
    /// Codecs in the order in which they are preferred.
    public var codecs: [CodecOffer]
    public var codecOrder: CodecOrder
    public var answeredCodecs: AnsweredCodecs
    /// Whether RFC 4733 events are offered and answered.
    public var telephoneEvents: Bool
    /// Payload type of telephone events in offers; further ones for other clock rates get free types.
    public var telephoneEventPayloadType: UInt8
    /// Packet time wished for, 10...60 ms.
    public var ptimeMs: Int
    /// Longest packet that is taken, in ms; nil to say nothing.
    public var maxptimeMs: Int?
    /// Flow wished for, as this side sees it.
    public var direction: MediaDirection
    /// Transport of offers.
    public var transport: String
    /// Transports that are answered, compared without case.
    public var acceptedTransports: Set<String>
    public var rtcpMux: Bool
    /// Whether the section is named, and joins what shares its transport (RFC 9143).
    public var isBundled = false
    /// Extensions of RTP headers that are offered and answered, by their names.
    public var headerExtensions: [String] = []
    /// User name, session and first version of the o= line; later versions follow from the previous description.
    public var username: String
    public var sessionID: UInt64
    public var sessionVersion: UInt64
    public var sessionName: String
    /// Further attributes of the session and of the audio section (ICE, fingerprint, crypto), written as they are.
    public var sessionAttributes: [SDPAttribute]
    public var mediaAttributes: [SDPAttribute]

    public init(
        address: String, port: Int, codecs: [CodecOffer], codecOrder: CodecOrder = .remote,
        answeredCodecs: AnsweredCodecs = .first, telephoneEvents: Bool = true, telephoneEventPayloadType: UInt8 = 101,
        ptimeMs: Int = 20, maxptimeMs: Int? = nil, direction: MediaDirection = .sendrecv, transport: String = "RTP/AVP",
        acceptedTransports: Set<String> = ["RTP/AVP"], rtcpMux: Bool = false, username: String = "-", sessionID: UInt64,
        sessionVersion: UInt64 = 1, sessionName: String = "-", sessionAttributes: [SDPAttribute] = [],
        mediaAttributes: [SDPAttribute] = []
    ) {
        self.address = address
        self.port = port
        self.codecs = codecs
        self.codecOrder = codecOrder
        self.answeredCodecs = answeredCodecs
        self.telephoneEvents = telephoneEvents
        self.telephoneEventPayloadType = telephoneEventPayloadType
        self.ptimeMs = ptimeMs
        self.maxptimeMs = maxptimeMs
        self.direction = direction
        self.transport = transport
        self.acceptedTransports = acceptedTransports
        self.rtcpMux = rtcpMux
        self.username = username
        self.sessionID = sessionID
        self.sessionVersion = sessionVersion
        self.sessionName = sessionName
        self.sessionAttributes = sessionAttributes
        self.mediaAttributes = mediaAttributes
    }
}
