/// Makes and checks nonces without remembering any: each holds its time, and a code over that time and the source address.
struct DigestNonces: Sendable {
    enum Standing: Equatable {
        case fresh
        case expired
        /// Not made with this key for this source: forged, of an earlier process, or taken elsewhere.
        case foreign
    }

    private static let timeDigits = 16
    /// 128 bits of the code are beyond guessing.
    private static let codeBytes = 16

    let key: [UInt8]
    let lifetimeSeconds: Int

    func make(source: String, at now: SIPInstant) -> String {
        let digits = String(now.nanoseconds, radix: 16)
        let time = String(repeating: "0", count: Self.timeDigits - digits.utf8.count) + digits
        return time + code(time, source)
    }

    func standing(of nonce: String, source: String, at now: SIPInstant) -> Standing {
        let bytes = Array(nonce.utf8)
        guard bytes.count == Self.timeDigits + 2 * Self.codeBytes else { return .foreign }
        let time = String(decoding: bytes[..<Self.timeDigits], as: UTF8.self)
        guard let made = UInt64(time, radix: 16), Hashing.isEqual(nonce, time + code(time, source)) else { return .foreign }
        let expiry = SIPInstant(nanoseconds: made).advanced(byMs: lifetimeSeconds.multipliedReportingOverflow(by: 1000).partialValue)
        return now < expiry ? .fresh : .expired
    }

    private func code(_ time: String, _ source: String) -> String {
        Hashing.hex(Hashing.hmacSHA256(Array("\(time)|\(source)".utf8), key: key).prefix(Self.codeBytes))
    }
}
