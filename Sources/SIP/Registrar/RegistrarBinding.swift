/// Where an address of record can be reached: one Contact of one registration (RFC 3261 10).
public struct RegistrarBinding: Sendable, Hashable {
    /// Names the binding for its life; refreshes keep it.
    public var id: UInt64
    /// The key the caller registers under.
    public var addressOfRecord: String
    /// The Contact as registered, with its parameters but without `expires` and without headers in the URI.
    public var contact: NameAddr
    /// The flow that the REGISTER came in on; its remote end is the address that reaches a phone behind an address translator.
    public var flow: SIPFlow
    /// Path values from the first hop to the last, to be sent as Route (RFC 3327).
    public var path: [String]
    public var userAgent: String?
    public var callID: String
    public var cseq: UInt32
    public var registeredAt: SIPInstant
    public var expiresAt: SIPInstant

    /// The SIP URI of the contact.
    public var uri: SIPURI? { contact.uri.sip }

    /// The preference in thousandths, 0...1000; 1000 when not told (RFC 3261 16.6, 20.10).
    public var qThousandths: Int { QValue.thousandths(contact.parameters["q"]) ?? QValue.maximum }

    /// The `+sip.instance` of the phone (RFC 5626 4.1), nil when it told none.
    public var instanceID: String? { contact.parameters["+sip.instance"] }

    /// The `reg-id` of the flow (RFC 5626 4.2), nil when it told none.
    public var regID: Int? { contact.parameters["reg-id"]?.decimal(maximum: 0x7FFF_FFFF) }

    /// The seconds that are left, rounded up.
    public func remainingSeconds(at now: SIPInstant) -> Int {
        (expiresAt.milliseconds(since: now) &+ 999) / 1000
    }
}

/// `qvalue` (RFC 3261 25.1): 0 to 1 with up to three decimals.
enum QValue {
    static let maximum = 1000

    /// Reads a value in thousandths; nil when absent or malformed.
    static func thousandths(_ text: String?) -> Int? {
        guard let text else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ String($0).decimal(maximum: 1) }) else { return nil }
        guard parts.count == 2 else { return parts.count == 1 ? whole * maximum : nil }
        let decimals = String(parts[1])
        guard decimals.utf8.count <= 3 else { return nil }
        let padded = decimals + String(repeating: "0", count: 3 - decimals.utf8.count)
        guard let thousandths = padded.decimal(maximum: 999), whole * maximum + thousandths <= maximum else { return nil }
        return whole * maximum + thousandths
    }
}
