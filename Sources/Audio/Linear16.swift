/// Converts between 16-bit samples in memory and their big-endian bytes on RTP (L16, RFC 3551 section 4.5.11).
public enum Linear16 {
    /// Writes `count` samples as `2 * count` bytes in network byte order.
    public static func encode(_ pcm: UnsafePointer<Int16>, _ count: Int, into bytes: UnsafeMutablePointer<UInt8>) {
        let raw = UnsafeMutableRawPointer(bytes)
        for i in 0..<max(count, 0) {
            raw.storeBytes(of: pcm[i].bigEndian, toByteOffset: i &* 2, as: Int16.self)
        }
    }

    /// Reads `count` samples from `2 * count` bytes in network byte order.
    public static func decode(_ bytes: UnsafePointer<UInt8>, _ count: Int, into pcm: UnsafeMutablePointer<Int16>) {
        let raw = UnsafeRawPointer(bytes)
        for i in 0..<max(count, 0) {
            pcm[i] = Int16(bigEndian: raw.loadUnaligned(fromByteOffset: i &* 2, as: Int16.self))
        }
    }
}
