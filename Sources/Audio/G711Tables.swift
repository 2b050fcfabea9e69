/// Holds the companding tables of G.711.
///
/// µ-law looks at the upper 14 bits of a sample and A-law at the upper 12, so tables of 16384 and 4096 codes are exact.
// Raw pointers, because a global array costs a bounds check per sample. @unchecked Sendable: the memory is written
// once in init, is never written or freed afterwards, and lives as long as the process.
struct G711Tables: @unchecked Sendable {
    static let shared = G711Tables()

    let muLawCodes: UnsafePointer<UInt8>
    let muLawLevels: UnsafePointer<Int16>
    let aLawCodes: UnsafePointer<UInt8>
    let aLawLevels: UnsafePointer<Int16>

    private init() {
        muLawCodes = Self.table(16384) { Self.muLawCode(Int16(truncatingIfNeeded: $0 << 2)) }
        muLawLevels = Self.table(256) { Self.muLawLevel(UInt8(truncatingIfNeeded: $0)) }
        aLawCodes = Self.table(4096) { Self.aLawCode(Int16(truncatingIfNeeded: $0 << 4)) }
        aLawLevels = Self.table(256) { Self.aLawLevel(UInt8(truncatingIfNeeded: $0)) }
    }

    private static func table<T>(_ count: Int, _ entry: (Int) -> T) -> UnsafePointer<T> {
        let memory = UnsafeMutablePointer<T>.allocate(capacity: count)
        for i in 0..<count { (memory + i).initialize(to: entry(i)) }
        return UnsafePointer(memory)
    }

    /// Compands a sample: sign, 3 bits of segment, 4 bits of step, all inverted. Negative values use the one's complement.
    static func muLawCode(_ sample: Int16) -> UInt8 {
        let bias = 33, largest = 0x1FFF
        let magnitude = min((Int(sample < 0 ? ~sample : sample) >> 2) + bias, largest)
        let segment = max(Int.bitWidth - magnitude.leadingZeroBitCount - 6, 0)
        let step = (magnitude >> (segment + 1)) & 0xF
        let code = UInt8(truncatingIfNeeded: segment << 4 | step) | (sample < 0 ? 0x80 : 0)
        return ~code
    }

    static func muLawLevel(_ code: UInt8) -> Int16 {
        let plain = ~code
        let segment = Int(plain >> 4) & 7
        let magnitude = ((Int(plain & 0xF) << 3) + 0x84) << segment - 0x84
        return Int16(truncatingIfNeeded: plain & 0x80 != 0 ? -magnitude : magnitude)
    }

    /// Compands a sample: sign (set for positive), 3 bits of segment, 4 bits of step, even bits inverted.
    static func aLawCode(_ sample: Int16) -> UInt8 {
        let magnitude = Int(sample < 0 ? ~sample : sample) >> 4
        let segment = max(Int.bitWidth - magnitude.leadingZeroBitCount - 4, 0)
        let step = segment > 1 ? (magnitude >> (segment - 1)) & 0xF : magnitude & 0xF
        let code = UInt8(truncatingIfNeeded: segment << 4 | step) | (sample < 0 ? 0 : 0x80)
        return code ^ 0x55
    }

    static func aLawLevel(_ code: UInt8) -> Int16 {
        let plain = code ^ 0x55
        let segment = Int(plain >> 4) & 7
        let step = Int(plain & 0xF)
        let magnitude = segment == 0 ? step << 4 + 8 : ((step + 16) << 4 + 8) << (segment - 1)
        return Int16(truncatingIfNeeded: plain & 0x80 != 0 ? magnitude : -magnitude)
    }
}
