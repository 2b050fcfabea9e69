internal import Audio
internal import RTP

/// Brings frames to a leg's rate and packet time, and encodes them. Exists only while a leg is sent audio made here.
struct AudioTransmitter: ~Copyable {
    /// Longest packet in milliseconds and bytes.
    private static let maxPacketMs = 60
    static let maxPacketBytes = 192_000 / 100 * 2

    /// Frames of a lower rate before the encoder takes to it: 5 s.
    private static let patience = 5_000 / Frame.durationMs

    private let codec: AudioCodec
    private let opus: OpusParameters
    private let ptimeMs: Int
    /// Tick at which something was sent last.
    var lastUseTick: UInt64
    /// The rate at which audio is encoded: the codec's, or for Opus that of the frames, for making more of them than they hold is work for
    /// nothing.
    private var rate: Int
    private var packetSamples: Int
    /// Frames in a row of which a lower rate would hold all.
    private var framesBelow = 0
    private var expectedLossPercent = 0
    /// RTP timestamp units in a packet.
    let packetUnits: UInt32
    private var encoder: PacketEncoder?
    private var resampler: Resampler?
    private let pending: UnsafeMutablePointer<Int16>
    private let capacity: Int
    private(set) var pendingCount = 0

    init(_ stream: StreamSettings, tick: UInt64) {
        codec = stream.codec
        opus = stream.opus
        ptimeMs = Int(stream.ptimeMs)
        lastUseTick = tick
        rate = codec.sampleRate
        packetSamples = codec.samplesPerFrame(ptimeMs: ptimeMs)
        packetUnits = codec.timestampStep(ptimeMs: ptimeMs)
        capacity = codec.samplesPerFrame(ptimeMs: Self.maxPacketMs) + Frame.count(atRate: codec.sampleRate) + 1
        pending = .allocate(capacity: capacity)
        pending.initialize(repeating: 0, count: capacity)
    }

    deinit { pending.deallocate() }

    /// Tells whether packets made here are such as a stream wants.
    func fits(_ stream: StreamSettings) -> Bool { codec == stream.codec && ptimeMs == Int(stream.ptimeMs) && opus == stream.opus }

    /// Prepares for a loss of packets on the way, told in 256ths as reports do.
    mutating func expectLoss(fraction: UInt8) {
        expectedLossPercent = (Int(fraction) * 100 + 255) / 256
        encoder?.expectLoss(percent: expectedLossPercent)
    }

    /// Adds a frame of any rate.
    mutating func append(_ frame: Frame) {
        follow(frame.rate)
        let room = min(capacity - pendingCount, Frame.count(atRate: rate))
        guard frame.rate != rate else {
            let count = min(room, frame.count)
            (pending + pendingCount).update(from: frame.samples, count: count)
            pendingCount += count
            return
        }
        if resampler?.inputRate != frame.rate { resampler = Resampler(from: frame.rate, to: rate) }
        let made = resampler?.process(frame.samples, frame.count, into: pending + pendingCount, capacity: room).produced ?? 0
        (pending + pendingCount + made).update(repeating: 0, count: room - made)
        pendingCount += room
    }

    /// Chooses the rate of the encoder: that of the first frame, a higher one as soon as there is more to encode, a lower one when there has
    /// been less for a while.
    private mutating func follow(_ frameRate: Int) {
        guard codec == .opus else { return encoder == nil ? encode(at: codec.sampleRate) : () }
        let wanted = OpusEncoder.sampleRates.contains(frameRate) ? frameRate : codec.sampleRate
        framesBelow = wanted < rate ? framesBelow + 1 : 0
        guard encoder != nil else { return encode(at: wanted) }
        guard wanted != rate, pendingCount == 0, wanted > rate || framesBelow > Self.patience else { return }
        encode(at: wanted)
    }

    private mutating func encode(at newRate: Int) {
        rate = newRate
        resampler = nil
        framesBelow = 0
        packetSamples = newRate * ptimeMs / 1_000
        encoder = PacketEncoder(codec, opus: opus, opusRate: newRate)
        encoder?.expectLoss(percent: expectedLossPercent)
    }

    /// Fills what is pending up to a whole packet with silence.
    mutating func pad() {
        guard pendingCount > 0, pendingCount < packetSamples else { return }
        (pending + pendingCount).update(repeating: 0, count: packetSamples - pendingCount)
        pendingCount = packetSamples
    }

    /// How loud the next packet is (``HeaderExtensions/level(dBov:)``).
    var level: UInt8 { HeaderExtensions.level(dBov: AudioLevel.dBov(pending, min(packetSamples, pendingCount))) }

    /// Encodes one packet's worth; gives the number of bytes, 0 when less than a packet is pending.
    mutating func encodePacket(into bytes: UnsafeMutablePointer<UInt8>) -> Int {
        guard pendingCount >= packetSamples, packetSamples > 0, let encoder else { return 0 }
        let count = encoder.encode(pending, packetSamples, into: bytes, capacity: Self.maxPacketBytes)
        pendingCount -= packetSamples
        pending.update(from: pending + packetSamples, count: pendingCount)
        return count
    }
}
