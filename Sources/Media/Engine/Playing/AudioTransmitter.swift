internal import Audio

/// Brings frames to a leg's rate and packet time, and encodes them. Exists only while a leg is sent audio made here.
struct AudioTransmitter: ~Copyable {
    /// Longest packet in milliseconds and bytes.
    private static let maxPacketMs = 60
    static let maxPacketBytes = 192_000 / 100 * 2

    private let codec: AudioCodec
    private let opus: OpusParameters
    private let ptimeMs: Int
    /// Tick at which something was sent last.
    var lastUseTick: UInt64
    private let packetSamples: Int
    /// RTP timestamp units in a packet.
    let packetUnits: UInt32
    private let encoder: PacketEncoder?
    private var resampler: Resampler?
    private let pending: UnsafeMutablePointer<Int16>
    private let capacity: Int
    private(set) var pendingCount = 0

    init(_ stream: StreamSettings, tick: UInt64) {
        codec = stream.codec
        opus = stream.opus
        ptimeMs = Int(stream.ptimeMs)
        lastUseTick = tick
        packetSamples = codec.samplesPerFrame(ptimeMs: ptimeMs)
        packetUnits = codec.timestampStep(ptimeMs: ptimeMs)
        encoder = PacketEncoder(codec, opus: stream.opus)
        capacity = codec.samplesPerFrame(ptimeMs: Self.maxPacketMs) + Frame.count(atRate: codec.sampleRate) + 1
        pending = .allocate(capacity: capacity)
        pending.initialize(repeating: 0, count: capacity)
    }

    deinit { pending.deallocate() }

    /// Tells whether packets made here are such as a stream wants.
    func fits(_ stream: StreamSettings) -> Bool { codec == stream.codec && ptimeMs == Int(stream.ptimeMs) && opus == stream.opus }

    /// Prepares for a loss of packets on the way, 0...1.
    func expectLoss(_ fraction: Double) { encoder?.expectLoss(percent: Int((fraction * 100).rounded(.up))) }

    /// Adds a frame of any rate.
    mutating func append(_ frame: Frame) {
        let room = min(capacity - pendingCount, Frame.count(atRate: codec.sampleRate))
        guard frame.rate != codec.sampleRate else {
            let count = min(room, frame.count)
            (pending + pendingCount).update(from: frame.samples, count: count)
            pendingCount += count
            return
        }
        if resampler?.inputRate != frame.rate { resampler = Resampler(from: frame.rate, to: codec.sampleRate) }
        let made = resampler?.process(frame.samples, frame.count, into: pending + pendingCount, capacity: room).produced ?? 0
        (pending + pendingCount + made).update(repeating: 0, count: room - made)
        pendingCount += room
    }

    /// Fills what is pending up to a whole packet with silence.
    mutating func pad() {
        guard pendingCount > 0, pendingCount < packetSamples else { return }
        (pending + pendingCount).update(repeating: 0, count: packetSamples - pendingCount)
        pendingCount = packetSamples
    }

    /// Encodes one packet's worth; gives the number of bytes, 0 when less than a packet is pending.
    mutating func encodePacket(into bytes: UnsafeMutablePointer<UInt8>) -> Int {
        guard pendingCount >= packetSamples, packetSamples > 0, let encoder else { return 0 }
        let count = encoder.encode(pending, packetSamples, into: bytes, capacity: Self.maxPacketBytes)
        pendingCount -= packetSamples
        pending.update(from: pending + packetSamples, count: pendingCount)
        return count
    }
}
