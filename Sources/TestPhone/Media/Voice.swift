import Audio
import RTP
import SDP

/// What one call says and hears: its source, its recording, and its digits.
final class Voice {
    struct DigitPacket {
        var payload: [UInt8]
        var payloadType: UInt8
        var marker: Bool
        var timestamp: UInt32
    }

    /// Digits heard beyond so many are not kept.
    static let maximumDigits = 10_000

    var onDigit: ((Character) -> Void)?
    private(set) var heard: HeardAudio?
    private(set) var digits: [Character] = []
    private var source: AudioSource
    private var frames: FrameSource?
    private var coder: VoiceCoder?
    /// By the payload type that arrives.
    private var decoders: [UInt8: VoiceCoder] = [:]
    private var eventPayloadTypes: (send: UInt8, receive: UInt8)?
    private var digitSender = DigitSender()
    private var digitReceiver = TelephoneEventReceiver()

    init(_ source: AudioSource) {
        self.source = source
        for codec in VoiceCoder.codecs { codec.staticPayloadType.map { decoders[$0] = VoiceCoder(codec) } }
    }

    /// Whether digits can be sent: the other side has telephone events (RFC 4733).
    var takesDigits: Bool { eventPayloadTypes != nil }

    /// Whether a piece of audio that is not repeated has been sent to its end.
    var hasFinishedSource: Bool { frames?.isFinished ?? false }

    func use(_ media: NegotiatedMedia, _ codec: AudioCodec) {
        if coder?.codec != codec {
            coder = VoiceCoder(codec)
            frames = FrameSource(source, sampleRate: codec.sampleRate)
        }
        for agreed in media.codecs {
            guard let codec = AudioCodec(encodingName: agreed.name, clockRate: agreed.clockRate),
                decoders[agreed.receivePayloadType]?.codec != codec
            else { continue }
            decoders[agreed.receivePayloadType] = VoiceCoder(codec)
        }
        eventPayloadTypes = media.telephoneEvent.map { ($0.sendPayloadType, $0.receivePayloadType) }
    }

    func play(_ source: AudioSource) {
        self.source = source
        frames = coder.map { FrameSource(source, sampleRate: $0.codec.sampleRate) }
    }

    // MARK: - Sending

    func nextFrame() -> [UInt8]? {
        guard let coder else { return nil }
        let count = coder.codec.samplesPerFrame(ptimeMs: MediaClock.packetMs)
        return frames.map { _ in coder.encode(frames?.next(count) ?? []) }
    }

    /// Sends keys one after another; `done` is called after the last, or when the call ends before.
    func press(_ events: [UInt8], durationMs: Int, gapMs: Int, done: @escaping () -> Void) {
        digitSender.press(events, durationMs: durationMs, gapMs: gapMs, done: done)
    }

    func nextDigit(at timestamp: UInt32) -> DigitPacket? {
        guard let types = eventPayloadTypes, let packet = digitSender.next(at: timestamp) else { return nil }
        var payload = [UInt8](repeating: 0, count: TelephoneEvent.byteCount)
        payload.withUnsafeMutableBytes { if let start = $0.baseAddress { packet.event.write(to: start) } }
        return DigitPacket(payload: payload, payloadType: types.send, marker: packet.marker, timestamp: packet.timestamp)
    }

    // MARK: - Receiving

    func receive(_ packet: RTPPacket, _ bytes: UnsafeRawBufferPointer, at nowMs: Int64) {
        let payload = packet.payload(in: bytes)
        if packet.header.payloadType == eventPayloadTypes?.receive {
            let digits = digitReceiver.receive(packet.header, payload: payload, at: nowMs)
            for digit in [digits.first, digits.second] { note(digit) }
            return
        }
        note(digitReceiver.expire(at: nowMs))
        guard let decoder = decoders[packet.header.payloadType], !payload.isEmpty else { return }
        record(decoder.decode(payload), packet.header, decoder.codec, at: nowMs)
    }

    private func record(_ samples: [Int16], _ header: RTPHeader, _ codec: AudioCodec, at nowMs: Int64) {
        var recording = heard ?? HeardAudio(sampleRate: codec.sampleRate, clockRate: codec.rtpClockRate)
        // The recording must not be held twice, or each packet would copy it.
        heard = nil
        let fitting =
            codec.sampleRate == recording.sampleRate
            ? samples : PCMAudio(samples: samples, sampleRate: codec.sampleRate).resampled(to: recording.sampleRate).samples
        recording.add(
            fitting, sequenceNumber: header.sequenceNumber, timestamp: header.timestamp, ssrc: header.ssrc, marker: header.marker, at: nowMs
        )
        heard = recording
    }

    private func note(_ digit: TelephoneEventReceiver.Digit?) {
        guard let digit, digits.count < Self.maximumDigits else { return }
        digits.append(digit.character)
        onDigit?(digit.character)
    }

    func close() {
        note(digitReceiver.finish())
        digitSender.giveUp()
    }
}
