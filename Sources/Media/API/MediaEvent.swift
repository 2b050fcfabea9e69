/// Tells the control side what happened on a port.
public enum MediaEvent: Sendable, Equatable {
    /// A digit (`0`-`9`, `*`, `#`, `A`-`D`) was received and has ended.
    case digit(Character, durationMs: Int)
    /// The item given to `play` with this token ended by itself; its last frame has been sent.
    case playbackFinished(token: UInt64, positionMs: Int)
    /// The digits given to `sendDigits` with this token have been sent.
    case digitsSent(token: UInt64)
    /// No packet came for the configured time; told once, again only after packets came and stopped once more.
    case rtpTimedOut
    /// The first valid packet of the leg came.
    case firstPacket
    /// Talk began on the port (only with `setTalkDetection`).
    case talkingStarted
    /// Talk ended; the duration leaves the silence at its end out.
    case talkingFinished(durationMs: Int)
    /// A live tap (``AudioTap/isLive``) got audio.
    case audioTapped
    /// The tone of `setToneDetection` lasted long enough, in what the device hears (`outgoing`) or says; told once per tone.
    case toneDetected(outgoing: Bool)
    /// A datagram of ICE or DTLS came that passed the filter of the port.
    case datagram(TransportDatagram)
}
