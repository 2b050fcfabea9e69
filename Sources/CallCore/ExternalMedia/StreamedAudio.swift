public import Audio
public import Media

/// The audio of a channel whose far end is a connection instead of RTP: what it hears comes out as coded frames of 20 ms, what the far end
/// sends goes in as bytes.
@CallActor
public final class StreamedAudio {
    public let codec: AudioCodec
    /// The port of the channel.
    public let port: any MediaPort
    /// What waits to be heard by the call.
    public let feed: AudioFeed
    /// The end of the pipe that is the far end.
    private let device: any MediaPort
    private let tap: AudioTap
    private let encoder: StreamEncoder
    private let decoder: StreamDecoder
    /// Half a sample that came last.
    private var oddByte: UInt8?
    private let relay: Relay

    /// Takes events of the far end's port to whoever streams, who comes into being later than the port.
    @CallActor
    private final class Relay {
        weak var audio: StreamedAudio?
        nonisolated init() {}
    }

    /// Called with each coded frame that the far end is to hear.
    public var onFrame: (([UInt8]) -> Void)?
    /// Called with each digit that the far end is to get.
    public var onDigit: ((Character, Int) -> Void)?

    /// Opens the ports.
    ///
    /// - Parameters:
    ///   - roomMs: milliseconds of what the far end sends that may wait.
    ///   - standingLimitMs: see `AudioFeed`.
    ///   - isLeg: whether the port is the channel's own, so that what happens there happens to the channel.
    /// - Throws: `MediaError` when there are no ports left.
    public init(for channel: Channel, codec: AudioCodec, roomMs: Int, standingLimitMs: Int?, isLeg: Bool = true) throws {
        guard let encoder = StreamEncoder(codec), let decoder = StreamDecoder(codec) else { throw MediaError.overloaded }
        self.codec = codec
        (self.encoder, self.decoder) = (encoder, decoder)
        let relay = Relay()
        let ports = try channel.core.media.openPipe(
            first: { [weak channel] event in
                if isLeg { CallActor.assumeIsolated { channel?.legMediaEvent(event) } }
            },
            second: { event in CallActor.assumeIsolated { relay.audio?.deviceEvent(event) } })
        (port, device) = ports
        self.relay = relay
        feed = AudioFeed(sampleRate: codec.sampleRate, roomMs: roomMs, standingLimitMs: standingLimitMs)
        tap = AudioTap(.said, sampleRate: codec.sampleRate, isLive: true) { _ in }
        relay.audio = self
    }

    /// Begins to carry audio both ways.
    public func start() {
        device.addTap(tap)
        device.play(.feed(feed), token: 0)
    }

    /// Takes what the far end sent; gives whether there was room for all of it.
    public func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard codec.isLinear, oddByte != nil || bytes.count % 2 == 1 else { return write(decoder.decode(bytes)) }
        var whole = (oddByte.map { [$0] } ?? []) + bytes
        oddByte = whole.count % 2 == 1 ? whole.removeLast() : nil
        return whole.withUnsafeBytes { write(decoder.decode($0)) }
    }

    private func write(_ samples: [Int16]) -> Bool {
        samples.withUnsafeBufferPointer { feed.write($0) } == samples.count
    }

    /// Sends a digit of the far end to the call.
    public func receiveDigit(_ digit: Character, durationMs: Int = 100) {
        device.sendDigits([DigitToSend(digit, durationMs: durationMs)], token: 0)
    }

    private func deviceEvent(_ event: MediaEvent) {
        switch event {
        case .audioTapped:
            let count = codec.samplesPerFrame(ptimeMs: 20)
            var waiting: [Int16] = []
            tap.read { waiting += $0 }
            waiting.withUnsafeBufferPointer { samples in
                for start in stride(from: 0, to: samples.count, by: count) {
                    onFrame?(encoder.encode(UnsafeBufferPointer(rebasing: samples[start..<min(start + count, samples.count)])))
                }
            }
        case .digit(let digit, let durationMs): onDigit?(digit, durationMs)
        default: break
        }
    }

    public func close() {
        onFrame = nil
        onDigit = nil
        port.close()
        device.close()
    }
}
