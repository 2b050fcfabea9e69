import CSpandsp

/// Files of GSM 06.10 full rate speech: frames of 33 bytes, 160 samples at 8 kHz each.
enum GSMFullRate {
    static let frameBytes = 33
    static let frameSamples = 160
    /// spandsp's name for frames of 33 bytes (RFC 3551 section 4.5.8); its macro is not imported.
    private static let packing: Int32 = 2

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

    /// Encodes whole frames; what is left at the end is filled up with silence.
    static func encode(_ samples: [Int16]) -> [UInt8] {
        let frames = (samples.count + frameSamples - 1) / frameSamples
        guard frames > 0, let state = gsm0610_init(nil, packing) else { return [] }
        defer { gsm0610_free(state) }
        let padded = samples + [Int16](repeating: 0, count: frames * frameSamples - samples.count)
        return [UInt8](unsafeUninitializedCapacity: frames * frameBytes) { bytes, filled in
            guard let to = bytes.baseAddress else { return }
            filled = min(bytes.count, max(0, Int(gsm0610_encode(state, to, padded, Int32(clamping: padded.count)))))
        }
    }
}
