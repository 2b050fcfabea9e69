import CSpandsp

/// Encodes 16 kHz audio to G.722 at 64 kbit/s.
///
/// One byte carries two samples. RTP counts its timestamps at 8 kHz (RFC 3551 section 4.5.2), so one byte is also one timestamp
/// unit. Holds the state of one direction of one call; not to be shared between threads.
public final class G722Encoder {
    private let state: OpaquePointer

    /// Allocates a fresh encoder; nil when there is no memory.
    public init?() {
        guard let state = g722_encode_init(nil, 64000, 0) else { return nil }
        self.state = state
    }

    deinit { g722_encode_free(state) }

    /// Forgets what was encoded before.
    public func reset() { g722_encode_init(state, 64000, 0) }

    /// Encodes `count` samples (an odd last one is left out) into `count / 2` bytes; returns the number of bytes.
    @discardableResult
    public func encode(_ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>) -> Int {
        guard count > 1 else { return 0 }
        return Int(g722_encode(state, bytes, pcm, Int32(clamping: count & ~1)))
    }
}

/// Decodes G.722 at 64 kbit/s to 16 kHz audio.
///
/// Holds the state of one direction of one call; not to be shared between threads.
public final class G722Decoder {
    private let state: OpaquePointer

    /// Allocates a fresh decoder; nil when there is no memory.
    public init?() {
        guard let state = g722_decode_init(nil, 64000, 0) else { return nil }
        self.state = state
    }

    deinit { g722_decode_free(state) }

    /// Forgets what was decoded before.
    public func reset() { g722_decode_init(state, 64000, 0) }

    /// Decodes `count` bytes into `2 * count` samples; returns the number of samples.
    @discardableResult
    public func decode(_ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>) -> Int {
        guard count > 0 else { return 0 }
        return Int(g722_decode(state, pcm, bytes, Int32(clamping: count)))
    }
}
