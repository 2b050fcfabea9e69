import CSpandsp

/// Files of GSM 06.10 full rate speech: frames of 33 bytes, 160 samples at 8 kHz each.
enum GSMFullRate {
    static let frameBytes = 33
    static let frameSamples = 160
    /// spandsp's name for frames of 33 bytes (RFC 3551 section 4.5.8); its macro is not imported.
    static let packing: Int32 = 2

    /// Decodes whole frames; an incomplete last one is left out.
    static func decode(_ bytes: [UInt8]) -> [Int16] {
        let frames = bytes.count / frameBytes
        guard frames > 0, let state = gsm0610_init(nil, packing) else { return [] }
        defer { gsm0610_free(state) }
        return [Int16](unsafeUninitializedCapacity: frames * frameSamples) { pcm, filled in
            guard let to = pcm.baseAddress else { return }
            filled = min(pcm.count, max(0, Int(gsm0610_decode(state, to, bytes, Int32(clamping: frames * frameBytes)))))
        }
    }
}

/// Encodes GSM 06.10, keeping what does not fill a frame for the next samples.
final class GSMEncoder {
    private let state: OpaquePointer
    private var pending: [Int16] = []

    /// Allocates a fresh encoder; nil when there is no memory.
    init?() {
        guard let state = gsm0610_init(nil, GSMFullRate.packing) else { return nil }
        self.state = state
    }

    deinit { gsm0610_free(state) }

    func encode(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        pending.append(contentsOf: samples)
        let frames = pending.count / GSMFullRate.frameSamples
        guard frames > 0 else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: frames * GSMFullRate.frameBytes) { bytes, filled in
            guard let to = bytes.baseAddress else { return }
            let count = Int32(clamping: frames * GSMFullRate.frameSamples)
            filled = min(bytes.count, max(0, Int(gsm0610_encode(state, to, pending, count))))
        }
        pending.removeFirst(frames * GSMFullRate.frameSamples)
        return bytes
    }

    /// Gives what is left as one more frame, filled up with silence.
    func finish() -> [UInt8] {
        guard !pending.isEmpty else { return [] }
        let silence = [Int16](repeating: 0, count: GSMFullRate.frameSamples - pending.count)
        return silence.withUnsafeBufferPointer { encode($0) }
    }
}
