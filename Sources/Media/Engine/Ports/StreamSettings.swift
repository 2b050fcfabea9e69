internal import Audio
internal import RTP

/// Holds a `MediaStream` as a trivial value for the packet path.
struct StreamSettings: Sendable {
    /// One accepted payload type.
    struct Accepted: Sendable {
        var payloadType: UInt8
        var codec: AudioCodec
    }

    /// Bytes of payload that go through Ethernet, IPv6, UDP and RTP headers and a tunnel's in one piece.
    static let maxPayloadBytes = 1_400

    var remote: NetworkAddress?
    var remoteRTCP: NetworkAddress?
    var codec: AudioCodec
    var opus: OpusParameters
    var payloadType: UInt8
    var telephoneEventPayloadType: UInt8?
    var telephoneEventClockRate: Int
    var ptimeMs: UInt8
    var sends: Bool
    var receives: Bool
    var strictSource: Bool
    var rtcpMux: Bool
    var isProtected: Bool
    var usesICE: Bool
    var headerExtensions: HeaderExtensions
    /// As many as `MediaStream.maxAcceptedPayloadTypes`.
    private var accepted: InlineArray<8, Accepted>
    private var acceptedCount: Int

    init(_ stream: MediaStream) {
        remote = stream.remote?.network
        codec = stream.codec
        opus = stream.opus
        payloadType = stream.payloadType & 0x7f
        telephoneEventPayloadType = stream.telephoneEventPayloadType.map { $0 & 0x7f }
        telephoneEventClockRate = stream.telephoneEventClockRate
        ptimeMs = Self.packetMs(stream)
        sends = stream.sends
        receives = stream.receives
        strictSource = stream.strictSource
        rtcpMux = stream.rtcpMux
        isProtected = stream.isProtected
        usesICE = stream.usesICE
        headerExtensions = stream.isProtected ? stream.headerExtensions : HeaderExtensions()
        if let given = stream.remoteRTCP?.network {
            remoteRTCP = given
        } else if var control = remote {
            if !stream.rtcpMux { control.port = control.port == .max ? control.port : control.port + 1 }
            remoteRTCP = control
        }
        accepted = .init(repeating: Accepted(payloadType: payloadType, codec: codec))
        acceptedCount = 1
        for (type, codec) in stream.acceptedPayloadTypes.sorted(by: { $0.key < $1.key })
        where type <= 0x7f && type != payloadType && acceptedCount < accepted.count {
            accepted[acceptedCount] = Accepted(payloadType: type, codec: codec)
            acceptedCount += 1
        }
    }

    /// Tells whether telephone events of one stream are right in the other as they are; where one has none, they don't pass.
    func countsEvents(like other: StreamSettings) -> Bool {
        telephoneEventPayloadType == nil || other.telephoneEventPayloadType == nil
            || telephoneEventClockRate == other.telephoneEventClockRate
    }

    /// Brings the packet time to a multiple of 10 ms, so short that a packet fits into an Ethernet frame where possible.
    private static func packetMs(_ stream: MediaStream) -> UInt8 {
        var ms = (min(max(stream.ptimeMs, 10), 60) + 5) / 10 * 10
        while ms > 10, stream.codec.frameBytes(ptimeMs: ms) > maxPayloadBytes { ms -= 10 }
        // Opus has no packets of 30 or 50 ms (RFC 6716 section 2.1.4).
        if stream.codec == .opus, ms == 30 || ms == 50 { ms -= 10 }
        return UInt8(clamping: ms)
    }

    /// Finds what packets of a payload type hold; nil for one that was not negotiated.
    func codec(ofPayloadType type: UInt8) -> AudioCodec? {
        for index in 0..<acceptedCount where accepted[index].payloadType == type { return accepted[index].codec }
        return nil
    }

    /// Tells whether the leg is on hold.
    var isHeld: Bool { !sends || !receives }
}
