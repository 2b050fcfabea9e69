import Crypto

/// The hashes that digest authentication needs; the only place that knows where they come from.
enum Hashing {
    // MD5 is what RFC 2617 clients speak; SHA-256 is offered before it.
    static func md5(_ bytes: [UInt8]) -> [UInt8] {
        var hash = Insecure.MD5()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    static func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: key))
        bytes.withUnsafeBytes { code.update(data: UnsafeRawBufferPointer($0)) }
        return Array(code.finalize())
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(UInt8.hexDigit(byte >> 4) | 0x20)
            text.append(UInt8.hexDigit(byte & 0x0F) | 0x20)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Compares in a time that depends on the lengths only.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for index in a.indices { difference |= a[index] ^ b[index] }
        return difference == 0
    }
}
