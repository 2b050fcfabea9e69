internal import Audio

/// Brings frames to a leg's rate and packet time, and encodes them. Exists only while a leg is sent audio made here.
struct AudioTransmitter: ~Copyable {
    /// Longest packet in milliseconds.
    private static let maxPacketMs = 60

    let codec: AudioCodec
    let ptimeMs: Int
    /// Tick at which something was sent last.
    var lastUseTick: UInt64
    private let packetSamples: Int
    private let encoder: G722Encoder?
    private var resampler: Resampler?
    private let pending: UnsafeMutablePointer<Int16>
    private let capacity: Int
    private(set) var pendingCount = 0

    init(codec: AudioCodec, ptimeMs: Int, tick: UInt64) {
        self.codec = codec
        self.ptimeMs = ptimeMs
        lastUseTick = tick
        packetSamples = codec.samplesPerFrame(ptimeMs: ptimeMs)
        encoder = codec == .g722 ? G722Encoder() : nil
        capacity = codec.samplesPerFrame(ptimeMs: Self.maxPacketMs) + Frame.count(atRate: codec.sampleRate) + 1
        pending = .allocate(capacity: capacity)
        pending.initialize(repeating: 0, count: capacity)
    }

    deinit { pending.deallocate() }

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
        guard pendingCount >= packetSamples, packetSamples > 0 else { return 0 }
        let count = codec.encode(pending, packetSamples, into: bytes, g722: encoder)
        pendingCount -= packetSamples
        pending.update(from: pending + packetSamples, count: pendingCount)
        return count
    }
}
