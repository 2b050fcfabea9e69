internal import RTP

/// Tells the control side what happened on a port; trivial, unlike `MediaEvent`.
struct PortEvent: Sendable {
    enum Kind: Sendable {
        case digit(event: UInt8, durationMs: Int)
        case playbackFinished(token: UInt64, positionMs: Int)
        case digitsSent(token: UInt64)
        case rtpTimedOut
        case firstPacket
        case talkingStarted
        case talkingFinished(durationMs: Int)
        case toneDetected(outgoing: Bool)
        case audioTapped
        /// The media thread let go of the place; nothing follows for it.
        case released
    }

    var port: PortID
    var kind: Kind

    /// Gives what the port's owner is told; nil for what concerns the engine only.
    var mediaEvent: MediaEvent? {
        switch kind {
        case .digit(let event, let durationMs): TelephoneEvent.digit(ofEvent: event).map { .digit($0, durationMs: durationMs) }
        case .playbackFinished(let token, let positionMs): .playbackFinished(token: token, positionMs: positionMs)
        case .digitsSent(let token): .digitsSent(token: token)
        case .rtpTimedOut: .rtpTimedOut
        case .firstPacket: .firstPacket
        case .talkingStarted: .talkingStarted
        case .talkingFinished(let durationMs): .talkingFinished(durationMs: durationMs)
        case .toneDetected(let outgoing): .toneDetected(outgoing: outgoing)
        case .audioTapped: .audioTapped
        case .released: nil
        }
    }
}

/// A datagram of ICE or DTLS that came to a port.
struct PortDatagram: Sendable {
    var port: PortID
    var datagram: TransportDatagram
}
