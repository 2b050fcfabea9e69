/// Converts between 16-bit samples in memory and their bytes: in network order on RTP (L16, RFC 3551 section 4.5.11), low byte first in files.
public enum Linear16 {
    /// Writes `count` samples as `2 * count` bytes.
    public static func encode(
        _ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>, order: SampleOrder = .network
    ) {
        let raw = UnsafeMutableRawPointer(bytes)
        for i in 0..<max(count, 0) {
            raw.storeBytes(of: order == .network ? pcm[i].bigEndian : pcm[i].littleEndian, toByteOffset: i &* 2, as: Int16.self)
        }
    }

    /// Reads `count` samples from `2 * count` bytes.
    public static func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>, order: SampleOrder = .network
    ) {
        let raw = UnsafeRawPointer(bytes)
        for i in 0..<max(count, 0) {
            let word = raw.loadUnaligned(fromByteOffset: i &* 2, as: Int16.self)
            pcm[i] = order == .network ? Int16(bigEndian: word) : Int16(littleEndian: word)
        }
    }
}
