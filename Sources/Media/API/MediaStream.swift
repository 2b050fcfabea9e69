public import Audio
public import RTP

/// Describes what a leg negotiated with its peer: where packets go, what they hold, what is accepted.
public struct MediaStream: Sendable, Equatable {
    /// Where RTP is sent; nil until the peer's address is known (nothing is sent and nothing is accepted).
    public var remote: MediaAddress?
    /// Where RTCP is sent; nil takes the port above `remote`'s (RFC 3550 section 11), or `remote` itself with `rtcpMux`.
    public var remoteRTCP: MediaAddress?
    /// What is sent.
    public var codec: AudioCodec
    /// What the peer wants of Opus.
    public var opus = OpusParameters()
    /// The payload type that packets of `codec` are sent with, 0...127.
    public var payloadType: UInt8
    /// What is accepted, by payload type; at most `maxAcceptedPayloadTypes` are kept. Holds `codec`'s own as well.
    public var acceptedPayloadTypes: [UInt8: AudioCodec]
    /// Payload type of RFC 4733 telephone events, the same both ways; nil when the peer does not know them (digits are then sent as tones).
    public var telephoneEventPayloadType: UInt8?
    /// The rate in Hz in which telephone events count their length.
    public var telephoneEventClockRate = 8_000
    /// Milliseconds of audio in each sent packet, 10...60 in steps of 10; other values are brought to the nearest.
    public var ptimeMs: Int
    /// Whether packets are sent; false while the peer holds the call (`a=sendonly` or `a=inactive` from it).
    public var sends: Bool
    /// Whether packets are accepted; false while this side holds the call.
    public var receives: Bool
    /// Whether only packets from the host in `remote` are accepted. False for a peer known to be behind NAT: the first valid packet
    /// from its network decides, once, where packets come from and go to.
    public var strictSource: Bool
    /// Whether RTCP shares the RTP port (RFC 5761).
    public var rtcpMux: Bool
    /// Whether packets are SRTP; nothing is sent or accepted before `RTPPort.protect`.
    public var isProtected = false
    /// Whether `remote` was found by ICE; protected packets are then taken from anywhere, for they prove whose they are.
    public var usesICE = false
    /// What protected packets tell beside their payload.
    public var headerExtensions = HeaderExtensions()

    /// Payload types kept of `acceptedPayloadTypes`.
    public static let maxAcceptedPayloadTypes = 8

    /// Makes a stream that sends and receives; `acceptedPayloadTypes` always gets `payloadType` added.
    public init(
        remote: MediaAddress?, codec: AudioCodec, payloadType: UInt8, acceptedPayloadTypes: [UInt8: AudioCodec] = [:],
        telephoneEventPayloadType: UInt8? = nil, ptimeMs: Int = 20, sends: Bool = true, receives: Bool = true,
        strictSource: Bool = true, rtcpMux: Bool = false, remoteRTCP: MediaAddress? = nil
    ) {
        self.remote = remote
        self.remoteRTCP = remoteRTCP
        self.codec = codec
        self.payloadType = payloadType & 0x7f
        self.acceptedPayloadTypes = acceptedPayloadTypes
        self.acceptedPayloadTypes[payloadType & 0x7f] = codec
        self.telephoneEventPayloadType = telephoneEventPayloadType
        self.ptimeMs = ptimeMs
        self.sends = sends
        self.receives = receives
        self.strictSource = strictSource
        self.rtcpMux = rtcpMux
    }
}
