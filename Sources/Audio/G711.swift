/// Converts between 16-bit linear audio and G.711 µ-law or A-law, one frame per call.
///
/// Bit-exact with the ITU-T G.711 companding rules. The pointers may not overlap, and each must hold `count` elements.
public enum G711 {
    /// Encodes `count` samples to µ-law bytes.
    public static func encodeMuLaw(_ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>) {
        let table = G711Tables.shared.muLawCodes
        for i in 0..<max(count, 0) {
            bytes[i] = table[Int(UInt16(bitPattern: pcm[i]) >> 2)]
        }
    }

    /// Decodes `count` µ-law bytes to samples.
    public static func decodeMuLaw(_ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>) {
        let table = G711Tables.shared.muLawLevels
        for i in 0..<max(count, 0) {
            pcm[i] = table[Int(bytes[i])]
        }
    }

    /// Encodes `count` samples to A-law bytes.
    public static func encodeALaw(_ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>) {
        let table = G711Tables.shared.aLawCodes
        for i in 0..<max(count, 0) {
            bytes[i] = table[Int(UInt16(bitPattern: pcm[i]) >> 4)]
        }
    }

    /// Decodes `count` A-law bytes to samples.
    public static func decodeALaw(_ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>) {
        let table = G711Tables.shared.aLawLevels
        for i in 0..<max(count, 0) {
            pcm[i] = table[Int(bytes[i])]
        }
    }
}
