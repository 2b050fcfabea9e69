/// Reads of big-endian numbers. The caller has checked that they lie inside; a mistake would stop the process, never read outside.
extension UnsafeRawBufferPointer {
    func big16(_ offset: Int) -> UInt16 {
        UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    func big32(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

extension [UInt8] {
    mutating func appendBig16(_ value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func appendBig32(_ value: UInt32) {
        appendBig16(UInt16(truncatingIfNeeded: value >> 16))
        appendBig16(UInt16(truncatingIfNeeded: value))
    }
}
