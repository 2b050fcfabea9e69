internal import Audio
internal import RTP

/// Turns the packets of one source into a frame of audio per tick: jitter buffer, decoder, loss concealment.
///
/// Exists only while somebody needs decoded audio.
struct AudioReceiver: ~Copyable {
    /// Longest payload kept, in milliseconds of audio.
    private static let maxPacketMs = 60
    /// Bytes of the longest payload where its length does not follow from the time.
    private static let maxCodedBytes = 1_500
    /// Ticks without a pull after which what is kept is stale.
    private static let staleTicks: UInt64 = 3

    let codec: AudioCodec
    private(set) var lastPullTick: UInt64
    private var jitter: JitterBuffer
    private var concealer: LossConcealer
    private let decoder: PacketDecoder?
    private let queue: UnsafeMutablePointer<Int16>
    private let capacity: Int
    private var queued = 0

    init(codec: AudioCodec, tick: UInt64) {
        self.codec = codec
        lastPullTick = tick
        let payloadCapacity = codec == .opus ? Self.maxCodedBytes : codec.frameBytes(ptimeMs: Self.maxPacketMs)
        jitter = JitterBuffer(JitterBufferConfiguration(clockRate: codec.rtpClockRate, payloadCapacity: payloadCapacity))
        concealer = LossConcealer(sampleRate: codec.sampleRate)
        decoder = PacketDecoder(codec)
        capacity = Frame.count(atRate: codec.sampleRate) + codec.samplesPerFrame(ptimeMs: Self.maxPacketMs)
        queue = .allocate(capacity: capacity)
        queue.initialize(repeating: 0, count: capacity)
    }

    deinit { queue.deallocate() }

    /// Keeps an audio packet of `codec`.
    mutating func put(_ header: RTPHeader, _ payload: UnsafeRawBufferPointer, nowNs: UInt64) {
        let duration = codec.timestampUnits(in: payload)
        guard duration > 0 else { return }
        jitter.put(header, payload: payload, duration: duration, atUs: Int64(truncatingIfNeeded: nowNs / 1_000))
    }

    /// Notes a packet that holds no audio.
    mutating func skip(_ header: RTPHeader, nowNs: UInt64) {
        jitter.skip(header, atUs: Int64(truncatingIfNeeded: nowNs / 1_000))
    }

    /// Gives the next frame; nil while the source is silent.
    mutating func pull(_ arena: inout FrameArena, tick: UInt64, nowNs: UInt64) -> Frame? {
        if tick &- lastPullTick > Self.staleTicks {
            jitter.reset()
            queued = 0
        }
        lastPullTick = tick
        let wanted = Frame.count(atRate: codec.sampleRate)
        while queued < wanted, fill(nowNs: nowNs) {}
        guard queued > 0 else { return nil }
        let frame = arena.take(wanted)
        let given = min(queued, wanted)
        frame.update(from: queue, count: given)
        (frame + given).update(repeating: 0, count: wanted - given)
        queued -= given
        queue.update(from: queue + given, count: queued)
        return Frame(samples: frame, count: wanted, rate: codec.sampleRate)
    }

    /// Decodes or makes up one packet; false when there is nothing to play.
    private mutating func fill(nowNs: UInt64) -> Bool {
        let tail = queue + queued
        switch jitter.take(atUs: Int64(truncatingIfNeeded: nowNs / 1_000)) {
        case .frame(let frame):
            guard let bytes = frame.payload.baseAddress?.assumingMemoryBound(to: UInt8.self), let decoder else { return false }
            let count = decoder.decode(bytes, frame.payload.count, into: tail, capacity: capacity - queued)
            guard count > 0 else { return false }
            concealer.received(tail, count, discontinuity: frame.followsDrop)
            queued += count
        case .lost(let duration, let following):
            let count = min(capacity - queued, Int(duration) * codec.sampleRate / codec.rtpClockRate)
            guard count > 0 else { return false }
            guard let decoder, decoder.conceals else {
                concealer.conceal(into: tail, count)
                queued += count
                return true
            }
            let made = decoder.conceal(following: following, into: tail, count)
            guard made > 0 else { return false }
            concealer.received(tail, made)
            queued += made
        case .empty:
            return false
        }
        return true
    }
}
